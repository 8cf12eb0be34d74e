-- The way back from 0006_trash_by_due.sql.
drop index api.tasks_trash_by_due;
