ALTER TABLE "api"."sessions" ADD COLUMN "last_used_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."sessions" ADD COLUMN "client" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."sessions" ADD COLUMN "address" text;--> statement-breakpoint
update api.sessions set last_used_at = created_at;
