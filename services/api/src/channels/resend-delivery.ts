import { Delivery } from "@carillon/contracts/http/channels";
import { answer, describe, isUuid, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { personOf } from "../auth/caller.ts";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { type DeliveryRow, deliveryColumns, toDelivery } from "./deliveries.ts";

export const resendDeliveryRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/channels/:id/deliveries/:delivery/resend",
    async ({ request, params: { id, delivery } }) => {
      const { userId } = personOf(request);
      if (!isUuid(id) || !isUuid(delivery)) throw notFound();
      const row = await change(deps, { userId, actor: "user" }, async (current) => {
        const again = await resend(current, { id, delivery });
        // After the delivery was found: a missing one is 404, whatever else is wrong.
        requireNoQuery(request);
        return again;
      });
      return toResponse(answer(200, toDelivery(row)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Send an event to a webhook again, under its id; one that waits is tried now",
        tag: "Channels",
        params: { id: "The webhook's id", delivery: "The delivery's id" },
        answers: { 200: Delivery },
        errors: [409, 422],
      }),
    },
  );

/** @throws Problem 404 when there is no such delivery, 409 for what cannot be sent again. */
async function resend(
  { tx, userId, now }: Change,
  { id, delivery }: { id: string; delivery: string },
): Promise<DeliveryRow> {
  const [known] = await tx<{ about: string; has_event: boolean }[]>`
    select s.about, exists (select from api.outbox o where o.user_id = s.user_id and o.change_seq = s.change_seq) as has_event
    from api.channel_sends s join api.channels c on c.user_id = s.user_id and c.id = s.channel_id
    where s.user_id = ${userId} and s.channel_id = ${id} and s.id = ${delivery}`;
  if (!known) throw notFound();
  if (known.about !== "event")
    throw new Problem("conflict", "Only events are sent again: a reminder would ring for what is over.");
  if (!known.has_event)
    throw new Problem("conflict", "The text of this event is no longer kept; events are kept for 7 days.");
  const [row] = await tx<[DeliveryRow]>`
    update api.channel_sends set state = 'pending', reason = null, attempts = 0, next_try_at = ${now}, sent_at = null, ended_at = null
    where user_id = ${userId} and id = ${delivery}
    returning ${deliveryColumns(tx)}`;
  await tx`update api.channels set next_at = least(next_at, ${now}::timestamptz) where user_id = ${userId} and id = ${id}`;
  return row;
}
