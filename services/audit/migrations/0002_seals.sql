ALTER TABLE "audit"."entries" ADD COLUMN "seal" "bytea";--> statement-breakpoint
-- The service's role writes histories and erases persons, and changes nothing: what owns the tables is another role. Where one role owns
-- everything these lines take nothing away.
alter function audit.forget_erased() security definer set search_path = pg_catalog, pg_temp;
alter function audit.erase(uuid, integer) security definer set search_path = pg_catalog, pg_temp;
revoke execute on function audit.erase(uuid, integer) from public;
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_audit') then
    grant execute on function audit.erase(uuid, integer) to carillon_audit;
    if current_user <> 'carillon_audit' then
      revoke update, delete on audit.entries from carillon_audit;
      revoke delete on audit.heads from carillon_audit;
      revoke insert, update, delete on audit.erased from carillon_audit;
    end if;
  end if;
end $$;
