CREATE TABLE "audit"."entries" (
	"user_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"id" uuid NOT NULL,
	"task_id" uuid,
	"action" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	"changes" jsonb NOT NULL,
	"prev_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "entries_user_id_seq_pk" PRIMARY KEY("user_id","seq"),
	CONSTRAINT "entries_event_unique" UNIQUE("user_id","id"),
	CONSTRAINT "entries_seq_positive" CHECK (seq > 0)
);
--> statement-breakpoint
CREATE TABLE "audit"."erased" (
	"user_digest" "bytea" PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit"."heads" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	"hash" "bytea" DEFAULT decode(repeat('00', 32), 'hex') NOT NULL,
	"entry_id" uuid
);
--> statement-breakpoint
CREATE INDEX "entries_by_task" ON "audit"."entries" USING btree ("user_id","task_id","seq");--> statement-breakpoint
CREATE INDEX "entries_by_action" ON "audit"."entries" USING btree ("user_id","action","seq");--> statement-breakpoint
CREATE INDEX "entries_by_actor" ON "audit"."entries" USING btree ("user_id","actor","seq") WHERE actor <> 'user';--> statement-breakpoint
CREATE INDEX "entries_by_time" ON "audit"."entries" USING btree ("user_id","at");
--> statement-breakpoint
-- A head is rewritten with every batch; room on its page keeps the index out of it.
alter table audit.heads set (fillfactor = 70);

-- Append-only, for every role that can write here, the owner included. Whoever may switch triggers off can still forge: that the
-- chain of hashes shows.
create function audit.refuse() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only: % refused', tg_table_schema, tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;

create trigger entries_no_update before update on audit.entries for each statement execute function audit.refuse();
create trigger entries_no_truncate before truncate on audit.entries for each statement execute function audit.refuse();
create trigger heads_no_truncate before truncate on audit.heads for each statement execute function audit.refuse();
-- A chain grows. The condition is checked without calling the function, so it costs a writer nothing.
create trigger heads_only_grow before update on audit.heads for each row
  when (new.user_id <> old.user_id or new.seq <= old.seq) execute function audit.refuse();
create trigger erased_no_change before update or delete on audit.erased for each statement execute function audit.refuse();
create trigger erased_no_truncate before truncate on audit.erased for each statement execute function audit.refuse();

-- The id of a user has 74 random bits and stands nowhere any more after an erasure: nobody gets from the digest to a person.
create function audit.user_digest(user_id uuid) returns bytea language sql immutable strict parallel safe as $$
  select sha256(convert_to('carillon.audit.erased:' || user_id::text, 'UTF8'))
$$;

-- Rows may go only with the whole person.
create function audit.demand_erased() returns trigger language plpgsql as $$
begin
  if exists (
    select from (select distinct user_id from gone) who
    where not exists (select from audit.erased e where e.user_digest = audit.user_digest(who.user_id))
  ) then
    raise exception '%.% is append-only: % refused', tg_table_schema, tg_table_name, tg_op using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger entries_no_delete after delete on audit.entries referencing old table as gone
  for each statement execute function audit.demand_erased();
create trigger heads_no_delete after delete on audit.heads referencing old table as gone
  for each statement execute function audit.demand_erased();

-- A late event of an erased user finds no head, and cannot make one. After the insert, not before: an insert that waited for the
-- erasure to commit must see it.
create function audit.forget_erased() returns trigger language plpgsql as $$
begin
  delete from audit.heads h using fresh f
  where h.user_id = f.user_id and exists (select from audit.erased e where e.user_digest = audit.user_digest(f.user_id));
  return null;
end $$;
create trigger heads_of_the_living after insert on audit.heads referencing new table as fresh
  for each statement execute function audit.forget_erased();

-- Removes a user's history for good: how many entries went in this step, at most `at_most`; call it until it says 0. The head goes
-- first: a writer under way holds it, and ends before; whoever makes one meanwhile waits for this to commit. After the first step
-- nobody can write for this user any more.
create function audit.erase(erased_user uuid, at_most integer) returns integer language plpgsql as $$
declare
  gone integer;
begin
  insert into audit.heads (user_id) values (erased_user) on conflict do nothing;
  insert into audit.erased (user_digest) values (audit.user_digest(erased_user)) on conflict do nothing;
  delete from audit.heads where user_id = erased_user;
  delete from audit.entries where user_id = erased_user and seq in (
    select seq from audit.entries where user_id = erased_user order by seq limit at_most
  );
  get diagnostics gone = row_count;
  return gone;
end $$;
