import type { Sql } from "@carillon/kit/database";
import { age, type Report, report, table } from "./report.ts";

/** Two schemas, two owners; both may be the same connection. */
export type ReminderDeps = { api: Sql; notification: Sql };

const shown = 500;

type Due = {
  reminder_id: string;
  generation: number;
  user_id: string;
  task_id: string;
  remind_at: string;
  in_seconds: number;
};
type Delivery = {
  reminder_id: string;
  generation: number;
  status: string;
  attempts: number;
  armed: boolean;
  reason: string | null;
};

/**
 * Reminders that api considers pending and that are overdue or due within the hour, the earliest
 * first, each with its state in notification: none yet, an alarm, attempts. Ids only. By the
 * database's clock.
 */
export async function reportDueReminders({ api, notification }: ReminderDeps, limit = shown): Promise<Report> {
  const [counted] = await api<{ due: number; overdue: number }[]>`
    select count(*)::int as due, (count(*) filter (where remind_at < clock_timestamp()))::int as overdue
    from api.reminders where state = 'pending' and remind_at < clock_timestamp() + interval '1 hour'`;
  const due = await api<Due[]>`
    select id as reminder_id, generation, user_id, task_id,
      to_char(remind_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as remind_at,
      extract(epoch from remind_at - clock_timestamp())::float8 as in_seconds
    from api.reminders where state = 'pending' and remind_at < clock_timestamp() + interval '1 hour'
    order by api.reminders.remind_at, id limit ${limit}`;
  const deliveries = await notification<Delivery[]>`
    select reminder_id, generation, status, attempts, armed_at is not null as armed, reason from notification.deliveries
    where reminder_id = any(${due.map((one) => one.reminder_id)}::uuid[])`;
  const known = new Map(deliveries.map((one) => [`${one.reminder_id}/${one.generation}`, one]));
  const reminders = due.map((one) => ({ ...one, ...stageOf(known.get(`${one.reminder_id}/${one.generation}`)) }));
  const { due: total, overdue } = counted ?? { due: 0, overdue: 0 };
  const lines = reminders.map((one) => [
    one.remind_at,
    one.in_seconds < 0 ? `${age(-one.in_seconds)} late` : `in ${age(one.in_seconds)}`,
    one.reminder_id,
    String(one.generation),
    one.user_id,
    one.stage,
    String(one.attempts),
    one.reason ?? "–",
  ]);
  const names = ["remind at", "when", "reminder", "plan", "user", "stage", "tries", "reason"];
  const summary = `${total} due within the hour, ${overdue} of them overdue.`;
  const more = total > reminders.length ? [`… and ${total - reminders.length} more.`] : [];
  return report(total === 0 ? [summary] : [...table(names, lines), ...more, summary], {
    due: total - overdue,
    overdue,
    reminders,
  });
}

/** `unknown`: the event has not arrived, or was lost and the sweep will find it. */
function stageOf(delivery: Delivery | undefined): { stage: string; attempts: number; reason: string | null } {
  if (!delivery) return { stage: "unknown", attempts: 0, reason: null };
  const { status, attempts, armed, reason } = delivery;
  return { stage: status === "pending" ? (armed ? "armed" : "noted") : status, attempts, reason };
}
