import { type Feed, FeedList } from "@carillon/contracts/http/feeds";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { personOf } from "../../auth/caller.ts";
import type { ApiDeps } from "../../deps.ts";

export const listFeedsRoute = ({ sql }: ApiDeps) =>
  new Elysia().get(
    "/api/feeds",
    async ({ request }) => {
      const { userId } = personOf(request);
      requireNoQuery(request);
      const rows = await sql<(Omit<Feed, "created_at"> & { created_at: Date })[]>`
        select f.id, f.kind, g.name as tag, f.created_at from api.feeds f
        left join api.tags g on g.user_id = f.user_id and g.id = f.tag_id
        where f.user_id = ${userId} order by f.created_at, f.id`;
      const data = rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
      return toResponse(answer(200, { data } satisfies FeedList));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Your calendars to subscribe to, without their addresses",
        tag: "Import and export",
        answers: { 200: FeedList },
      }),
    },
  );
