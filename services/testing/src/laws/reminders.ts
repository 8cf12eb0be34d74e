import type { Laws } from "./broken.ts";

/** What must hold of reminders (G9–G13) in the tables of `api` and `notification` when no work is under way. */
export const reminderLaws: Laws = {
  "G13: each plan announced ended once, gave way to a newer one, or is pending": (sql) => sql`
    with told as (
      select entity_id as id, (event -> 'data' -> 'reminder' ->> 'generation')::int as generation,
        count(*) filter (where type in ('reminder.scheduled', 'reminder.snoozed')) as planned,
        count(*) filter (where type in ('reminder.failed', 'reminder.missed', 'reminder.cancelled')) as ended,
        count(*) filter (where type = 'reminder.sent') as sent,
        max(max((event -> 'data' -> 'reminder' ->> 'generation')::int)) over (partition by entity_id) as newest
      from api.outbox where type like 'reminder.%' and exists (select from api.users u where u.id = user_id) group by 1, 2
    )
    select told.*, r.state, r.generation as now from told left join api.reminders r on r.id = told.id
    where planned > 0 and (planned > 1 or ended > 1 or sent > 1
      or (r.generation = told.generation and (ended + sent > 0) <> (r.state <> 'pending'))
      or (r.generation < told.generation)
      or (r.id is null and told.generation = told.newest and ended + sent = 0))`,
  "the two ledgers agree": (sql) => sql`
    select r.id, r.generation, r.state, d.status from api.reminders r
    left join notification.deliveries d on d.reminder_id = r.id and d.generation = r.generation
    where exists (select from api.outbox o where o.entity_id = r.id and o.type in ('reminder.scheduled', 'reminder.snoozed'))
      and d.status is distinct from r.state`,
  "only the newest plan of a reminder is pending": (sql) => sql`
    select d.reminder_id, d.generation from notification.deliveries d join api.reminders r on r.id = d.reminder_id
    where d.status = 'pending' and d.generation <> r.generation`,
  "what was sent was tried, and nothing waits to be told": (sql) => sql`
    select * from notification.deliveries where (status = 'sent' and attempts = 0) or report_at is not null`,
  "G10: nothing was sent before its instant": (sql) => sql`
    select * from api.reminders where state = 'sent' and sent_at < remind_at`,
};
