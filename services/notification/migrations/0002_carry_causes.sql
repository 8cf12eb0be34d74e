ALTER TABLE "notification"."deliveries" ADD COLUMN "correlation_id" text;--> statement-breakpoint
ALTER TABLE "notification"."deliveries" ADD COLUMN "causation_id" text;