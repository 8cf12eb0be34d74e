-- Operators see that changes wait and which reminders are due, and nothing anybody wrote. Where one role owns everything there is no carillon_ops.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    grant usage on schema api to carillon_ops;
    grant select (created_at, published_at) on api.outbox to carillon_ops;
    grant select (user_id, task_id, id, generation, remind_at, state) on api.reminders to carillon_ops;
  end if;
end $$;
