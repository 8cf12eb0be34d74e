-- The embedded alarm clock: whose door to knock at, when, and with what.

create table bus.alarm (
  service text not null,
  name text not null,
  due_at timestamptz not null,
  data json not null,
  -- Another one with each set: a ring that ends forgets only the alarm that it rang.
  revision uuid not null default gen_random_uuid(),
  -- When to knock next: at first due_at; while it rings, when to believe that the ringer died; after a refusal, the next try.
  ring_at timestamptz not null,
  attempts integer not null default 0,
  primary key (service, name)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index alarm_next on bus.alarm (service, ring_at);
