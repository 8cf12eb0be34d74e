import { PasswordChange } from "@carillon/contracts/http/auth";
import { answer, describe, readBody } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { personOf } from "./caller.ts";
import { endAllCredentials } from "./end-credentials.ts";
import { writeLetter } from "./letters/write-letter.ts";
import { type Proof, provePassword } from "./prove-password.ts";
import { logged } from "./security-log.ts";
import { requireStrongPassword } from "./user.ts";

export const changePasswordRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/password",
    async ({ request }) => {
      const person = personOf(request);
      const body = await readInput(request, () => readBody(request, PasswordChange));
      const event = { event: "password change", subject: { user_id: person.userId } } as const;
      return logged(deps, request, event, async () => {
        const proof = await provePassword(deps, request, person, body.current_password);
        const hash = proof === null ? null : await hashNew(deps, proof, body.new_password);
        return answerOnce(deps, request, body, async (change) => {
          await changePassword(change, { proven: proof?.hash ?? null, hash, keep: person.credentialId });
          return answer(204);
        });
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Change your password; ends every other session and all access tokens",
        tag: "Accounts",
        body: PasswordChange,
        answers: { 204: "Changed" },
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** @throws Problem 422 for a common password. */
async function hashNew(deps: ApiDeps, { email, hashCaller }: Proof, password: string): Promise<string> {
  requireStrongPassword(password, { email, pointer: "/new_password" });
  return deps.passwords.hash(password, hashCaller);
}

type Input = { proven: string | null; hash: string | null; keep: string };

/**
 * Replaces the proven hash and ends every credential but the session to `keep`.
 * @throws Problem 422 when the current password was wrong, or was changed in the meantime.
 */
export async function changePassword(change: Change, { proven, hash, keep }: Input): Promise<void> {
  const { tx, userId } = change;
  const done = await tx`
    update api.users set password_hash = ${hash} where id = ${userId} and password_hash = ${proven}`;
  if (done.count === 0) throw invalid({ pointer: "/current_password", detail: "is not your password" });
  await endAllCredentials(change, { keep });
  await writeLetter(change, "password_changed");
}
