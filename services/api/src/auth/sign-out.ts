import { answer, describe } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import { nothing, readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { personOf } from "./caller.ts";
import { sayEnded } from "./end-credentials.ts";
import { logged } from "./security-log.ts";

export const signOutRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/logout",
    async ({ request }) => {
      const { userId, credentialId } = personOf(request);
      const body = await readInput(request, nothing);
      return logged(deps, request, { event: "sign-out", subject: { user_id: userId } }, () =>
        answerOnce(deps, request, body, async (change) => {
          await signOut(change, credentialId);
          return answer(204);
        }),
      );
    },
    {
      parse: "none",
      detail: describe({
        summary: "Sign out: this session ends everywhere at once",
        tag: "Accounts",
        answers: { 204: "Signed out" },
        errors: [400, 422],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** Ends one session. Ending it twice publishes it once. */
export async function signOut(change: Change, sessionId: string): Promise<void> {
  const { tx, userId } = change;
  const ended = await tx<{ id: string }[]>`
    delete from api.sessions where user_id = ${userId} and id = ${sessionId} returning id`;
  sayEnded(change, ended);
}
