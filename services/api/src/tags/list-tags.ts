import { ListTags, TagPage } from "@carillon/contracts/http/tags";
import { answer, describe, readQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { nameKeyOf, type TagRow, toTag } from "./tag-row.ts";

export const listTagsRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tags",
    async ({ request }) =>
      toResponse(answer(200, await listTags(deps, callerOf(request).userId, readQuery(request, ListTags)))),
    {
      parse: "none",
      detail: describe({
        summary: "Your tags, alphabetically",
        tag: "Tags",
        query: ListTags,
        answers: { 200: TagPage },
      }),
    },
  );

type Query = { prefix?: string; limit?: number; cursor?: string };

/** One page of the user's tags; `prefix` is for autocomplete and ignores case. */
export async function listTags(
  { sql, seals }: ApiDeps,
  userId: string,
  { prefix = "", limit = 50, cursor }: Query,
): Promise<TagPage> {
  const scope = `tags ${userId} ${prefix}`;
  const after = cursor === undefined ? null : seals.openCursor<string>(scope, cursor);
  const key = nameKeyOf(prefix);
  const rows = await sql<(TagRow & { name_key: string })[]>`
    select id, name, name_key, color, version, created_at, updated_at from api.tags
    where user_id = ${userId}
      ${key === "" ? sql`` : sql`and starts_with(name_key, ${key})`}
      ${after === null ? sql`` : sql`and name_key collate "C" > ${after}`}
    order by name_key collate "C" limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(toTag),
    next_cursor: rows.length > limit && last ? seals.sealCursor(scope, last.name_key) : null,
  };
}
