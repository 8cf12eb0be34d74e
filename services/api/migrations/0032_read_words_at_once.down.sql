-- The way back from 0032_read_words_at_once.sql.
alter index api.tasks_search reset (fastupdate);
