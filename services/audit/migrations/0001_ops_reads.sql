-- Operators see whose history there is to verify, and nothing that stands in it. Where one role owns everything there is no carillon_ops.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    grant usage on schema audit to carillon_ops;
    grant select (user_id) on audit.heads to carillon_ops;
    grant select (user_id) on audit.entries to carillon_ops;
  end if;
end $$;
