CREATE TABLE "api"."chat_usage" (
	"user_id" uuid NOT NULL,
	"used_on" date NOT NULL,
	"tokens" integer NOT NULL,
	CONSTRAINT "chat_usage_user_id_used_on_pk" PRIMARY KEY("user_id","used_on")
);
--> statement-breakpoint
CREATE TABLE "api"."conversations" (
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"title" text NOT NULL,
	"state" jsonb NOT NULL,
	"busy_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "conversations_user_id_id_pk" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "api"."messages" (
	"user_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"role" text NOT NULL,
	"content" text NOT NULL,
	"actions" jsonb NOT NULL,
	"proposal" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_user_id_conversation_id_id_pk" PRIMARY KEY("user_id","conversation_id","id")
);
--> statement-breakpoint
ALTER TABLE "api"."chat_usage" ADD CONSTRAINT "chat_usage_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."conversations" ADD CONSTRAINT "conversations_owner" FOREIGN KEY ("user_id") REFERENCES "api"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api"."messages" ADD CONSTRAINT "messages_conversation" FOREIGN KEY ("user_id","conversation_id") REFERENCES "api"."conversations"("user_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversations_by_update" ON "api"."conversations" USING btree ("user_id","updated_at","id");