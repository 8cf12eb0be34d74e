DROP INDEX "api"."tasks_of_old_editions";--> statement-breakpoint
CREATE INDEX "tasks_of_old_editions" ON "api"."tasks" USING btree ("user_id","id") WHERE search_edition < 2;