import { answer, describe, isUuid, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { personOf } from "../auth/caller.ts";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { countHooks } from "./count-hooks.ts";
import { isMail, mailChannelIfOn, switchMail } from "./mail-channel.ts";
import { settleSends } from "./settle-sends.ts";

export const deleteChannelRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/channels/:id",
    async ({ request, params }) => {
      const { userId } = personOf(request);
      if (!isUuid(params.id)) throw notFound();
      await change(deps, { userId, actor: "user" }, async (current) => {
        await deleteChannel(current, params.id);
        // After the channel was found: a missing one is 404, whatever else is wrong.
        requireNoQuery(request);
      });
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Remove a channel: nothing goes there any more",
        tag: "Channels",
        params: { id: "The channel's id" },
        answers: { 204: "Removed" },
        errors: [422],
      }),
    },
  );

/** @throws Problem 404 when the user has none of that id. */
async function deleteChannel(current: Change, id: string): Promise<void> {
  const { tx, userId } = current;
  if (isMail(userId, id)) {
    if (!(await mailChannelIfOn(tx, userId))) throw notFound();
    return switchMail(tx, userId, false);
  }
  if (!(await removeChannel(current, id))) throw notFound();
}

/** Removes the channel and ends what waits for it; false when it was gone. */
export async function removeChannel(current: Change, id: string): Promise<boolean> {
  const { tx, userId } = current;
  const waiting = await tx<{ id: string }[]>`
    select id from api.channel_sends where user_id = ${userId} and channel_id = ${id} and state = 'pending'`;
  await settleSends(
    current,
    waiting.map((send) => ({
      id: send.id,
      state: "cancelled",
      reason: "channel_gone",
      statusCode: null,
      detail: null,
    })),
  );
  const removed = await tx`delete from api.channels where user_id = ${userId} and id = ${id}`;
  await countHooks(tx, userId);
  return removed.count > 0;
}
