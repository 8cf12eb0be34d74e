import type { Sql } from "@carillon/kit/database";
import type { Plan, PlanKey } from "../plan.ts";

/** A plan that ended before it rang, and why. */
export type CalledOff = Plan & { reason: string | null };

const rowsOf = (plans: readonly Plan[]) =>
  JSON.stringify(
    plans.map((plan) => ({
      user_id: plan.userId,
      reminder_id: plan.reminderId,
      generation: plan.generation,
      task_id: plan.taskId,
      remind_at: plan.remindAt.toISOString(),
      reason: "reason" in plan ? plan.reason : null,
      traceparent: plan.traceparent,
      correlation_id: plan.cause?.correlationId ?? null,
      causation_id: plan.cause?.causationId ?? null,
    })),
  );

const given = (sql: Sql, plans: readonly Plan[]) => sql`
  select * from json_to_recordset(${rowsOf(plans)}::text::json) as row (user_id uuid, reminder_id uuid, generation integer,
    task_id uuid, remind_at timestamptz, reason text, traceparent text, correlation_id text, causation_id text)`;

/**
 * Records what api announced. A known plan stays as it is, whatever its state; an older plan of the
 * same reminder is superseded. Idempotent.
 */
export async function announce(sql: Sql, planned: readonly Plan[], calledOff: readonly CalledOff[]): Promise<void> {
  if (planned.length > 0)
    await sql`
      with given as (${given(sql, planned)}), newest as (
        select user_id, reminder_id, max(generation) as generation from (
          select user_id, reminder_id, generation from given
          union all
          select d.user_id, d.reminder_id, d.generation from notification.deliveries d join given using (user_id, reminder_id)
        ) as every_plan group by user_id, reminder_id
      ), added as (
        insert into notification.deliveries
          (user_id, reminder_id, generation, task_id, remind_at, status, reason, next_try_at, ended_at, traceparent,
          correlation_id, causation_id)
        select distinct on (given.user_id, given.reminder_id, given.generation)
          given.user_id, given.reminder_id, given.generation, task_id, remind_at,
          case when given.generation < newest.generation then 'cancelled' else 'pending' end,
          case when given.generation < newest.generation then 'moved' end,
          remind_at, case when given.generation < newest.generation then now() end, traceparent,
          correlation_id, causation_id
        from given join newest using (user_id, reminder_id)
        order by given.user_id, given.reminder_id, given.generation
        on conflict do nothing
      )
      update notification.deliveries d
      set status = 'cancelled', reason = 'moved', ended_at = now(), lease = null, report_at = null
      from newest
      where d.user_id = newest.user_id and d.reminder_id = newest.reminder_id and d.generation < newest.generation
        and d.status = 'pending'`;
  if (calledOff.length > 0)
    await sql`
      insert into notification.deliveries as d
        (user_id, reminder_id, generation, task_id, remind_at, status, reason, next_try_at, ended_at, traceparent,
        correlation_id, causation_id)
      select distinct on (user_id, reminder_id, generation)
        user_id, reminder_id, generation, task_id, remind_at, 'cancelled', reason, remind_at, now(), traceparent,
        correlation_id, causation_id
      from (${given(sql, calledOff)}) as given order by user_id, reminder_id, generation
      on conflict (user_id, reminder_id, generation) do update
      set status = 'cancelled', reason = excluded.reason, ended_at = now(), lease = null, report_at = null
      where d.status = 'pending'`;
}

/**
 * How many of api's pending plans were due more than 30 s ago and are not pending here. Unknown ones
 * are recorded; ones that ended here more than 30 s ago (so that no announcement or report is under
 * way) are reopened: cancelled ones ring, sent ones are reported.
 */
export async function adopt(sql: Sql, pending: readonly Plan[]): Promise<number> {
  if (pending.length === 0) return 0;
  const [row] = await sql<{ unaccounted: number }[]>`
    with given as (${given(sql, pending)}), unaccounted as (
      select count(*)::int4 as count from given
      left join notification.deliveries d using (user_id, reminder_id, generation)
      where given.remind_at < now() - interval '30 seconds' and d.status is distinct from 'pending'
    ), added as (
      insert into notification.deliveries (user_id, reminder_id, generation, task_id, remind_at, status, next_try_at)
      select user_id, reminder_id, generation, task_id, remind_at, 'pending', remind_at from given
      order by user_id, reminder_id, generation
      on conflict do nothing
    ), again as (
      update notification.deliveries d set
        status = case when d.status = 'cancelled' then 'pending' else d.status end,
        reason = case when d.status = 'cancelled' then null else d.reason end,
        ended_at = case when d.status = 'cancelled' then null else d.ended_at end,
        report_at = case when d.status = 'cancelled' then d.report_at else now() end,
        next_try_at = d.remind_at, armed_at = null, lease = null
      from given
      where d.user_id = given.user_id and d.reminder_id = given.reminder_id and d.generation = given.generation
        and d.status <> 'pending' and d.ended_at < now() - interval '30 seconds' and d.report_at is null
    )
    select count as unaccounted from unaccounted`;
  return row?.unaccounted ?? 0;
}

/** Deletes plans whose reminders were removed permanently, with every trace of their mail. */
export async function forget(sql: Sql, plans: readonly PlanKey[]): Promise<void> {
  const ids = [...new Set(plans.map(({ reminderId }) => reminderId))];
  if (ids.length === 0) return;
  await sql`
    with gone as (
      delete from notification.deliveries where reminder_id = any (string_to_array(${ids.join()}::text, ',')::uuid[])
      returning user_id, reminder_id
    )
    delete from notification.notification_log l using gone
    where l.user_id = gone.user_id and l.reminder_id = gone.reminder_id`;
}
