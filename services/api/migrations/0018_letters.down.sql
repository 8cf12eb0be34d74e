-- The way back from 0018_letters.sql.
drop table api.letters, api.forgotten;
