import type { Sql } from "@carillon/kit/database";
import type { PlanKey } from "../plan.ts";

/** A plan of a user that is to be forgotten, and what else there may be of it. */
export type Forgettable = PlanKey & {
  /** A mail was begun and may be kept somewhere. */
  isTried: boolean;
  isArmed: boolean;
  /** A sender holds it just now: its mail may go out any moment. */
  isUnderWay: boolean;
};

/** Calls off everything the user still has to hear, and answers every plan of theirs. No send of them begins after this. */
export async function callOffAll(sql: Sql, userId: string): Promise<Forgettable[]> {
  await sql`
    update notification.deliveries set status = 'cancelled', ended_at = now(), lease = null, report_at = null
    where user_id = ${userId} and status = 'pending' and (lease is null or next_try_at <= now())`;
  return sql<Forgettable[]>`
    select reminder_id as "reminderId", generation, attempts > 0 as "isTried", armed_at is not null as "isArmed",
      status = 'pending' as "isUnderWay"
    from notification.deliveries where user_id = ${userId}`;
}

/** Removes the user's plans but those under way, and all that was noted about tries. */
export async function removeAll(sql: Sql, userId: string): Promise<void> {
  await sql`
    with log as (delete from notification.notification_log where user_id = ${userId})
    delete from notification.deliveries where user_id = ${userId} and status <> 'pending'`;
}
