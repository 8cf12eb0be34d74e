-- Accounts that are there already keep null: how many of their events there were is known to nothing any more.
ALTER TABLE "api"."users" ADD COLUMN "history_events" bigint;
ALTER TABLE "api"."users" ALTER COLUMN "history_events" SET DEFAULT 0;

do $$ begin
  -- Operators see which users there are, so that a history which is gone as a whole is asked about, too.
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    grant select (id) on api.users to carillon_ops;
  end if;
  -- The embedded product's operators enter as api, which does not own these functions.
  if exists (select from pg_roles where rolname = 'carillon_api') then
    grant execute on function api.replay_parked(bigint), api.drop_parked(bigint) to carillon_api;
  end if;
end $$;
