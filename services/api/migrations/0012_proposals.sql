CREATE TABLE "api"."proposals" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"asked_by" text NOT NULL,
	"tool" text NOT NULL,
	"input" jsonb NOT NULL,
	"input_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "proposals_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
ALTER TABLE "api"."proposals" ADD CONSTRAINT "proposals_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "proposals_expiry" ON "api"."proposals" USING btree ("expires_at");