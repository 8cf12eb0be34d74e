import { TotpRemoval } from "@carillon/contracts/http/factors";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { admitCode } from "../admission/admit.ts";
import { personOf } from "../caller.ts";
import { isStillPassword, provePassword } from "../prove-password.ts";
import { logged } from "../security-log.ts";
import { endWhatWasBefore } from "./factor-changed.ts";
import { hasTotp, useCode } from "./use-code.ts";

export const removeTotpRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/auth/totp",
    async ({ request }) => {
      const person = personOf(request);
      const { userId, credentialId } = person;
      const { password, code } = await readBody(request, TotpRemoval);
      requireNoQuery(request);
      await logged(deps, request, { event: "factor removal", subject: { user_id: userId } }, async () => {
        const proof = await provePassword(deps, request, person, password);
        if (!proof) throw wrongPassword();
        const { succeed } = await admitCode(deps, person);
        await change(deps, { userId, actor: "user" }, (current) =>
          removeTotp(deps, current, { proven: proof.hash, code, keep: credentialId }),
        );
        await succeed();
      });
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Remove the authenticator app and its recovery codes; ends every other session",
        tag: "Second factors",
        body: TotpRemoval,
        answers: { 204: "Removed" },
        errors: [409],
      }),
    },
  );

type Input = { proven: string; code: string; keep: string };

const wrongPassword = () => invalid({ pointer: "/password", detail: "is not your password" });

/** @throws Problem 409 without an app, 422 for a wrong or used code. */
async function removeTotp(deps: ApiDeps, change: Change, { proven, code, keep }: Input): Promise<void> {
  const { tx, userId } = change;
  if (!(await isStillPassword(change, proven))) throw wrongPassword();
  if (!(await hasTotp(change))) throw new Problem("conflict", "There is no authenticator app to remove.");
  if (!(await useCode(deps, change, code))) throw invalid({ pointer: "/code", detail: "is wrong or was used already" });
  await tx`delete from api.totp where user_id = ${userId}`;
  await tx`delete from api.recovery_codes where user_id = ${userId}`;
  await endWhatWasBefore(change, { keep });
}
