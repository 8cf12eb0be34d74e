import { MailState } from "@carillon/contracts/http/auth";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { stopOf } from "./stop-address.ts";

export const showMailRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/auth/mail",
    async ({ request }) => {
      requireNoQuery(request);
      return toResponse(answer(200, await showMail(deps, callerOf(request).userId)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Whether mail reaches you",
        description:
          "`stopped` says why nothing is sent to your address: mail bounced, or was reported as unwanted. A link from POST /api/auth/verify/resend that is opened ends that.",
        tag: "Accounts",
        answers: { 200: MailState },
        errors: [422],
      }),
    },
  );

async function showMail(deps: ApiDeps, userId: string): Promise<MailState> {
  const [user] = await deps.sql<{ email: string }[]>`select email from api.users where id = ${userId}`;
  const stop = user ? await stopOf(deps, deps.sql, user.email) : null;
  return { stopped: stop && { reason: stop.reason, since: stop.created_at.toISOString() } };
}
