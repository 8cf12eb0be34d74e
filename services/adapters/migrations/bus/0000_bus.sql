-- The embedded event bus: messages, what is still to be delivered to whom, and what could not be.

create table bus.message (
  id bigint generated always as identity primary key,
  topic text not null,
  key uuid not null,
  slot smallint not null,
  event_id text not null,
  event json not null,
  created_at timestamptz not null default clock_timestamp()
);
create index message_created on bus.message using brin (created_at);

-- One row per message and subscriber until it is settled. In key order by message_id; a row with a next_attempt_at in the future
-- holds back all later ones of its key.
create table bus.delivery (
  subscriber text not null,
  slot smallint not null,
  message_id bigint not null,
  key uuid not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  last_error text,
  primary key (subscriber, slot, message_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index delivery_failed on bus.delivery (subscriber, key) where next_attempt_at is not null;

-- Running processes that want every message of a topic for themselves. A name that was not seen for a minute is forgotten.
create table bus.subscriber (
  name text primary key,
  topic text not null,
  seen_at timestamptz not null default clock_timestamp()
);

create table bus.dead_letter (
  id bigint generated always as identity primary key,
  topic text not null,
  original_topic text not null,
  subscriber text not null,
  key uuid not null,
  event_id text not null,
  event json not null,
  reason text not null,
  attempts integer not null,
  parked_at timestamptz not null default clock_timestamp(),
  replayed_at timestamptz
);
create index dead_letter_topic on bus.dead_letter (topic, id);
