CREATE TABLE "api"."known_clients" (
	"user_id" uuid NOT NULL,
	"client" "bytea" NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "known_clients_user_id_client_pk" PRIMARY KEY("user_id","client")
);
--> statement-breakpoint
CREATE TABLE "api"."password_tries" (
	"key" text PRIMARY KEY NOT NULL,
	"tries" integer NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"forgotten_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api"."known_clients" ADD CONSTRAINT "known_clients_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "known_clients_expiry" ON "api"."known_clients" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "password_tries_expiry" ON "api"."password_tries" USING btree ("forgotten_at");--> statement-breakpoint
-- Worth nothing after a crash, and written for each sign-in.
alter table api.password_tries set unlogged;
