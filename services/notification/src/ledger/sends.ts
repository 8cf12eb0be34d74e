import type { Sql } from "@carillon/kit/database";
import type { PlanKey } from "../plan.ts";

/** A plan that this process may send, as long as its lease lasts. */
export type Taken = PlanKey & {
  userId: string;
  taskId: string;
  remindAt: Date;
  attempts: number;
  traceparent: string | null;
};

const columns = (sql: Sql) => sql`
  d.user_id as "userId", d.task_id as "taskId", d.reminder_id as "reminderId", d.generation, d.remind_at as "remindAt", d.attempts, d.traceparent`;

const keysOf = (plans: readonly PlanKey[]): string =>
  JSON.stringify(plans.map(({ reminderId, generation }) => ({ reminder_id: reminderId, generation })));

/** At most `limit` plans that are due by the database's clock, the longest due first. Nobody else gets them for `leaseMs`. */
export const take = (sql: Sql, lease: string, limit: number, leaseMs: number): PromiseLike<Taken[]> => sql<Taken[]>`
  with due as (
    select user_id, reminder_id, generation from notification.deliveries
    where status = 'pending' and next_try_at <= now() order by next_try_at limit ${limit} for update skip locked
  )
  update notification.deliveries d set lease = ${lease}, next_try_at = now() + ${leaseMs} * interval '1 millisecond' from due
  where d.user_id = due.user_id and d.reminder_id = due.reminder_id and d.generation = due.generation
  returning ${columns(sql)}`;

/** Milliseconds until a plan is to be taken without an alarm's help (a retry, a lease that ends, one due in a moment); null: none. */
export async function nextInMs(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ ms: number | null }[]>`
    select (extract(epoch from min(next_try_at) - clock_timestamp()) * 1000)::float8 as ms from notification.deliveries
    where status = 'pending' and (next_try_at > remind_at or next_try_at < now() + interval '2 seconds')`;
  return row?.ms ?? null;
}

/** Counts an attempt for those of the plans that are still ours to send, and answers them. Written before the mail goes out. */
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

/** What api knows better: the plan has an end already. */
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

/** The same plan is due later than was thought; its alarm is set anew. At least a moment later: two clocks need not agree. */
export async function postpone(sql: Sql, plan: PlanKey, remindAt: Date): Promise<void> {
  await sql`
    update notification.deliveries
    set remind_at = given.at, next_try_at = greatest(given.at, now() + interval '250 milliseconds'), lease = null, armed_at = null
    from (select ${remindAt.toISOString()}::text::timestamptz as at) as given
    where reminder_id = ${plan.reminderId} and generation = ${plan.generation} and status = 'pending'`;
}

/** How one try ended. `delayMs`: when to try again. */
export type Settled =
  | { kind: "sent"; at: Date; messageId: string }
  | { kind: "retry"; delayMs: number; detail: string }
  | { kind: "failed"; detail: string };

/** One try by the holder of `lease`, in the trace `traceparent`; `id` is that of its line in the log. */
export type Try = { id: string; lease: string; taken: Taken; settled: Settled; traceparent: string };

/** Writes the ends of tries into ledger and log. What was sent was sent, whatever happened meanwhile; other ends count only while it is ours. */
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
