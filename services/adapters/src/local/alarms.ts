import type { ServiceName } from "@carillon/contracts/names";
import { isDatabaseAway, type Sql } from "@carillon/kit/database";
import type { Alarms } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";

/**
 * Alarms of one service in the table `bus.alarm`; `startAlarmClock` rings them. Safe while one rings:
 * it then rings again.
 */
export function localAlarms({ sql, service }: { sql: Sql; service: ServiceName }): Alarms {
  return {
    set: async (name, dueAt, data) => reaching(write(name, dueAt.toISOString(), JSON.stringify(data ?? null))),
    clear: (name) => reaching(sql`delete from bus.alarm where service = ${service} and name = ${name}`),
  };

  // Clocks are woken only for a new earliest alarm; they know when the next one is due.
  function write(name: string, dueAt: string, data: string): PromiseLike<unknown> {
    return sql`
      with earlier as (
        select 1 from bus.alarm
        where service = ${service} and ring_at < ${dueAt}::text::timestamptz and name <> ${name} limit 1
      ), written as (
        insert into bus.alarm (service, name, due_at, ring_at, data)
        select ${service}, ${name}, at, at, ${data}::text::json from (select ${dueAt}::text::timestamptz as at) as given
        on conflict (service, name) do update
        set due_at = excluded.due_at, ring_at = excluded.ring_at, data = excluded.data, revision = excluded.revision, attempts = 0
      )
      select pg_notify('alarm', ${service}) where not exists (select from earlier)`;
  }
}

async function reaching(statement: PromiseLike<unknown>): Promise<void> {
  try {
    await statement;
  } catch (cause) {
    if (isDatabaseAway(cause)) throw new Problem("unavailable", "The alarm clock cannot be reached.", { cause });
    throw cause;
  }
}
