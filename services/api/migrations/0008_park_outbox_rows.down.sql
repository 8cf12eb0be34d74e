-- The way back from 0008_park_outbox_rows.sql. What is parked waits for the bus again.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    revoke execute on function api.replay_parked(bigint), api.drop_parked(bigint) from carillon_ops;
    revoke select (id, user_id, change_seq, event_id, type, parked_at, parked_reason) on api.outbox from carillon_ops;
  end if;
end $$;
drop function api.drop_parked(bigint);
drop function api.replay_parked(bigint);
drop index api.outbox_parked;
drop index api.outbox_waiting;
alter table api.outbox drop column parked_reason;
alter table api.outbox drop column parked_at;
