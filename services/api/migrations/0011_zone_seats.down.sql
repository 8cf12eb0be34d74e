-- The way back from 0011_zone_seats.sql. Instants stay where they are.
do $$ begin
  if exists (select from pg_roles where rolname = 'carillon_ops') then
    revoke execute on function api.add_zones(text, text) from carillon_ops;
    revoke select (id, time_zone, days_zone, zone_release) on api.users from carillon_ops;
  end if;
end $$;
drop function api.add_zones(text, text);
drop table api.zone_releases;
alter table api.tasks drop column seatings;
drop index api.users_days_elsewhere;
drop index api.users_by_zone_release;
alter table api.users drop column seated_up_to;
alter table api.users drop column seating_release;
alter table api.users drop column days_zone;
alter table api.users drop column zone_release;
