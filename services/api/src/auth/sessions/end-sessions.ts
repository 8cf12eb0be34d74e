import { answer, describe, isUuid, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { sayEnded } from "../end-credentials.ts";
import { logged } from "../security-log.ts";

export const endSessionRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/sessions/:id",
    async ({ request, params }) => {
      const { userId } = personOf(request);
      await logged(deps, request, { event: "session end", subject: { user_id: userId } }, () =>
        change(deps, { userId, actor: "user" }, async (current) => {
          await endSession(current, params.id);
          // After the session was found: what is not there is 404, whatever else is wrong.
          requireNoQuery(request);
        }),
      );
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "End one session: it is over everywhere at once, with its open streams",
        tag: "Accounts",
        params: { id: "The session's id" },
        answers: { 204: "Ended" },
        errors: [422],
      }),
    },
  );

export const endOtherSessionsRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/sessions",
    async ({ request }) => {
      const { userId, credentialId } = personOf(request);
      requireNoQuery(request);
      await logged(deps, request, { event: "session end", subject: { user_id: userId } }, () =>
        change(deps, { userId, actor: "user" }, (current) => endOthers(current, credentialId)),
      );
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "End every session but this one; access tokens go on",
        tag: "Accounts",
        answers: { 204: "Ended" },
        errors: [422],
      }),
    },
  );

/** Ends the user's session of that id. @throws Problem 404 when the user has none. */
async function endSession(change: Change, id: string): Promise<void> {
  const { tx, userId } = change;
  if (!isUuid(id)) throw notFound();
  const ended = await tx<{ id: string }[]>`
    delete from api.sessions where user_id = ${userId} and id = ${id} returning id`;
  if (ended.length === 0) throw notFound();
  sayEnded(change, ended);
}

async function endOthers(change: Change, keep: string): Promise<void> {
  const { tx, userId } = change;
  sayEnded(
    change,
    await tx<{ id: string }[]>`delete from api.sessions where user_id = ${userId} and id <> ${keep} returning id`,
  );
}
