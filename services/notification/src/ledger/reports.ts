import type { Sql } from "@carillon/kit/database";
import type { CauseColumns, PlanKey } from "../plan.ts";

/** An unreported state. `at`: when it was sent, given up, or (while pending) last attempted. */
export type Unreported = PlanKey &
  CauseColumns & {
    status: "pending" | "sent" | "failed" | "missed" | "cancelled";
    attempts: number;
    at: Date;
    /** The trace of its mail; while pending, of the change that planned it. */
    traceparent: string | null;
  };

/** How long a report may be under way before it is sent again. */
const reportMs = 10_000;

/** At most `limit` reports for api, the oldest first. */
export const takeReports = (sql: Sql, limit: number): PromiseLike<Unreported[]> => sql<Unreported[]>`
  with next as (
    select user_id, reminder_id, generation from notification.deliveries
    where report_at <= now() order by report_at limit ${limit} for update skip locked
  )
  update notification.deliveries d set report_at = now() + ${reportMs} * interval '1 millisecond' from next
  where d.user_id = next.user_id and d.reminder_id = next.reminder_id and d.generation = next.generation
  returning d.reminder_id as "reminderId", d.generation, d.status, d.attempts, coalesce(d.sent_at, d.ended_at, now()) as at,
    d.traceparent, d.correlation_id as "correlationId", d.causation_id as "causationId"`;

/** Marks it as reported, unless it has changed meanwhile. */
export const noteReported = (sql: Sql, reports: readonly Unreported[]): Promise<void> => write(sql, reports, "known");

/** Api did not accept it: it will be reported again. */
export const noteUnreported = (sql: Sql, reports: readonly Unreported[]): Promise<void> =>
  write(sql, reports, "unknown");

async function write(sql: Sql, reports: readonly Unreported[], outcome: "known" | "unknown"): Promise<void> {
  const rows = reports.map(({ reminderId, generation, status, attempts }) => ({
    reminder_id: reminderId,
    generation,
    status,
    attempts,
  }));
  await sql`
    update notification.deliveries d set report_at = ${outcome === "known" ? sql`null` : sql`now()`}
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as row (reminder_id uuid, generation integer, status text, attempts integer)
    where d.reminder_id = row.reminder_id and d.generation = row.generation and d.status = row.status
      and d.attempts = row.attempts`;
}
