import { transact } from "@carillon/kit/database";
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
        select min(s.next_try_at) from api.channel_sends s
        where s.user_id = c.user_id and s.channel_id = c.id and s.state = 'pending'
          and (s.about <> 'event' or not exists (
            select from api.channel_sends e where e.user_id = s.user_id and e.channel_id = s.channel_id and e.state = 'pending'
              and e.about = 'event' and e.task_id is not distinct from s.task_id and e.change_seq < s.change_seq)))
      where (user_id, id) in (${given})`;
  });
}
