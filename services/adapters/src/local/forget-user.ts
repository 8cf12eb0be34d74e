import type { Sql } from "@carillon/kit/database";

/**
 * Removes the bus's rows of erased users from before their erasure, delivered or not, and their dead
 * letters: `user.erased` itself follows, and makes every subscriber erase them. Hints for screens
 * stay until they are delivered, because they close open streams; they hold ids only.
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
