import { TotpState } from "@carillon/contracts/http/factors";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";

export const getTotpRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/auth/totp",
    async ({ request }) => {
      const { userId } = personOf(request);
      requireNoQuery(request);
      return toResponse(answer(200, await getTotp(deps, userId)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Whether sign-in asks for a code of an authenticator app",
        tag: "Second factors",
        answers: { 200: TotpState },
      }),
    },
  );

async function getTotp({ sql }: ApiDeps, userId: string): Promise<TotpState> {
  const [row] = await sql<[TotpState]>`
    select exists (select from api.totp where user_id = ${userId} and confirmed_at is not null) as enabled,
      (select count(*)::int4 from api.recovery_codes where user_id = ${userId}) as recovery_codes_left`;
  return row;
}
