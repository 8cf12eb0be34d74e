import { RecoveryCodes, TotpConfirm } from "@carillon/contracts/http/factors";
import { answer, describe, readBody } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { admitCode } from "../admission/admit.ts";
import { personOf } from "../caller.ts";
import { logged } from "../security-log.ts";
import { endWhatWasBefore } from "./factor-changed.ts";
import { keepRecoveryCodes, newRecoveryCodes } from "./recovery-codes.ts";
import { stepOf } from "./totp.ts";
import { openSecret } from "./use-code.ts";

/** Setting up an app may take this long. */
const setUpMinutes = 15;

export const confirmTotpRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/totp/confirm",
    async ({ request }) => {
      const person = personOf(request);
      const body = await readInput(request, () => readBody(request, TotpConfirm));
      return logged(deps, request, { event: "factor set up", subject: { user_id: person.userId } }, async () => {
        const { succeed } = await admitCode(deps, person);
        const response = await answerOnce(
          deps,
          request,
          body,
          async (change) =>
            answer(200, await confirmTotp(deps, change, { code: body.code, sessionId: person.credentialId })),
          { shownOnce: "The recovery codes were already shown, and are shown only once." },
        );
        if (response.ok) await succeed();
        return response;
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Confirm an authenticator app by its first code; ends every other session",
        description:
          "From now on sign-in asks for a code. The ten recovery codes each replace one, and are shown this once.",
        tag: "Second factors",
        body: TotpConfirm,
        answers: { 200: RecoveryCodes },
        errors: [409],
        headers: { "Idempotency-Key": "A repeat answers 409, for 24 h: the codes are shown only once." },
      }),
    },
  );

type Input = { code: string; sessionId: string };

/** The recovery codes. @throws Problem 409 when nothing waits for a code of this session, 422 for a wrong one. */
async function confirmTotp(deps: ApiDeps, change: Change, { code, sessionId }: Input): Promise<RecoveryCodes> {
  const { tx, userId, now } = change;
  const [app] = await tx<{ sealed_secret: Uint8Array }[]>`
    select sealed_secret from api.totp where user_id = ${userId} and session_id = ${sessionId} and confirmed_at is null
      and created_at > ${now}::timestamptz - make_interval(mins => ${setUpMinutes})`;
  const secret = app ? openSecret(deps, userId, app.sealed_secret) : null;
  if (secret === null)
    throw new Problem("conflict", "No authenticator app waits for its first code; start to set one up.");
  const step = stepOf(secret, code.replace(/[\s-]/g, ""), now);
  if (step === null) throw invalid({ pointer: "/code", detail: "is not the code that the app shows now" });
  await tx`update api.totp set confirmed_at = ${now}, last_step = ${step} where user_id = ${userId}`;
  const codes = newRecoveryCodes();
  await keepRecoveryCodes(change, codes);
  await endWhatWasBefore(change, { keep: sessionId });
  return { recovery_codes: codes };
}
