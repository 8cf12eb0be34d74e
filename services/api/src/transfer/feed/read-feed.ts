import { createHash } from "node:crypto";
import { zoneRelease } from "@carillon/calendar/zone";
import type { FeedKind } from "@carillon/contracts/http/feeds";
import { requireNoQuery, streamedResponse } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { countFeed } from "../../auth/index.ts";
import type { ApiDeps } from "../../deps.ts";
import { icsParts } from "../export/ics-parts.ts";
import { started } from "../export/started.ts";
import { feedSecretHash } from "./feed-secret.ts";

type Found = {
  user_id: string;
  id: string;
  kind: FeedKind;
  tag_id: string | null;
  tag: string | null;
  change_seq: number;
};

/** `GET /calendar/{secret}.ics`: the address alone opens the calendar, and is logged nowhere. */
export const readFeedRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/calendar/:secret",
    async ({ request, params }) => {
      const hash = feedSecretHash(params.secret);
      if (hash === null) throw notFound();
      requireNoQuery(request);
      const [feed] = await deps.sql<Found[]>`
        select f.user_id, f.id, f.kind, f.tag_id, g.name as tag, u.change_seq::float8 as change_seq
        from api.feeds f join api.users u on u.id = f.user_id
        left join api.tags g on g.user_id = f.user_id and g.id = f.tag_id
        where f.secret_hash = ${Buffer.from(hash)}`;
      if (!feed) throw notFound();
      await countFeed(deps, feed.id);
      const headers = { etag: etagOf(feed), "x-robots-tag": "noindex" };
      if (isKnown(request, headers.etag)) return new Response(null, { status: 304, headers });
      const name = feed.tag === null ? "Carillon" : `Carillon: ${feed.tag}`;
      const kind = feed.kind === "event" ? "VEVENT" : "VTODO";
      const parts = await started(icsParts(deps, feed.user_id, { name, kind, tagId: feed.tag_id }));
      return streamedResponse(parts, { headers: { ...headers, "content-type": "text/calendar; charset=utf-8" } });
    },
    { detail: { hide: true } },
  );

/** Changes with everything that the calendar is made of: the user's data, the feed, and the zones' rules. */
const etagOf = ({ kind, tag, change_seq }: Found): string =>
  `"${createHash("sha256").update([kind, tag, change_seq, zoneRelease()].join("\n")).digest("base64url").slice(0, 22)}"`;

const isKnown = (request: Request, etag: string): boolean =>
  (request.headers.get("if-none-match") ?? "").split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
