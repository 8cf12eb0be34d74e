import { Forgot } from "@carillon/contracts/http/ways-back";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { admitSignUp, arrivalOf } from "../admission/admit.ts";
import { logged } from "../security-log.ts";
import { accountOf, emailKeyOf } from "../user.ts";

export const forgotRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/forgot",
    async ({ request }) => {
      const { email } = await readBody(request, Forgot);
      requireNoQuery(request);
      const event = { event: "way back asked", subject: { account: accountOf(deps, email) } } as const;
      await logged(deps, request, event, async () => {
        await admitSignUp(deps, arrivalOf(deps, request));
        await noteForgotten(deps, email);
      });
      return toResponse(answer(202));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Ask for a link that sets a new password",
        description:
          "Same answer, after the same work, whether the address has an account or not. The link holds for an hour.",
        tag: "Accounts",
        body: Forgot,
        answers: { 202: "If there is such an account, a mail is on its way" },
        auth: false,
      }),
    },
  );

/** The question alone is written down, so that no answer is slower where there is an account; who is meant is looked up when mail is sent. */
async function noteForgotten({ sql, newId, clock }: ApiDeps, email: string): Promise<void> {
  // No address has this key: what is no address is asked for in vain, and takes as long.
  const key = emailKeyOf(email) ?? "";
  await sql`insert into api.forgotten (id, email_key, created_at) values (${newId()}, ${key}, ${clock.now()})`;
}
