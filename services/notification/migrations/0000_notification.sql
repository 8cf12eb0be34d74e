CREATE TABLE "notification"."deliveries" (
	"user_id" uuid NOT NULL,
	"reminder_id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"task_id" uuid NOT NULL,
	"remind_at" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_try_at" timestamp with time zone NOT NULL,
	"lease" uuid,
	"armed_at" timestamp with time zone,
	"report_at" timestamp with time zone,
	"sent_at" timestamp (3) with time zone,
	"ended_at" timestamp with time zone,
	"traceparent" text,
	CONSTRAINT "deliveries_user_id_reminder_id_generation_pk" PRIMARY KEY("user_id","reminder_id","generation")
);
--> statement-breakpoint
CREATE TABLE "notification"."notification_log" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"reminder_id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"notification_type" text NOT NULL,
	"status" text NOT NULL,
	"retry_count" integer DEFAULT 0 NOT NULL,
	"detail" text,
	"message_id" text,
	"sent_at" timestamp (3) with time zone,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "notification_log_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE INDEX "deliveries_by_reminder" ON "notification"."deliveries" USING btree ("reminder_id","generation");--> statement-breakpoint
CREATE INDEX "deliveries_next" ON "notification"."deliveries" USING btree ("next_try_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_to_arm" ON "notification"."deliveries" USING btree ("remind_at") WHERE status = 'pending' and armed_at is null;--> statement-breakpoint
CREATE INDEX "deliveries_to_clear" ON "notification"."deliveries" USING btree ("remind_at") WHERE status = 'cancelled' and armed_at is not null;--> statement-breakpoint
CREATE INDEX "deliveries_to_report" ON "notification"."deliveries" USING btree ("report_at") WHERE report_at is not null;--> statement-breakpoint
CREATE INDEX "deliveries_by_time" ON "notification"."deliveries" USING btree ("remind_at");--> statement-breakpoint
CREATE INDEX "notification_log_by_reminder" ON "notification"."notification_log" USING btree ("user_id","reminder_id");--> statement-breakpoint
CREATE INDEX "notification_log_age" ON "notification"."notification_log" USING brin ("created_at");--> statement-breakpoint
-- A row is rewritten some six times within a second of its instant.
alter table notification.deliveries set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
