drop function audit.erase(uuid, integer);
drop table audit.entries;
drop table audit.heads;
drop table audit.erased;
drop function audit.forget_erased();
drop function audit.demand_erased();
drop function audit.user_digest(uuid);
drop function audit.refuse();
