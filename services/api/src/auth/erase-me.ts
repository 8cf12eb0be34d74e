import { EraseMe } from "@carillon/contracts/http/auth";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { personOf } from "./caller.ts";
import { endAllCredentials } from "./end-credentials.ts";
import { isStillPassword, provePassword } from "./prove-password.ts";
import { logged } from "./security-log.ts";

export const eraseMeRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/auth/me",
    async ({ request }) => {
      const person = personOf(request);
      const { userId } = person;
      const { password } = await readBody(request, EraseMe);
      requireNoQuery(request);
      await logged(deps, request, { event: "account erasure", subject: { user_id: userId } }, async () => {
        const proof = await provePassword(deps, request, person, password);
        await change(deps, { userId, actor: "user" }, (current) => eraseMe(current, proof?.hash ?? null));
      });
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Erase your account and everything in it, permanently",
        tag: "Accounts",
        body: EraseMe,
        answers: { 204: "Erased" },
      }),
    },
  );

/**
 * Removes everything the user has. Only its events remain: the end of every credential and, last of
 * all, `user.erased`, on which the other services erase the user too. Earlier events held the
 * user's text, so they are removed, published or not.
 *
 * @throws Problem 422 when the password was wrong.
 */
export async function eraseMe(change: Change, proven: string | null): Promise<void> {
  const { tx, userId } = change;
  if (!(await isStillPassword(change, proven))) throw invalid({ pointer: "/password", detail: "is not your password" });
  await endAllCredentials(change, { keep: null });
  change.say({ type: "user.erased", entityId: userId, taskId: null, version: 0, changes: {}, more: {} });
  await tx`delete from api.outbox where user_id = ${userId}`;
  await tx`delete from api.users where id = ${userId}`;
}
