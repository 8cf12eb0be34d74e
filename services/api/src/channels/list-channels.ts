import { ChannelList } from "@carillon/contracts/http/channels";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { personOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { type ChannelRow, toChannel } from "./channel-row.ts";
import { mailChannelIfOn } from "./mail-channel.ts";

export const listChannelsRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/channels",
    async ({ request }) => {
      const { userId } = personOf(request);
      requireNoQuery(request);
      return toResponse(answer(200, await listChannels(deps, userId)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Where your reminders go",
        tag: "Channels",
        answers: { 200: ChannelList },
      }),
    },
  );

async function listChannels(deps: ApiDeps, userId: string): Promise<ChannelList> {
  const mail = await mailChannelIfOn(deps.sql, userId);
  const rows = await deps.sql<ChannelRow[]>`
    select user_id, id, kind, name, sealed, events, created_at from api.channels
    where user_id = ${userId} order by created_at, id`;
  const [key] = await deps.sql<{ public_key: string | null }[]>`select public_key from api.push_key`;
  const data = [...(mail ? [mail] : []), ...rows.map((row) => toChannel(deps, row))];
  return { data, next_cursor: null, push_key: key?.public_key ?? null };
}
