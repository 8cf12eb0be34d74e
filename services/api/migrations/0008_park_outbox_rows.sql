ALTER TABLE "api"."outbox" ADD COLUMN "parked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "api"."outbox" ADD COLUMN "parked_reason" text;--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "api"."outbox" USING btree ("slot","id") WHERE published_at is null and parked_at is null;--> statement-breakpoint
CREATE INDEX "outbox_parked" ON "api"."outbox" USING btree ("id") WHERE parked_reason is not null;--> statement-breakpoint
-- What an operator may decide about a parked row, and nothing else: to let it go on to the bus again, or to give it up. A row that was
-- given up counts as published and stays marked as parked. True when there was something to decide.
create function api.replay_parked(row_id bigint) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  update api.outbox set parked_at = null
  where id = row_id and parked_reason is not null and parked_at is not null and published_at is null;
  if not found then
    return false;
  end if;
  perform pg_notify('outbox', '');
  return true;
end $$;

create function api.drop_parked(row_id bigint) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  update api.outbox set published_at = clock_timestamp()
  where id = row_id and parked_reason is not null and parked_at is not null and published_at is null;
  return found;
end $$;

revoke all on function api.replay_parked(bigint), api.drop_parked(bigint) from public;

do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    grant select (id, user_id, change_seq, event_id, type, parked_at, parked_reason) on api.outbox to carillon_ops;
    grant execute on function api.replay_parked(bigint), api.drop_parked(bigint) to carillon_ops;
  end if;
end $$;
