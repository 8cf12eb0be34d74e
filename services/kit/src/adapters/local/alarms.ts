import type { ServiceName } from "@carillon/contracts/names";
import type { Sql } from "../../db.ts";
import type { Alarms } from "../../ports.ts";

/** Alarms of one service in the table `bus.alarm`; `startAlarmClock` rings them. Safe while one rings: it then rings again. */
export function localAlarms({ sql, service }: { sql: Sql; service: ServiceName }): Alarms {
  return {
    async set(name, dueAt, data) {
      // Clocks are woken for what comes before everything else; they know when the next one is due.
      await sql`
        with earlier as (
          select 1 from bus.alarm
          where service = ${service} and ring_at < ${dueAt.toISOString()}::text::timestamptz and name <> ${name} limit 1
        ), written as (
          insert into bus.alarm (service, name, due_at, ring_at, data)
          select ${service}, ${name}, at, at, ${JSON.stringify(data ?? null)}::text::json
          from (select ${dueAt.toISOString()}::text::timestamptz as at) as given
          on conflict (service, name) do update
          set due_at = excluded.due_at, ring_at = excluded.ring_at, data = excluded.data, revision = excluded.revision, attempts = 0
        )
        select pg_notify('alarm', ${service}) where not exists (select from earlier)`;
    },

    async clear(name) {
      await sql`delete from bus.alarm where service = ${service} and name = ${name}`;
    },
  };
}
