import { Delivery } from "@carillon/contracts/http/channels";
import { answer, describe, isUuid, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { personOf } from "../auth/caller.ts";
import { countTest, writeLetter } from "../auth/index.ts";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { requireChannel } from "./channel-row.ts";
import { type DeliveryRow, deliveryColumns, toDelivery } from "./deliveries.ts";
import { isMail, mailChannelIfOn } from "./mail-channel.ts";

/** How long the answer waits for what became of the test. */
const waitMs = 2_000;
const pollMs = 50;

export const testChannelRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/channels/:id/test",
    async ({ request, params }) => {
      const { userId } = personOf(request);
      if (!isUuid(params.id)) throw notFound();
      const isMailed = isMail(userId, params.id);
      const channel = isMailed
        ? await mailChannelIfOn(deps.sql, userId)
        : await requireChannel(deps, userId, params.id);
      if (!channel) throw notFound();
      requireNoQuery(request);
      await countTest(deps, userId);
      const id = await change(deps, { userId, actor: "user" }, (current) =>
        isMailed ? mailTest(current) : sendTest(current, channel),
      );
      const row = isMailed ? await mailed(deps, id) : await waitFor(deps, userId, id);
      return toResponse(answer(200, toDelivery(row)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Send a test message, tried once",
        description: "Answers with what became of it, or after two seconds that it is still `pending`.",
        tag: "Channels",
        params: { id: "The channel's id" },
        answers: { 200: Delivery },
        errors: [429],
      }),
    },
  );

/** A letter has a queue of its own, which says nothing of one letter. */
async function mailTest(current: Change): Promise<string> {
  await writeLetter(current, "channel_test");
  return current.newId();
}

const mailed = async ({ clock }: ApiDeps, id: string): Promise<DeliveryRow> => ({
  id,
  about: "test",
  event_type: null,
  task_id: null,
  state: "pending",
  reason: null,
  attempts: 0,
  status_code: null,
  detail: null,
  created_at: clock.now(),
  sent_at: null,
  next_try_at: clock.now(),
});

async function sendTest({ tx, userId, now, newId }: Change, channel: { id: string; kind: string }): Promise<string> {
  const id = newId();
  await tx`
    insert into api.channel_sends (user_id, id, channel_id, kind, about, state, next_try_at, created_at)
    values (${userId}, ${id}, ${channel.id}, ${channel.kind}, 'test', 'pending', ${now}, ${now})`;
  await tx`update api.channels set next_at = least(next_at, ${now}::timestamptz) where user_id = ${userId} and id = ${channel.id}`;
  return id;
}

async function waitFor({ sql }: ApiDeps, userId: string, id: string): Promise<DeliveryRow> {
  const until = performance.now() + waitMs;
  for (;;) {
    const [row] = await sql<DeliveryRow[]>`
      select ${deliveryColumns(sql)} from api.channel_sends where user_id = ${userId} and id = ${id}`;
    if (!row) throw notFound();
    if (row.state !== "pending" || performance.now() > until) return row;
    await Bun.sleep(pollMs);
  }
}
