import type { Sql } from "@carillon/kit/database";

export type Figures = {
  /** Plans due within the last 24 h, by state. */
  due: Record<"sent" | "cancelled" | "failed" | "missed" | "pending", number>;
  /** Ends not reported to api for 30 s. */
  unreported: number;
};

export async function figures(sql: Sql): Promise<Figures> {
  const rows = await sql<{ status: keyof Figures["due"]; count: number }[]>`
    select status, count(*)::int4 as count from notification.deliveries
    where remind_at <= now() and remind_at > now() - interval '24 hours' group by status`;
  const [row] = await sql<{ unreported: number }[]>`
    select count(*)::int4 as unreported from notification.deliveries
    where report_at is not null and ended_at < now() - interval '30 seconds'`;
  const due = { sent: 0, cancelled: 0, failed: 0, missed: 0, pending: 0 };
  for (const { status, count } of rows) due[status] = count;
  return { due, unreported: row?.unreported ?? 0 };
}

const atOnce = 2_000;

/**
 * Deletes plans and attempts that ended more than 30 days ago; returns their number. Any replica may
 * do this at any time.
 */
export async function forgetOld(sql: Sql): Promise<number> {
  const plans = await sql`
    delete from notification.deliveries where (user_id, reminder_id, generation) in (
      select user_id, reminder_id, generation from notification.deliveries
      where remind_at < now() - interval '30 days' and status <> 'pending' and report_at is null
      limit ${atOnce} for update skip locked)`;
  const tries = await sql`
    delete from notification.notification_log where (user_id, id) in (
      select user_id, id from notification.notification_log where created_at < now() - interval '30 days'
      limit ${atOnce} for update skip locked)`;
  return plans.count + tries.count;
}
