-- The way back from 0001_ops_reads.sql.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    revoke select (user_id) on audit.entries from carillon_ops;
    revoke select (user_id) on audit.heads from carillon_ops;
    revoke usage on schema audit from carillon_ops;
  end if;
end $$;
