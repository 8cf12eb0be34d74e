import type { Sql } from "@carillon/kit/database";
import type { CauseColumns, PlanKey } from "../plan.ts";

/** A plan that this process may send until its lease expires. */
export type Taken = PlanKey &
  CauseColumns & {
    userId: string;
    taskId: string;
    remindAt: Date;
    attempts: number;
    traceparent: string | null;
  };

const columns = (sql: Sql) => sql`
  d.user_id as "userId", d.task_id as "taskId", d.reminder_id as "reminderId", d.generation, d.remind_at as "remindAt", d.attempts, d.traceparent,
  d.correlation_id as "correlationId", d.causation_id as "causationId"`;

const keysOf = (plans: readonly PlanKey[]): string =>
  JSON.stringify(plans.map(({ reminderId, generation }) => ({ reminder_id: reminderId, generation })));

/**
 * At most `limit` plans that are due by the database's clock, the longest due first. No other sender
 * claims them for `leaseMs`.
 */
export const take = (sql: Sql, lease: string, limit: number, leaseMs: number): PromiseLike<Taken[]> => sql<Taken[]>`
  with due as (
    select user_id, reminder_id, generation from notification.deliveries
    where status = 'pending' and next_try_at <= now() order by next_try_at limit ${limit} for update skip locked
  )
  update notification.deliveries d set lease = ${lease}, next_try_at = now() + ${leaseMs} * interval '1 millisecond' from due
  where d.user_id = due.user_id and d.reminder_id = due.reminder_id and d.generation = due.generation
  returning ${columns(sql)}`;

/**
 * Milliseconds until the next plan is due without an alarm (a retry, an expiring lease, one due in a
 * moment); null: none.
 */
export async function nextInMs(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ ms: number | null }[]>`
    select (extract(epoch from min(next_try_at) - clock_timestamp()) * 1000)::float8 as ms from notification.deliveries
    where status = 'pending' and (next_try_at > remind_at or next_try_at < now() + interval '2 seconds')`;
  return row?.ms ?? null;
}

/**
 * Counts an attempt for those of the plans whose lease is still ours, and returns them. Committed
 * before the mail goes out.
 */
export const begin = (sql: Sql, lease: string, plans: readonly PlanKey[], leaseMs: number): PromiseLike<Taken[]> => sql<
  Taken[]
>`
  update notification.deliveries d
  set attempts = attempts + 1, next_try_at = now() + ${leaseMs} * interval '1 millisecond'
  from json_to_recordset(${keysOf(plans)}::text::json) as row (reminder_id uuid, generation integer)
  where d.reminder_id = row.reminder_id and d.generation = row.generation and d.lease = ${lease} and d.status = 'pending'
  returning ${columns(sql)}`;

/** Gives plans back that were not sent, to be taken again after `delayMs`. */
export async function release(sql: Sql, lease: string, plans: readonly PlanKey[], delayMs: number): Promise<void> {
  if (plans.length === 0) return;
  await sql`
    update notification.deliveries d set lease = null, next_try_at = now() + ${delayMs} * interval '1 millisecond'
    from json_to_recordset(${keysOf(plans)}::text::json) as row (reminder_id uuid, generation integer)
    where d.reminder_id = row.reminder_id and d.generation = row.generation and d.lease = ${lease} and d.status = 'pending'`;
}

/** What api knows better: the plan has already ended. */
export type KnownEnd = PlanKey & { status: "sent" | "failed" | "missed" | "cancelled"; reason: string | null };

export async function endKnown(sql: Sql, ends: readonly KnownEnd[]): Promise<void> {
  if (ends.length === 0) return;
  const rows = ends.map(({ reminderId, ...end }) => ({ ...end, reminder_id: reminderId }));
  await sql`
    update notification.deliveries d
    set status = row.status, reason = row.reason, ended_at = now(), lease = null, armed_at = null, report_at = null
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as row (reminder_id uuid, generation integer, status text, reason text)
    where d.reminder_id = row.reminder_id and d.generation = row.generation and d.status = 'pending'`;
}

/**
 * The plan is due later than thought; its alarm is set again. At least a moment later, because two
 * clocks may disagree.
 */
export async function postpone(sql: Sql, plan: PlanKey, remindAt: Date): Promise<void> {
  await sql`
    update notification.deliveries
    set remind_at = given.at, next_try_at = greatest(given.at, now() + interval '250 milliseconds'), lease = null, armed_at = null
    from (select ${remindAt.toISOString()}::text::timestamptz as at) as given
    where reminder_id = ${plan.reminderId} and generation = ${plan.generation} and status = 'pending'`;
}

/** How one attempt ended. `delayMs`: pause before the next. */
export type Settled =
  | { kind: "sent"; at: Date; messageId: string }
  | { kind: "retry"; delayMs: number; detail: string }
  | { kind: "failed"; detail: string };

/** One attempt by the holder of `lease`, in the trace `traceparent`; `id` is that of its log row. */
export type Try = { id: string; lease: string; taken: Taken; settled: Settled; traceparent: string };

/**
 * Records the ends of attempts in ledger and log. A sent mail counts whatever happened meanwhile;
 * other ends count only while the lease is ours.
 */
export async function settle(sql: Sql, tries: readonly Try[]): Promise<void> {
  await sql`
    with row as (
      select * from json_to_recordset(${JSON.stringify(tries.map(rowOf))}::text::json) as row (id uuid, lease uuid, user_id uuid,
        task_id uuid, reminder_id uuid, generation integer, kind text, retry_count integer, delay_ms integer, detail text,
        message_id text, sent_at timestamptz, traceparent text)
    ), log as (
      insert into notification.notification_log
        (user_id, id, task_id, reminder_id, generation, notification_type, status, retry_count, detail, message_id, sent_at)
      select user_id, id, task_id, reminder_id, generation, 'reminder_email',
        case kind when 'retry' then 'retrying' else kind end, retry_count, detail, message_id, sent_at from row
    )
    update notification.deliveries d set
      status = case row.kind when 'retry' then d.status else row.kind end,
      reason = case row.kind when 'failed' then 'provider' end,
      sent_at = row.sent_at,
      traceparent = case row.kind when 'retry' then d.traceparent else row.traceparent end,
      ended_at = case when row.kind <> 'retry' then now() end,
      armed_at = case row.kind when 'retry' then d.armed_at end,
      next_try_at = now() + coalesce(row.delay_ms, 0) * interval '1 millisecond',
      lease = null, report_at = now()
    from row
    where d.user_id = row.user_id and d.reminder_id = row.reminder_id and d.generation = row.generation
      and case row.kind when 'sent' then d.status <> 'sent' else d.status = 'pending' and d.lease = row.lease end`;
}

const rowOf = ({ id, lease, taken, settled, traceparent }: Try) => ({
  id,
  traceparent,
  lease,
  user_id: taken.userId,
  task_id: taken.taskId,
  reminder_id: taken.reminderId,
  generation: taken.generation,
  kind: settled.kind,
  retry_count: taken.attempts - 1,
  delay_ms: settled.kind === "retry" ? settled.delayMs : null,
  detail: settled.kind === "sent" ? null : settled.detail,
  message_id: settled.kind === "sent" ? settled.messageId : null,
  sent_at: settled.kind === "sent" ? settled.at.toISOString() : null,
});
