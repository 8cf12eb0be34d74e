import type { Tx } from "@carillon/kit/database";

/** Events that may wait for one webhook; more are not sent, and its log says so. */
export const maxWaitingEvents = 10_000;
const atOnce = 2_000;

/** An event of a change, by its place in the outbox. */
export type Queued = { seq: number; type: string; taskId: string | null };

/**
 * Has webhooks hear of a change, within it: a delivery commits with its event. Called only for users who have some.
 */
export async function queueEvents(
  tx: Tx,
  { userId, now, newId }: { userId: string; now: Date; newId: () => string },
  events: readonly Queued[],
): Promise<void> {
  const hooks = await tx<{ id: string; events: string[]; waiting: number }[]>`
    select c.id, c.events, (select count(*)::int4 from (
      select from api.channel_sends s where s.user_id = c.user_id and s.channel_id = c.id and s.state = 'pending'
      limit ${maxWaitingEvents}) w) as waiting
    from api.channels c where c.user_id = ${userId} and c.events && ${[...new Set(events.map(({ type }) => type))]}::text[]`;
  for (const hook of hooks) {
    const heard = events.filter(({ type }) => hook.events.includes(type));
    const rows = heard.map((event, at) => ({
      id: newId(),
      event_type: event.type,
      task_id: event.taskId,
      change_seq: event.seq,
      reason: hook.waiting + at >= maxWaitingEvents ? "queue_full" : null,
    }));
    for (let at = 0; at < rows.length; at += atOnce)
      await tx`
        insert into api.channel_sends (user_id, id, channel_id, kind, about, event_type, task_id, change_seq, state, reason,
          next_try_at, created_at, ended_at)
        select ${userId}, id, ${hook.id}, 'webhook', 'event', event_type, task_id, change_seq,
          case when reason is null then 'pending' else 'cancelled' end, reason, ${now}, ${now},
          case when reason is not null then ${now}::timestamptz end
        from jsonb_to_recordset(${tx.json(rows.slice(at, at + atOnce))}) as
          row (id uuid, event_type text, task_id uuid, change_seq bigint, reason text)
        order by change_seq`;
  }
  if (hooks.length > 0)
    await tx`
      update api.channels set next_at = least(next_at, ${now}::timestamptz)
      where user_id = ${userId} and id = any(${hooks.map(({ id }) => id)}::uuid[])`;
}
