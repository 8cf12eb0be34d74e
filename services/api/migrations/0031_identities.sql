CREATE TABLE "api"."identities" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"email" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "identities_user_id_id_pk" PRIMARY KEY("user_id","id"),
	CONSTRAINT "identities_subject_unique" UNIQUE("issuer","subject")
);
--> statement-breakpoint
CREATE TABLE "api"."provider_flows" (
	"flow_hash" "bytea" PRIMARY KEY NOT NULL,
	"user_id" uuid,
	"session_id" uuid,
	"again" boolean NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api"."users" ALTER COLUMN "password_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "api"."identities" ADD CONSTRAINT "identities_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."provider_flows" ADD CONSTRAINT "provider_flows_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provider_flows_by_user" ON "api"."provider_flows" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "provider_flows_expiry" ON "api"."provider_flows" USING btree ("expires_at");