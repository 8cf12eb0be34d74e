ALTER TABLE "api"."tasks" ADD COLUMN "series_ordinal" integer;--> statement-breakpoint
ALTER TABLE "api"."tasks" ADD COLUMN "succession" text;--> statement-breakpoint
ALTER TABLE "api"."tasks" ADD COLUMN "successor_version" integer;--> statement-breakpoint
CREATE INDEX "tasks_open_succession" ON "api"."tasks" USING btree ("completed_at","user_id","id") WHERE succession = 'open' and completed_at is not null and rrule is not null and deleted_at is null;