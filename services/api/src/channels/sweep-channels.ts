import type { ApiDeps } from "../deps.ts";

/** Maximum rows per sweep. */
const atOnce = 20_000;
const keptDays = 30;

/** Deletes what ended more than 30 days ago, and has queues looked at that should be. Any replica may do this at any time. */
export async function sweepChannels({ sql, clock }: Pick<ApiDeps, "sql" | "clock">): Promise<number> {
  const now = clock.now();
  await sql`
    update api.channels c set next_at = ${now} where next_at is null and exists (
      select from api.channel_sends s where s.user_id = c.user_id and s.channel_id = c.id and s.state = 'pending')`;
  const old = await sql`
    delete from api.channel_sends where (user_id, id) in (
      select user_id, id from api.channel_sends where created_at <= ${now}::timestamptz - make_interval(days => ${keptDays})
      limit ${atOnce} for update skip locked)`;
  return old.count;
}
