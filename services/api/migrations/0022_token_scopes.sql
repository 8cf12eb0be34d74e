-- Tokens without an end, or with a later one, hold for a year from now.
update api.tokens set expires_at = now() + interval '365 days' where expires_at is null or expires_at > now() + interval '365 days';--> statement-breakpoint
ALTER TABLE "api"."tokens" ADD COLUMN "last_used_at" timestamp (3) with time zone;
