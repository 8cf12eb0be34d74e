CREATE TABLE "api"."reminder_attempts" (
	"user_id" uuid NOT NULL,
	"task_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"attempts" integer NOT NULL,
	CONSTRAINT "reminder_attempts_user_id_task_id_id_pk" PRIMARY KEY("user_id","task_id","id")
);
--> statement-breakpoint
DROP INDEX "api"."reminders_due";--> statement-breakpoint
ALTER TABLE "api"."reminder_attempts" ADD CONSTRAINT "reminder_attempts_reminder" FOREIGN KEY ("user_id","task_id","id") REFERENCES "api"."reminders"("user_id","task_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reminders_by_id" ON "api"."reminders" USING btree ("id");--> statement-breakpoint
CREATE INDEX "reminders_by_time" ON "api"."reminders" USING btree ("user_id",coalesce(remind_at, '-infinity'::timestamptz) desc,"id");--> statement-breakpoint
CREATE INDEX "reminders_due" ON "api"."reminders" USING btree ("remind_at","id") WHERE state = 'pending';