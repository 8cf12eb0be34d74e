import type { Laws } from "./broken.ts";

/**
 * What must hold in `api`'s tables at any moment without writers (G1, G2, G4), each as a query that finds what breaks it. Outbox rows are
 * thought to be kept: no sweep has run.
 */
export const changeLaws: Laws = {
  "every row has the outbox row that speaks of it": (sql) => sql`
    with spoken as (
      select 'task' as kind, user_id, id, id as task_id, change_seq from api.tasks
      union all select 'tag', user_id, id, null, change_seq from api.tags
      union all select 'reminder', user_id, id, task_id, change_seq from api.reminders)
    select * from spoken s where not exists (
      select from api.outbox o where o.user_id = s.user_id and o.change_seq = s.change_seq
        and (o.entity_id = s.id or o.entity_id = s.task_id or o.task_id = s.task_id))`,
  "what is spoken of is there, until its last event says that it is gone": (sql) => sql`
    select last.user_id, last.entity_id, last.type from (
      select distinct on (user_id, entity_id) user_id, entity_id, type from api.outbox
      where type like 'task.%' or type like 'tag.%' order by user_id, entity_id, change_seq desc) last
    where last.type not in ('task.purged', 'tag.deleted') and exists (select from api.users u where u.id = last.user_id)
      and not exists (select from api.tasks t where t.user_id = last.user_id and t.id = last.entity_id)
      and not exists (select from api.tags g where g.user_id = last.user_id and g.id = last.entity_id)`,
  "what is gone for good has a last event and a tombstone": (sql) => sql`
    select o.user_id, o.type, o.entity_id from api.outbox o
    where o.type in ('task.purged', 'tag.deleted') and exists (select from api.users u where u.id = o.user_id)
      and not exists (select from api.tombstones g where g.user_id = o.user_id and g.id = o.entity_id and g.change_seq = o.change_seq)`,
  "versions grow by exactly one, from 1 to the row's own": (sql) => sql`
    with told as (
      select user_id, entity_id, (event -> 'data' ->> 'version')::int as version, change_seq,
        row_number() over (partition by user_id, entity_id order by change_seq) as nth
      from api.outbox where type like 'task.%' or type like 'tag.%')
    select user_id, entity_id, version, nth from told where version <> nth
    union all
    select e.user_id, e.id, e.version, (select max(nth) from told t where t.user_id = e.user_id and t.entity_id = e.id)
    from (select user_id, id, version from api.tasks union all select user_id, id, version from api.tags) e
    where e.version is distinct from (select max(nth) from told t where t.user_id = e.user_id and t.entity_id = e.id)`,
  "no change number lies beyond the user's": (sql) => sql`
    select u.id, u.change_seq from api.users u where u.change_seq < greatest(
      (select coalesce(max(change_seq), 0) from api.outbox where user_id = u.id),
      (select coalesce(max(change_seq), 0) from api.tombstones where user_id = u.id))`,
  "a user's events are published in the order of their change numbers": (sql) => sql`
    select user_id, change_seq from (
      select user_id, change_seq, id, lag(id) over (partition by user_id order by change_seq) as before from api.outbox) o
    where before > id`,
  "an event says of itself what its row says": (sql) => sql`
    select user_id, change_seq, event from api.outbox
    where event ->> 'id' <> event_id::text or event ->> 'type' <> type or event ->> 'partitionkey' <> user_id::text
      or event ->> 'subject' <> entity_id::text or event -> 'data' ->> 'user_id' <> user_id::text
      or event -> 'data' ->> 'task_id' is distinct from task_id::text
      or (event -> 'data' ->> 'change_seq')::bigint <> change_seq or event -> 'data' ->> 'event_type' <> type`,
  "counters count what is there": (sql) => sql`
    select u.id, u.live_tasks, u.tag_count from api.users u
    where u.live_tasks <> (select count(*) from api.tasks t where t.user_id = u.id and t.deleted_at is null)
      or u.tag_count <> (select count(*) from api.tags g where g.user_id = u.id)`,
  "reminders hang on their task in order, and only a pending, living task has any to ring": (sql) => sql`
    select r.user_id, r.task_id, r.id, r.state, r.position from (
      select *, row_number() over (partition by user_id, task_id order by position) - 1 as nth from api.reminders) r
    left join api.tasks t on t.user_id = r.user_id and t.id = r.task_id
    where t.id is null or r.position <> r.nth
      or (r.state = 'pending' and (r.remind_at is null or t.completed_at is not null or t.deleted_at is not null))`,
  "the last event of a task tells its row": (sql) => sql`
    select t.id, t.title, last.task from api.tasks t join (
      select o.user_id, o.entity_id, o.event -> 'data' -> 'task_data' as task from api.outbox o
      where (o.user_id, o.change_seq) in (select user_id, max(change_seq) from api.outbox group by user_id, entity_id)
    ) last on last.user_id = t.user_id and last.entity_id = t.id
    where last.task ->> 'title' <> t.title or last.task ->> 'description' <> t.description
      or (last.task ->> 'due_date')::timestamptz is distinct from t.due_at
      or (last.task ->> 'completed_at')::timestamptz is distinct from t.completed_at
      or (last.task ->> 'deleted_at')::timestamptz is distinct from t.deleted_at
      or (last.task ->> 'updated_at')::timestamptz <> t.updated_at`,
  "a timed task is overdue from its due date on, and one without a date never": (sql) => sql`
    select id, due_at, overdue_at from api.tasks
    where (due_at is null) <> (overdue_at is null) or (not all_day and due_at is distinct from overdue_at)
      or (all_day and overdue_at - due_at not between interval '20 hours' and interval '50 hours')`,
};
