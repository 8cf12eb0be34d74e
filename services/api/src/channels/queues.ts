import { type Fragment, type Tx, transact } from "@carillon/kit/database";
import type { ApiDeps } from "../deps.ts";

/** A channel as the head of what waits for it. */
export type Queue = { user_id: string; id: string };

/**
 * Gives queues back, to be looked at when their next message is due. The rows are locked before what waits is read: a message that
 * is added meanwhile is either seen, or its own look at the queue comes after this one.
 */
export async function freeQueues({ sql }: Pick<ApiDeps, "sql">, queues: readonly Queue[]): Promise<void> {
  if (queues.length === 0) return;
  await transact(sql, async (tx) => {
    const rows = tx.json(queues.map(({ user_id, id }) => ({ user_id, id })));
    const given = tx`select * from jsonb_to_recordset(${rows}) as row (user_id uuid, id uuid)`;
    await tx`
      select from api.channels where (user_id, id) in (${given}) order by user_id, id for update`;
    await tx`
      update api.channels c set leased_until = null, next_at = (
        select min(w.next_try_at) from (${waiting(tx, tx`c.user_id`, tx`c.id`)}) w)
      where (user_id, id) in (${given})`;
  });
}

/**
 * What may go to a channel next: of the events of a task only the oldest. They are found by one sort, for ten thousand may wait, and to
 * compare each with each would hold up every other channel.
 */
export const waiting = (tx: Tx, userId: Fragment, channelId: Fragment): Fragment => tx`
  select user_id, id, about, change_seq, next_try_at from api.channel_sends
  where user_id = ${userId} and channel_id = ${channelId} and state = 'pending' and about <> 'event'
  union all
  select user_id, id, about, change_seq, next_try_at from (
    select distinct on (task_id) user_id, id, about, change_seq, next_try_at from api.channel_sends
    where user_id = ${userId} and channel_id = ${channelId} and state = 'pending' and about = 'event'
    order by task_id, change_seq) oldest`;
