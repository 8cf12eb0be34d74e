import type { Sql } from "@carillon/kit/database";
import type { PlanKey } from "../plan.ts";

export type ToArm = PlanKey & { remindAt: Date; traceparent: string | null; isDue: boolean };

/** At most `limit` plans that have no alarm yet, the earliest first; they count as armed from now on. */
export const takeToArm = (sql: Sql, limit: number): PromiseLike<ToArm[]> => sql<ToArm[]>`
  with next as (
    select user_id, reminder_id, generation from notification.deliveries
    where status = 'pending' and armed_at is null order by remind_at limit ${limit} for update skip locked
  )
  update notification.deliveries d set armed_at = now() from next
  where d.user_id = next.user_id and d.reminder_id = next.reminder_id and d.generation = next.generation
  returning d.reminder_id as "reminderId", d.generation, d.remind_at as "remindAt", d.traceparent, d.remind_at <= now() as "isDue"`;

/** At most `limit` plans that were cancelled with their alarm set; they count as unarmed from now on. */
export const takeToClear = (sql: Sql, limit: number): PromiseLike<PlanKey[]> => sql<PlanKey[]>`
  with next as (
    select user_id, reminder_id, generation from notification.deliveries
    where status = 'cancelled' and armed_at is not null limit ${limit} for update skip locked
  )
  update notification.deliveries d set armed_at = null from next
  where d.user_id = next.user_id and d.reminder_id = next.reminder_id and d.generation = next.generation
  returning d.reminder_id as "reminderId", d.generation`;

/** Marks plans as unarmed after all. */
export async function noteUnarmed(sql: Sql, plans: readonly PlanKey[]): Promise<void> {
  if (plans.length === 0) return;
  const rows = plans.map(({ reminderId, generation }) => ({ reminder_id: reminderId, generation }));
  await sql`
    update notification.deliveries d set armed_at = null
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as row (reminder_id uuid, generation integer)
    where d.reminder_id = row.reminder_id and d.generation = row.generation and d.status = 'pending'`;
}

/**
 * Sets the alarms of plans due within the next minute again, unless that was just done, in case the
 * scheduler lost them.
 */
export const armAgain = (sql: Sql): PromiseLike<unknown> => sql`
  update notification.deliveries set armed_at = null
  where status = 'pending' and remind_at between now() and now() + interval '1 minute' and armed_at < now() - interval '1 minute'`;
