import { TotpSecret, TotpStart } from "@carillon/contracts/http/factors";
import { answer, describe, readBody } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { isStillPassword, type Proof, provePassword } from "../prove-password.ts";
import { logged } from "../security-log.ts";
import { newTotpSecret, totpUri } from "./totp.ts";
import { hasTotp } from "./use-code.ts";

export const startTotpRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/totp",
    async ({ request }) => {
      const person = personOf(request);
      const body = await readInput(request, () => readBody(request, TotpStart));
      return logged(deps, request, { event: "factor start", subject: { user_id: person.userId } }, async () => {
        const proof = await provePassword(deps, request, person, body.password);
        return answerOnce(
          deps,
          request,
          body,
          async (change) => answer(200, await startTotp(deps, change, { proof, sessionId: person.credentialId })),
          { shownOnce: "This secret was already shown, and is shown only once. Start again." },
        );
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Start to set up an authenticator app: its secret, shown this once",
        description:
          "Sign-in asks for a code from the confirmation on, which takes the app's first code within 15 minutes.",
        tag: "Second factors",
        body: TotpStart,
        answers: { 200: TotpSecret },
        errors: [409],
        headers: { "Idempotency-Key": "A repeat answers 409, for 24 h: the secret is shown only once." },
      }),
    },
  );

type Input = { proof: Proof | null; sessionId: string };

/** A secret without effect until its first code; it replaces one that was not confirmed. @throws Problem 409 when there is an app. */
async function startTotp(deps: ApiDeps, change: Change, { proof, sessionId }: Input): Promise<TotpSecret> {
  const { tx, userId, now } = change;
  if (!proof || !(await isStillPassword(change, proof.hash)))
    throw invalid({ pointer: "/password", detail: "is not your password" });
  if (await hasTotp(change))
    throw new Problem("conflict", "There is an authenticator app already; remove it before you set up another one.");
  const secret = newTotpSecret();
  const sealed = Buffer.from(deps.seals.sealFactor(userId, secret));
  await tx`
    insert into api.totp (user_id, sealed_secret, created_at, session_id) values (${userId}, ${sealed}, ${now}, ${sessionId})
    on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at,
      session_id = excluded.session_id, last_step = null`;
  return { secret, uri: totpUri(secret, proof.email) };
}
