DROP INDEX "api"."tasks_by_title";--> statement-breakpoint
ALTER TABLE "api"."tasks" ADD COLUMN "search_edition" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "tasks_of_old_editions" ON "api"."tasks" USING btree ("user_id","id") WHERE search_edition < 1;--> statement-breakpoint
CREATE INDEX "tasks_by_title" ON "api"."tasks" USING btree ("user_id",title collate "unicode","id");--> statement-breakpoint
-- What a task is found by follows from its text: parting it into words in another way is no change of the task, and no event tells of it.
drop trigger tasks_event on api.tasks;
create constraint trigger tasks_event after insert or update of
  user_id, id, title, description, priority, due_at, time_zone, all_day, tag_ids, recurring_pattern, rrule, rrule_text,
  recurrence_anchor, recurrence_ends_at, series_id, series_start, occurrence_at, excluded_dates, series_ordinal, parent_task_id,
  succession, seatings, successor_version, completed_at, version, change_seq, created_at, updated_at, deleted_at, overdue_at
  on api.tasks deferrable initially deferred for each row execute function api.demand_event();

-- Names of tags with blanks at their ends, in runs or of other kinds than the usual one: two of them may be one name now. api makes them
-- one as it starts.
create function api.is_unfolded(name_key text) returns boolean language sql immutable strict parallel safe as $$
  select name_key ~ '^ | $|  |[\u0009-\u000d\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]'
$$;
create index tags_unfolded on api.tags (user_id, id) where api.is_unfolded(name_key);
