-- The way back from 0004_reminder_delivery.sql.
drop index api.reminders_by_time;
drop index api.reminders_by_id;
drop index api.reminders_due;
create index reminders_due on api.reminders using btree (remind_at) where state = 'pending';
drop table api.reminder_attempts;
