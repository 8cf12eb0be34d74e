import { ListTokens, TokenPage } from "@carillon/contracts/http/auth";
import { answer, describe, readQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { type TokenRow, tokenColumns, tokenEnd, toToken } from "./token-row.ts";

export const listTokensRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tokens",
    async ({ request }) => {
      const { userId } = personOf(request);
      return toResponse(answer(200, await listTokens(deps, userId, readQuery(request, ListTokens))));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Your active access tokens, newest first",
        tag: "Access tokens",
        query: ListTokens,
        answers: { 200: TokenPage },
      }),
    },
  );

type Query = { limit?: number; cursor?: string };

/** One page of the user's active tokens. Ids ascend with time (UUIDv7), so they are the order. */
export async function listTokens(deps: ApiDeps, userId: string, { limit = 50, cursor }: Query): Promise<TokenPage> {
  const { sql, seals, clock } = deps;
  const scope = `tokens ${userId}`;
  const below = cursor === undefined ? null : seals.openCursor<string>(scope, cursor);
  const rows = await sql<TokenRow[]>`
    select ${tokenColumns(sql)} from api.tokens
    where user_id = ${userId} and ${tokenEnd(sql)} > ${clock.now()}
      ${below === null ? sql`` : sql`and id < ${below}`}
    order by id desc limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(toToken),
    next_cursor: rows.length > limit && last ? seals.sealCursor(scope, last.id) : null,
  };
}
