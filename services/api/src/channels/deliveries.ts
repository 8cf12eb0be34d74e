import { type Delivery, DeliveryPage, ListDeliveries } from "@carillon/contracts/http/channels";
import type { Db, Row } from "@carillon/kit/database";
import { answer, describe, isUuid, readQuery, toResponse } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { personOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import type { channelSends } from "../schema/channels.ts";
import { requireChannel } from "./channel-row.ts";
import { isMail } from "./mail-channel.ts";

export const listDeliveriesRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/channels/:id/deliveries",
    async ({ request, params }) => {
      const { userId } = personOf(request);
      if (!isUuid(params.id)) throw notFound();
      if (!isMail(userId, params.id)) await requireChannel(deps, userId, params.id);
      return toResponse(answer(200, await listDeliveries(deps, userId, params.id, readQuery(request, ListDeliveries))));
    },
    {
      parse: "none",
      detail: describe({
        summary: "What went to a channel within 30 days, the newest first, and what became of it",
        tag: "Channels",
        params: { id: "The channel's id" },
        query: ListDeliveries,
        answers: { 200: DeliveryPage },
      }),
    },
  );

export type DeliveryRow = Pick<
  Row<typeof channelSends>,
  | "id"
  | "about"
  | "event_type"
  | "task_id"
  | "state"
  | "reason"
  | "attempts"
  | "status_code"
  | "detail"
  | "created_at"
  | "sent_at"
  | "next_try_at"
>;

export const deliveryColumns = (db: Db) => db`
  id, about, event_type, task_id, state, reason, attempts, status_code, detail, created_at, sent_at, next_try_at`;

export const toDelivery = (row: DeliveryRow): Delivery => ({
  ...row,
  created_at: row.created_at.toISOString(),
  sent_at: row.sent_at?.toISOString() ?? null,
  next_try_at: row.state === "pending" ? row.next_try_at.toISOString() : null,
});

async function listDeliveries(
  { sql, seals }: ApiDeps,
  userId: string,
  channelId: string,
  { limit = 50, cursor }: ListDeliveries,
): Promise<DeliveryPage> {
  const scope = `deliveries ${userId} ${channelId.toLowerCase()}`;
  const last = cursor === undefined ? null : seals.openCursor<string>(scope, cursor);
  const rows = await sql<DeliveryRow[]>`
    select ${deliveryColumns(sql)} from api.channel_sends
    where user_id = ${userId} and channel_id = ${channelId} ${last === null ? sql`` : sql`and id < ${last}::uuid`}
    order by id desc limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const end = page.at(-1);
  return {
    data: page.map(toDelivery),
    next_cursor: rows.length > limit && end ? seals.sealCursor(scope, end.id) : null,
  };
}
