import type { ServiceName } from "@carillon/contracts/names";
import type { Sql } from "@carillon/kit/database";

/** A due alarm. `data` is JSON text; `lateMs` is how long ago it was due. */
export type DueAlarm = {
  service: ServiceName;
  name: string;
  revision: string;
  data: string;
  attempts: number;
  lateMs: number;
};

/** The recorded result of a ring: it is done, or will be retried. */
export type RingOutcome = { alarm: DueAlarm; again: { delayMs: number } | null };

/** The clock's statements on `bus.alarm`. Times are the database's own: an alarm is never early by its clock. */
export function alarmStore(sql: Sql, services: readonly ServiceName[]) {
  const mine = services.join();
  return {
    /**
     * At most `limit` due alarms, the earliest first. No other clock gets them for `leaseMs`, unless they
     * are set again.
     */
    async take(limit: number, leaseMs: number): Promise<DueAlarm[]> {
      return sql<DueAlarm[]>`
        with due as (
          select service, name from bus.alarm
          where service = any (string_to_array(${mine}::text, ',')) and ring_at <= now()
          order by ring_at limit ${limit} for update skip locked
        )
        update bus.alarm set attempts = attempts + 1, ring_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
        from due where alarm.service = due.service and alarm.name = due.name
        returning alarm.service, alarm.name, revision::text as revision, data::text as data, attempts,
          (extract(epoch from clock_timestamp() - due_at) * 1000)::float8 as "lateMs"`;
    },

    /** Milliseconds until the next one is due; null when none is set. */
    async nextInMs(): Promise<number | null> {
      const [row] = await sql<{ ms: number | null }[]>`
        select (extract(epoch from min(ring_at) - clock_timestamp()) * 1000)::float8 as ms from bus.alarm
        where service = any (string_to_array(${mine}::text, ','))`;
      return row?.ms ?? null;
    },

    /** Records the results of rings; an alarm that was set again meanwhile is left as it is. */
    async settle(outcomes: readonly RingOutcome[]): Promise<void> {
      const rows = outcomes.map(({ alarm: { service, name, revision }, again }) => ({
        service,
        name,
        revision,
        delay_ms: again && Math.round(again.delayMs),
      }));
      await sql`
        with outcome as (
          select * from json_to_recordset(${JSON.stringify(rows)}::text::json)
            as (service text, name text, revision uuid, delay_ms integer)
        ), over as (
          delete from bus.alarm using outcome
          where alarm.service = outcome.service and alarm.name = outcome.name and alarm.revision = outcome.revision
            and outcome.delay_ms is null
        )
        update bus.alarm set ring_at = clock_timestamp() + outcome.delay_ms * interval '1 millisecond' from outcome
        where alarm.service = outcome.service and alarm.name = outcome.name and alarm.revision = outcome.revision
          and outcome.delay_ms is not null`;
    },
  };
}

export type AlarmStore = ReturnType<typeof alarmStore>;
