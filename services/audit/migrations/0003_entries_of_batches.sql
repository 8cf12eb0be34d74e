ALTER TABLE "audit"."entries" ADD COLUMN "tag_id" uuid;--> statement-breakpoint
ALTER TABLE "audit"."entries" ADD COLUMN "batch_id" uuid;--> statement-breakpoint
CREATE INDEX "entries_by_batch" ON "audit"."entries" USING btree ("user_id","batch_id","seq") WHERE batch_id is not null;