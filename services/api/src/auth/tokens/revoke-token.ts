import { answer, describe, isUuid, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { sayEnded } from "../end-credentials.ts";
import { logged } from "../security-log.ts";

export const revokeTokenRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/tokens/:id",
    async ({ request, params }) => {
      const { userId } = personOf(request);
      await logged(deps, request, { event: "token revocation", subject: { user_id: userId } }, () =>
        change(deps, { userId, actor: "user" }, async (current) => {
          await revokeToken(current, params.id);
          // After the token was found: a missing one is 404, whatever else is wrong.
          requireNoQuery(request);
        }),
      );
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Revoke an access token: it stops working everywhere at once",
        tag: "Access tokens",
        params: { id: "The token's id" },
        answers: { 204: "Revoked" },
        errors: [422],
      }),
    },
  );

/** Ends the user's token of that id. @throws Problem 404 when the user has none. */
export async function revokeToken(change: Change, id: string): Promise<void> {
  const { tx, userId } = change;
  if (!isUuid(id)) throw notFound();
  const ended = await tx<{ id: string }[]>`
    delete from api.tokens where user_id = ${userId} and id = ${id} returning id`;
  if (ended.length === 0) throw notFound();
  sayEnded(change, ended);
}
