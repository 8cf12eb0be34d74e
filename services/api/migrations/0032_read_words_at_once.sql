-- A list of pending entries makes writes cheap, and each search and list of a tag reads all of it: three times the work of one.
alter index api.tasks_search set (fastupdate = off);
select gin_clean_pending_list('api.tasks_search');
