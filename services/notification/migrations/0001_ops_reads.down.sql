-- The way back from 0001_ops_reads.sql.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    revoke select (user_id, reminder_id, generation, remind_at, status, reason, attempts, armed_at) on notification.deliveries from carillon_ops;
    revoke usage on schema notification from carillon_ops;
  end if;
end $$;
