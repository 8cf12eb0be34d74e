import type { Sql } from "@carillon/kit/database";

/**
 * Removes what the bus keeps of erased users from before their end, delivered or not, and their dead letters: `user.erased` itself follows, and
 * tells every subscriber to forget them. Hints to screens stay until they are delivered, for they close open streams; they hold ids only.
 */
export async function forgetUsers(sql: Sql, users: readonly string[]): Promise<void> {
  if (users.length === 0) return;
  const keys = users.join();
  await sql`
    with erased as (
      select key, slot, min(id) as ended_at from bus.message
      where key = any(string_to_array(${keys}::text, ',')::uuid[]) and event ->> 'type' = 'user.erased' group by key, slot
    ), letters as (
      delete from bus.dead_letter using erased where dead_letter.key = erased.key
    ), deliveries as (
      delete from bus.delivery using bus.message, erased
      where delivery.key = erased.key and delivery.slot = erased.slot and message.id = delivery.message_id
        and message.id < erased.ended_at and message.topic <> 'task-updates'
    )
    delete from bus.message using erased
    where message.key = erased.key and message.id < erased.ended_at
      and (message.topic <> 'task-updates' or not exists (
        select from bus.delivery d where d.message_id = message.id and d.key = message.key and d.slot = message.slot))`;
}
