alter table api.reminders drop column is_snooze;
