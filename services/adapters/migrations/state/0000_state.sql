-- Small facts of services that own no schema: watermarks, failure notes.

create table state.entry (
  key text primary key,
  value jsonb not null,
  etag uuid not null default gen_random_uuid(),
  expires_at timestamptz
);
create index entry_expires on state.entry (expires_at) where expires_at is not null;
