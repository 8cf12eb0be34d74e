CREATE TABLE "api"."mail_transport" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"goes_out" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api"."users" ALTER COLUMN "email_key" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."users" ADD COLUMN "email_verified_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "api"."users" ADD COLUMN "claimed_key" text;--> statement-breakpoint
ALTER TABLE "api"."users" ADD COLUMN "language" text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."letters" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "api"."letters" ADD COLUMN "details" jsonb;--> statement-breakpoint
ALTER TABLE "api"."sessions" ADD COLUMN "proven_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."mail_transport" ADD CONSTRAINT "mail_transport_is_one_row" CHECK (is_only);--> statement-breakpoint
-- Accounts from before addresses were proven keep their mail. What was proven in a session so far is its sign-in.
update api.users set email_verified_at = created_at;--> statement-breakpoint
update api.sessions set proven_at = created_at;
