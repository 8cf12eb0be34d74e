-- The way back from 0007_ops_reads.sql.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    revoke select (user_id, task_id, id, generation, remind_at, state) on api.reminders from carillon_ops;
    revoke select (created_at, published_at) on api.outbox from carillon_ops;
    revoke usage on schema api from carillon_ops;
  end if;
end $$;
