-- The way back from 0022_token_scopes.sql. A token of a narrower scope than the former release knows is revoked.
delete from api.tokens where scope not in ('read', 'write');
alter table api.tokens drop column last_used_at;
