-- The way back from 0002_seals.sql.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_audit') then
    revoke execute on function audit.erase(uuid, integer) from carillon_audit;
    if current_user <> 'carillon_audit' then
      grant update, delete on audit.entries to carillon_audit;
      grant delete on audit.heads to carillon_audit;
      grant insert, update, delete on audit.erased to carillon_audit;
    end if;
  end if;
end $$;
grant execute on function audit.erase(uuid, integer) to public;
alter function audit.erase(uuid, integer) security invoker reset search_path;
alter function audit.forget_erased() security invoker reset search_path;
alter table audit.entries drop column seal;
