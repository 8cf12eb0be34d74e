import { answer, describe } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { nothing, readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { stopOf } from "../../mail/index.ts";
import { personOf } from "../caller.ts";
import { isWrittenEnough, writeLetter } from "../letters/write-letter.ts";
import { tooMany } from "../rate-limit.ts";
import { logged } from "../security-log.ts";
import { isProven } from "./proof.ts";

export const resendProofRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/verify/resend",
    async ({ request }) => {
      const { userId } = personOf(request);
      const body = await readInput(request, nothing);
      return logged(deps, request, { event: "address proof asked", subject: { user_id: userId } }, () =>
        answerOnce(deps, request, body, async (change) => {
          await resendProof(deps, change);
          return answer(202);
        }),
      );
    },
    {
      parse: "none",
      detail: describe({
        summary: "Mail the link that proves your address again",
        description: "Three times an hour. For an address that was proven, and that mail reaches, nothing is mailed.",
        tag: "Accounts",
        answers: { 202: "A mail is on its way, unless the address was proven already" },
        errors: [400, 422],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

const hourSeconds = 3_600;

/** @throws Problem 429 above three links an hour. */
async function resendProof(deps: ApiDeps, change: Change): Promise<void> {
  const { tx, userId } = change;
  const [user] = await tx<{ email: string; is_proven: boolean }[]>`
    select u.email, ${isProven(tx, "u")} as is_proven from api.users u where u.id = ${userId}`;
  if (!user || (user.is_proven && (await stopOf(deps, tx, user.email)) === null)) return;
  if (await isWrittenEnough(change, ["verify"])) throw tooMany(hourSeconds);
  await writeLetter(change, "verify");
}
