import { type Identity, IdentityList } from "@carillon/contracts/http/identities";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { type IdentityRow, identityColumns, toIdentity } from "./identity-row.ts";

export const listIdentitiesRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/identities",
    async ({ request }) => {
      const { userId } = personOf(request);
      requireNoQuery(request);
      return toResponse(answer(200, { data: await listIdentities(deps, userId) } satisfies IdentityList));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Your accounts at the OpenID provider that open this one, the newest first",
        tag: "Second factors",
        answers: { 200: IdentityList },
      }),
    },
  );

async function listIdentities({ sql, provider = null }: ApiDeps, userId: string): Promise<Identity[]> {
  const rows = await sql<IdentityRow[]>`
    select ${identityColumns(sql)} from api.identities where user_id = ${userId} order by created_at desc, id desc`;
  return rows.map((row) => toIdentity(row, provider));
}
