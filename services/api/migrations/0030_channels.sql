CREATE TABLE "api"."channel_sends" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"about" text NOT NULL,
	"event_type" text,
	"task_id" uuid,
	"reminder_id" uuid,
	"generation" integer,
	"change_seq" bigint,
	"recipient" "bytea",
	"state" text NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"status_code" smallint,
	"detail" text,
	"next_try_at" timestamp with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "channel_sends_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "api"."channels" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"recipient" "bytea" NOT NULL,
	"events" text[] DEFAULT '{}' NOT NULL,
	"rings" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"next_at" timestamp with time zone,
	"leased_until" timestamp with time zone,
	CONSTRAINT "channels_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "api"."push_key" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"public_key" text
);
--> statement-breakpoint
ALTER TABLE "api"."users" ADD COLUMN "event_hooks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."channel_sends" ADD CONSTRAINT "channel_sends_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."channels" ADD CONSTRAINT "channels_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_sends_once_per_reminder" ON "api"."channel_sends" USING btree ("user_id","reminder_id","generation","channel_id") WHERE about = 'reminder';--> statement-breakpoint
CREATE UNIQUE INDEX "channel_sends_once_per_event" ON "api"."channel_sends" USING btree ("user_id","channel_id","change_seq") WHERE about = 'event';--> statement-breakpoint
CREATE INDEX "channel_sends_waiting" ON "api"."channel_sends" USING btree ("user_id","channel_id","next_try_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "channel_sends_log" ON "api"."channel_sends" USING btree ("user_id","channel_id","id");--> statement-breakpoint
CREATE INDEX "channel_sends_by_recipient" ON "api"."channel_sends" USING btree ("recipient","created_at");--> statement-breakpoint
CREATE INDEX "channel_sends_age" ON "api"."channel_sends" USING brin ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "channels_one_per_target" ON "api"."channels" USING btree ("user_id","kind","recipient");--> statement-breakpoint
CREATE INDEX "channels_next" ON "api"."channels" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
-- A row is rewritten with each attempt, a channel with each message.
alter table api.channel_sends set (fillfactor = 80);--> statement-breakpoint
alter table api.channels set (fillfactor = 70);
