-- The way back from 0017_session_use.sql.
alter table api.sessions drop column last_used_at, drop column client, drop column address;
