-- The way back from 0026_join_words.sql. What tasks are found by is parted as before when they are changed next.
drop index api.tasks_of_old_editions;
create index tasks_of_old_editions on api.tasks (user_id, id) where search_edition < 1;
