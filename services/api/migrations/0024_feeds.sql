CREATE TABLE "api"."feeds" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"tag_id" uuid,
	"secret_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "feeds_user_id_id_pk" PRIMARY KEY("user_id","id"),
	CONSTRAINT "feeds_secret_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
ALTER TABLE "api"."feeds" ADD CONSTRAINT "feeds_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;