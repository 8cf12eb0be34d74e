-- Nothing in it is worth a write-ahead log: after a crash every bucket is simply empty.
alter table api.rate_limits set unlogged;

-- The relay sleeps until somebody writes.
create function api.wake_relay() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', '');
  return null;
end $$;
create trigger outbox_wake after insert on api.outbox for each statement execute function api.wake_relay();

-- G1: a change commits together with the outbox row that speaks of it, or not at all. Checked at commit, so that a verb may
-- write in any order; a row names its outbox row by change_seq, and the outbox row must be this transaction's own.
create function api.demand_event() returns trigger language plpgsql as $$
declare
  subject uuid := new.id;
begin
  if tg_table_name = 'reminders' then
    subject := (to_jsonb(new) ->> 'task_id')::uuid;
  end if;
  if not exists (
    select from api.outbox o
    where o.user_id = new.user_id and o.change_seq = new.change_seq and o.xid = pg_current_xact_id()
      and (o.entity_id in (new.id, subject) or o.task_id = subject)
  ) then
    raise exception 'change of %.% % has no outbox row in its transaction', tg_table_schema, tg_table_name, new.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

-- A row that is removed cannot name its outbox row any more; that row is among the user's newest, for the user is locked.
create function api.demand_event_of_removal() returns trigger language plpgsql as $$
declare
  subject uuid := old.id;
begin
  if tg_table_name = 'reminders' then
    subject := (to_jsonb(old) ->> 'task_id')::uuid;
  end if;
  if not exists (
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

create constraint trigger tasks_event after insert or update on api.tasks
  deferrable initially deferred for each row execute function api.demand_event();
create constraint trigger tasks_event_of_removal after delete on api.tasks
  deferrable initially deferred for each row execute function api.demand_event_of_removal();
create constraint trigger tags_event after insert or update on api.tags
  deferrable initially deferred for each row execute function api.demand_event();
create constraint trigger tags_event_of_removal after delete on api.tags
  deferrable initially deferred for each row execute function api.demand_event_of_removal();
create constraint trigger reminders_event after insert or update on api.reminders
  deferrable initially deferred for each row execute function api.demand_event();
create constraint trigger reminders_event_of_removal after delete on api.reminders
  deferrable initially deferred for each row execute function api.demand_event_of_removal();

-- G2: a version never jumps and never goes back.
create function api.keep_version() returns trigger language plpgsql as $$
begin
  if new.version not in (old.version, old.version + 1) or new.change_seq < old.change_seq then
    raise exception 'version of %.% % went from % to %', tg_table_schema, tg_table_name, new.id, old.version, new.version
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger tasks_version before update on api.tasks for each row execute function api.keep_version();
create trigger tags_version before update on api.tags for each row execute function api.keep_version();
