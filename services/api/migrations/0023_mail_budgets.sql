CREATE TABLE "api"."mail_grants" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"recipient" "bytea" NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mail_grants_user_id_id_generation_pk" PRIMARY KEY("user_id","id","generation")
);
--> statement-breakpoint
CREATE TABLE "api"."stopped_addresses" (
	"recipient" "bytea" PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api"."mail_grants" ADD CONSTRAINT "mail_grants_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mail_grants_by_recipient" ON "api"."mail_grants" USING btree ("recipient","granted_at");--> statement-breakpoint
CREATE INDEX "mail_grants_age" ON "api"."mail_grants" USING btree ("granted_at");