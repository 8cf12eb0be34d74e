-- The way back from 0021_habits.sql.
alter table api.users drop column words_language, drop column date_order, drop column week_start, drop column day_parts;
