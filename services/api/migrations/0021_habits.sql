ALTER TABLE "api"."users" ADD COLUMN "words_language" text;--> statement-breakpoint
ALTER TABLE "api"."users" ADD COLUMN "date_order" text DEFAULT 'dmy' NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."users" ADD COLUMN "week_start" text DEFAULT 'monday' NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."users" ADD COLUMN "day_parts" jsonb DEFAULT '{}'::jsonb NOT NULL;