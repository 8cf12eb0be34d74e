import type { Sql } from "@carillon/kit/database";
import type { PlanKey } from "../plan.ts";

/** A plan of a user being erased, and its remains elsewhere. */
export type Forgettable = PlanKey & {
  /** A send was started, so the transport may keep a mail. */
  isTried: boolean;
  isArmed: boolean;
  /** A sender holds it now: its mail may go out at any moment. */
  isUnderWay: boolean;
};

/** Cancels the user's pending plans and returns all their plans. No send of them starts after this. */
export async function callOffAll(sql: Sql, userId: string): Promise<Forgettable[]> {
  await sql`
    update notification.deliveries set status = 'cancelled', ended_at = now(), lease = null, report_at = null
    where user_id = ${userId} and status = 'pending' and (lease is null or next_try_at <= now())`;
  return sql<Forgettable[]>`
    select reminder_id as "reminderId", generation, attempts > 0 as "isTried", armed_at is not null as "isArmed",
      status = 'pending' as "isUnderWay"
    from notification.deliveries where user_id = ${userId}`;
}

/** Removes the user's plans except those under way, and the log of all attempts. */
export async function removeAll(sql: Sql, userId: string): Promise<void> {
  await sql`
    with log as (delete from notification.notification_log where user_id = ${userId})
    delete from notification.deliveries where user_id = ${userId} and status <> 'pending'`;
}
