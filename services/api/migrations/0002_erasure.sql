-- Erasing a user removes everything the user has: 100 000 tasks and more in one transaction. One event speaks of all of it, so it is
-- looked for once, where the user's row goes, and not once more for every row that goes with it.
create function api.demand_event_of_erasure() returns trigger language plpgsql as $$
declare
  last record;
begin
  select o.type, o.xid into last from api.outbox o where o.user_id = old.id order by o.change_seq desc limit 1;
  if last.type is distinct from 'user.erased' or last.xid is distinct from pg_current_xact_id() then
    raise exception 'removal of user % does not end with user.erased in its transaction', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create constraint trigger users_event_of_removal after delete on api.users
  deferrable initially deferred for each row execute function api.demand_event_of_erasure();

create or replace function api.demand_event_of_removal() returns trigger language plpgsql as $$
declare
  subject uuid := old.id;
begin
  if not exists (select from api.users u where u.id = old.user_id) then
    return null;
  end if;
  if tg_table_name = 'reminders' then
    subject := (to_jsonb(old) ->> 'task_id')::uuid;
  end if;
  if not exists (
    select from (
      select o.xid, o.entity_id, o.task_id from api.outbox o
      where o.user_id = old.user_id order by o.change_seq desc limit 500
    ) newest
    where newest.xid = pg_current_xact_id() and (newest.entity_id in (old.id, subject) or newest.task_id = subject)
  ) then
    raise exception 'removal from %.% % has no outbox row in its transaction', tg_table_schema, tg_table_name, old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
