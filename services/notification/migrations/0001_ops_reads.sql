-- Operators see what has become of a reminder. Where one role owns everything there is no carillon_ops.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    grant usage on schema notification to carillon_ops;
    grant select (user_id, reminder_id, generation, remind_at, status, reason, attempts, armed_at) on notification.deliveries to carillon_ops;
  end if;
end $$;
