import type { Clock } from "@carillon/kit/ports";
import type { Sql } from "postgres";

export type VirtualTime = {
  /** The database's clock. */
  now(): Date;
  /** Advances it; statements see it at once. */
  advance(ms: number): Promise<void>;
  /** A process's own clock, which differs from the database's by `skewMs`. */
  clockWith(skewMs: () => number): Clock;
};

/**
 * Puts a stopped clock into the database: functions of a schema of ours that hide PostgreSQL's own
 * `now()` and `clock_timestamp()` from the roles of the services. The product's statements do not
 * change.
 */
export async function installVirtualTime(sql: Sql, roles: readonly string[]): Promise<VirtualTime> {
  let nowMs = Date.now();
  await sql.unsafe(`
    create schema simulated;
    create table simulated.clock (at timestamptz not null);
    create function simulated.clock_timestamp() returns timestamptz language sql volatile
      begin atomic select at from simulated.clock; end;
    create function simulated.now() returns timestamptz language sql volatile
      begin atomic select at from simulated.clock; end;
    grant usage on schema simulated to public;
    grant select on simulated.clock to public;
  `);
  await sql`insert into simulated.clock values (${new Date(nowMs).toISOString()}::text::timestamptz)`;
  const [row] = await sql<{ name: string }[]>`select current_database() as name`;
  for (const role of roles)
    await sql.unsafe(`alter role ${role} in database ${row?.name} set search_path = simulated, pg_catalog`);
  return {
    now: () => new Date(nowMs),
    async advance(ms) {
      nowMs += ms;
      await sql`update simulated.clock set at = ${new Date(nowMs).toISOString()}::text::timestamptz`;
    },
    clockWith: (skewMs) => ({ now: () => new Date(nowMs + skewMs()) }),
  };
}
