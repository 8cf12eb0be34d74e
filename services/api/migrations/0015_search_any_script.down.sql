-- The way back from 0015_search_any_script.sql. What tasks are found by is parted as before when they are changed next.
drop index api.tags_unfolded;
drop function api.is_unfolded(text);
drop trigger tasks_event on api.tasks;
create constraint trigger tasks_event after insert or update on api.tasks
  deferrable initially deferred for each row execute function api.demand_event();
drop index api.tasks_by_title;
create index tasks_by_title on api.tasks (user_id, lower(title), id);
drop index api.tasks_of_old_editions;
alter table api.tasks drop column search_edition;
