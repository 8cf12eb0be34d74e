-- The way back from 0010_count_history.sql.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    revoke select (id) on api.users from carillon_ops;
  end if;
  if exists (select from pg_roles where rolname = 'carillon_api') and current_user <> 'carillon_api' then
    revoke execute on function api.replay_parked(bigint), api.drop_parked(bigint) from carillon_api;
  end if;
end $$;
alter table api.users drop column history_events;
