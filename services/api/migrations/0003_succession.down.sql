drop index api.tasks_open_succession;
alter table api.tasks drop column successor_version, drop column succession, drop column series_ordinal;
