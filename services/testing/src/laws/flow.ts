import type { Laws } from "./broken.ts";

/**
 * What must hold between the services when all events have arrived: the way of an event from its
 * outbox row to its consumers.
 */
export const flowLaws: Laws = {
  "G3: everything committed is on the bus": (sql) => sql`
    select user_id, change_seq, type from api.outbox where published_at is null`,
  "G5: every event has its one entry in the history": (sql) => sql`
    select o.user_id, o.change_seq, o.type, o.event_id from api.outbox o
    left join audit.entries e on e.user_id = o.user_id and e.id = o.event_id
    where e.id is null and o.type <> 'session.revoked' and exists (select from api.users u where u.id = o.user_id)`,
  "G5: every entry of the history has its event": (sql) => sql`
    select e.user_id, e.seq, e.action from audit.entries e
    where not exists (select from api.outbox o where o.user_id = e.user_id and o.event_id = e.id)`,
  "G8: chains have no gap, and their head is their newest entry": (sql) => sql`
    select h.user_id, h.seq, c.entries, c.last from audit.heads h left join lateral (
      select count(*) as entries, max(seq) as last from audit.entries e where e.user_id = h.user_id) c on true
    where h.seq <> c.entries or (c.entries > 0 and c.last <> h.seq)`,
  "G14: no completion waits for what follows it": (sql) => sql`
    select user_id, id, completed_at from api.tasks
    where succession = 'open' and completed_at is not null and rrule is not null and deleted_at is null`,
  "G14: what was made of a completion is there, once": (sql) => sql`
    select t.user_id, t.id, count(s.id) from api.tasks t
    left join api.tasks s on s.user_id = t.user_id and s.parent_task_id = t.id
    where t.succession = 'made' and t.completed_at is not null and t.deleted_at is null
    group by 1, 2 having count(s.id) <> 1`,
  "G14: no completion was followed twice": (sql) => sql`
    select user_id, task_id, generated, completed from (
      select user_id, task_id, count(*) filter (where type = 'occurrence.generated') as generated,
        count(*) filter (where type = 'task.completed') as completed
      from api.outbox where task_id is not null group by 1, 2) told
    where generated > completed`,
};
