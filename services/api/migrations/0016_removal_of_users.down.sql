-- The way back from 0016_removal_of_users.sql.
create or replace function api.demand_event_of_removal() returns trigger language plpgsql as $$
declare
  subject uuid := old.id;
begin
  if tg_table_name = 'reminders' then
    subject := (to_jsonb(old) ->> 'task_id')::uuid;
  end if;
  if not exists (
    select from api.outbox o
    where o.user_id = old.user_id and o.change_seq = old.change_seq and o.xid = pg_current_xact_id()
      and (o.type = 'user.erased' or o.entity_id in (old.id, subject) or o.task_id = subject)
  ) and not exists (
    select from (
      select o.xid, o.type, o.entity_id, o.task_id from api.outbox o
      where o.user_id = old.user_id order by o.change_seq desc limit 500
    ) newest
    where newest.xid = pg_current_xact_id()
      and (newest.type = 'user.erased' or newest.entity_id in (old.id, subject) or newest.task_id = subject)
  ) then
    raise exception 'removal from %.% % has no outbox row in its transaction', tg_table_schema, tg_table_name, old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;
