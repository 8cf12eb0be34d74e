-- The way back from 0009_known_clients.sql.
drop table api.known_clients;
drop table api.password_tries;
