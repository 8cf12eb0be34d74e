CREATE TABLE "api"."idempotency_keys" (
	"user_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_hash" "bytea" NOT NULL,
	"status" smallint NOT NULL,
	"headers" jsonb NOT NULL,
	"body" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
CREATE TABLE "api"."outbox" (
	"user_id" uuid NOT NULL,
	"change_seq" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "api"."outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"slot" smallint NOT NULL,
	"event_id" uuid NOT NULL,
	"type" text NOT NULL,
	"entity_id" uuid NOT NULL,
	"task_id" uuid,
	"event" jsonb NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"published_at" timestamp with time zone,
	CONSTRAINT "outbox_user_id_change_seq_pk" PRIMARY KEY("user_id","change_seq"),
	CONSTRAINT "outbox_event_unique" UNIQUE("event_id")
);
--> statement-breakpoint
CREATE TABLE "api"."rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"empty_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api"."reminders" (
	"user_id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"before" text,
	"remind_at" timestamp (3) with time zone,
	"state" text NOT NULL,
	"reason" text,
	"sent_at" timestamp (3) with time zone,
	"generation" integer DEFAULT 1 NOT NULL,
	"change_seq" bigint NOT NULL,
	CONSTRAINT "reminders_user_id_task_id_id_pk" PRIMARY KEY("user_id","task_id","id")
);
--> statement-breakpoint
CREATE TABLE "api"."sessions" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sessions_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "api"."tags" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"color" text NOT NULL,
	"version" integer NOT NULL,
	"change_seq" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tags_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "api"."tasks" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"priority" smallint DEFAULT 1 NOT NULL,
	"due_at" timestamp (3) with time zone,
	"time_zone" text NOT NULL,
	"all_day" boolean DEFAULT false NOT NULL,
	"tag_ids" uuid[] DEFAULT '{}' NOT NULL,
	"recurring_pattern" text,
	"rrule" text,
	"rrule_text" text,
	"recurrence_anchor" text DEFAULT 'due_date' NOT NULL,
	"recurrence_ends_at" timestamp (3) with time zone,
	"series_id" uuid,
	"series_start" timestamp (3) with time zone,
	"occurrence_at" timestamp (3) with time zone,
	"excluded_dates" timestamp (3) with time zone[] DEFAULT '{}' NOT NULL,
	"parent_task_id" uuid,
	"completed_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"change_seq" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"overdue_at" timestamp (3) with time zone,
	"search" "tsvector" NOT NULL,
	CONSTRAINT "tasks_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "api"."tokens" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"scope" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	CONSTRAINT "tokens_user_id_id_pk" PRIMARY KEY("user_id","id"),
	CONSTRAINT "tokens_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "api"."tombstones" (
	"user_id" uuid NOT NULL,
	"change_seq" bigint NOT NULL,
	"type" text NOT NULL,
	"id" uuid NOT NULL,
	CONSTRAINT "tombstones_user_id_change_seq_id_pk" PRIMARY KEY("user_id","change_seq","id")
);
--> statement-breakpoint
CREATE TABLE "api"."users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_key" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"password_hash" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"notify_by_email" boolean DEFAULT true NOT NULL,
	"change_seq" bigint DEFAULT 0 NOT NULL,
	"live_tasks" integer DEFAULT 0 NOT NULL,
	"tag_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_email_key_unique" UNIQUE("email_key")
);
--> statement-breakpoint
ALTER TABLE "api"."idempotency_keys" ADD CONSTRAINT "idempotency_keys_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."reminders" ADD CONSTRAINT "reminders_task" FOREIGN KEY ("user_id","task_id") REFERENCES "api"."tasks"("user_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."sessions" ADD CONSTRAINT "sessions_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."tags" ADD CONSTRAINT "tags_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."tasks" ADD CONSTRAINT "tasks_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."tokens" ADD CONSTRAINT "tokens_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."tombstones" ADD CONSTRAINT "tombstones_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "api"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "outbox_unpublished" ON "api"."outbox" USING btree ("slot","id") WHERE published_at is null;--> statement-breakpoint
CREATE INDEX "outbox_age" ON "api"."outbox" USING brin ("created_at");--> statement-breakpoint
CREATE INDEX "reminders_due" ON "api"."reminders" USING btree ("remind_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "api"."sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tags_name_unique" ON "api"."tags" USING btree ("user_id",name_key collate "C");--> statement-breakpoint
CREATE INDEX "tags_by_change" ON "api"."tags" USING btree ("user_id","change_seq");--> statement-breakpoint
CREATE INDEX "tasks_by_due" ON "api"."tasks" USING btree ("user_id",coalesce(due_at, 'infinity'::timestamptz),"id");--> statement-breakpoint
CREATE INDEX "tasks_by_due_back" ON "api"."tasks" USING btree ("user_id",coalesce(due_at, '-infinity'::timestamptz) desc,"id");--> statement-breakpoint
CREATE INDEX "tasks_pending_by_due" ON "api"."tasks" USING btree ("user_id",coalesce(due_at, 'infinity'::timestamptz),"id") WHERE completed_at is null and deleted_at is null;--> statement-breakpoint
CREATE INDEX "tasks_recurring" ON "api"."tasks" USING btree ("user_id",coalesce(due_at, 'infinity'::timestamptz),"id") WHERE rrule is not null;--> statement-breakpoint
CREATE INDEX "tasks_by_created" ON "api"."tasks" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "tasks_by_updated" ON "api"."tasks" USING btree ("user_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "tasks_by_priority" ON "api"."tasks" USING btree ("user_id","priority","id");--> statement-breakpoint
CREATE INDEX "tasks_by_priority_back" ON "api"."tasks" USING btree ("user_id","priority" DESC NULLS FIRST,"id");--> statement-breakpoint
CREATE INDEX "tasks_by_title" ON "api"."tasks" USING btree ("user_id",lower(title),"id");--> statement-breakpoint
CREATE INDEX "tasks_by_change" ON "api"."tasks" USING btree ("user_id","change_seq");--> statement-breakpoint
CREATE INDEX "tasks_in_trash" ON "api"."tasks" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "tasks_search" ON "api"."tasks" USING gin ("user_id","search","tag_ids");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_one_successor" ON "api"."tasks" USING btree ("user_id","parent_task_id") WHERE parent_task_id is not null;--> statement-breakpoint
CREATE INDEX "tokens_expiry" ON "api"."tokens" USING btree ("expires_at") WHERE expires_at is not null;