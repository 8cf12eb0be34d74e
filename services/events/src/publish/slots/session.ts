import { slotCount } from "@carillon/contracts/names";
import { openSession, type Sql } from "@carillon/kit/database";
import { fnv1a } from "./slot-of.ts";

/** The locks of a purpose at one moment. */
export type Look = { replicas: number; held: number[]; taken: number[] };

/** One database session that holds advisory locks for one purpose. Its locks end with its connection. */
export type SlotSession = {
  /** Announces this replica if necessary, and reads the holders of all locks. */
  look(): Promise<Look>;
  /** The slots of `wanted` that were free and are ours now. */
  take(wanted: readonly number[]): Promise<number[]>;
  release(slot: number): Promise<void>;
  /** Drops the connection without waiting for it. */
  close(): void;
  end(): Promise<void>;
};

/** The second half of the lock by which replicas count each other; slots are below it. */
const presence = 1_000;

/** A session whose connection has just been requested; `onLost` is called when it has ended. */
export function openSlotSession(sql: Sql, purpose: string, onLost: () => void): SlotSession {
  const session = openSession(sql, { onLost });
  const own = session.sql;
  const lock = fnv1a(purpose) & 0x7fffffff;

  const look = async (): Promise<Look & { announced: boolean }> => {
    const rows = await own<{ slot: number; mine: boolean }[]>`
      select objid::int4 as slot, pid = pg_backend_pid() as mine from pg_locks
      where locktype = 'advisory' and objsubid = 2 and classid::int8 = ${lock} and granted
        and database = (select oid from pg_database where datname = current_database())`;
    const slots = (mine: boolean) =>
      rows.filter((row) => row.slot < slotCount && row.mine === mine).map((row) => row.slot);
    const present = rows.filter((row) => row.slot === presence);
    return {
      replicas: present.length,
      announced: present.some((row) => row.mine),
      held: slots(true),
      taken: slots(false),
    };
  };

  return {
    async look() {
      const seen = await look();
      if (seen.announced) return seen;
      await own`select pg_advisory_lock_shared(${lock}::int4, ${presence}::int4)`;
      return { ...seen, replicas: seen.replicas + 1 };
    },
    async take(wanted) {
      if (wanted.length === 0) return [];
      const rows = await own<{ slot: number }[]>`
        select slot from unnest(string_to_array(${wanted.join()}::text, ',')::int4[]) as slot
        where pg_try_advisory_lock(${lock}::int4, slot)`;
      return rows.map((row) => row.slot);
    },
    async release(slot) {
      await own`select pg_advisory_unlock(${lock}::int4, ${slot}::int4)`;
    },
    close: session.drop,
    end: session.end,
  };
}
