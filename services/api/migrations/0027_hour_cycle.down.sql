-- The way back from 0027_hour_cycle.sql.
alter table api.users drop column hour_cycle;
