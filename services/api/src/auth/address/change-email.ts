import { EmailChange } from "@carillon/contracts/http/ways-back";
import { answer, describe, readBody } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { isWrittenEnough, writeLetter } from "../letters/write-letter.ts";
import { provePassword } from "../prove-password.ts";
import { tooMany } from "../rate-limit.ts";
import { logged } from "../security-log.ts";
import { accountOf, emailKeyOf } from "../user.ts";

export const changeEmailRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/email",
    async ({ request }) => {
      const person = personOf(request);
      const body = await readInput(request, () => readBody(request, EmailChange));
      const subject = { user_id: person.userId, account: accountOf(deps, body.new_email) };
      return logged(deps, request, { event: "address change asked", subject }, async () => {
        const proof = await provePassword(deps, request, person, body.password);
        return answerOnce(deps, request, body, async (change) => {
          await changeEmail(change, { proven: proof?.hash ?? null, newEmail: body.new_email.trim() });
          return answer(202);
        });
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Change your address: a link mailed to the new one confirms it",
        description:
          "The answer is the same for an address that another account has. The old address hears of it; it stays yours until the link is opened.",
        tag: "Accounts",
        body: EmailChange,
        answers: { 202: "A link is on its way to the new address" },
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

type Input = { proven: string | null; newEmail: string };

const hourSeconds = 3_600;

/** @throws Problem 422 when the password was wrong or the address is the present one, 429 above three changes an hour. */
async function changeEmail(change: Change, { proven, newEmail }: Input): Promise<void> {
  const { tx, userId } = change;
  const [user] = await tx<{ email_key: string | null }[]>`
    select email_key from api.users where id = ${userId} and password_hash = ${proven}`;
  if (!user) throw invalid({ pointer: "/password", detail: "is not your password" });
  const key = emailKeyOf(newEmail);
  if (key === null) throw invalid({ pointer: "/new_email", detail: "must be an e-mail address" });
  if (key === user.email_key) throw invalid({ pointer: "/new_email", detail: "is your address already" });
  if (await isWrittenEnough(change, ["email_change"])) throw tooMany(hourSeconds);
  // An address with a typing error must not be confirmed by a stranger: only the newest link opens, and no older one is mailed any more.
  await tx`
    update api.letters set ended_at = ${change.now}
    where user_id = ${userId} and kind = 'email_change' and ended_at is null`;
  await writeLetter(change, "email_change", { email: newEmail });
  await writeLetter(change, "email_change_asked");
}
