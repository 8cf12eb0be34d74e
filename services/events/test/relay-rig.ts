import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import type { Message } from "@carillon/kit/ports";
import { testDatabase } from "@carillon/testing/database";
import { createOutbox } from "@carillon/testing/events";
import { startRelay } from "../src/publish/relay.ts";
import type { RelayOptions } from "../src/publish/relay-options.ts";

/** A database with an outbox and nothing else, and relays that publish from it. */
export async function openOutbox() {
  const database = await testDatabase({ migrations: [] });
  const sql = connect(database.urlFor("api"), { max: 4, name: "test-relay" });
  const owner = database.connectAs("owner");
  await createOutbox(owner).finally(() => owner.end());
  const closing: (() => Promise<unknown>)[] = [];
  return {
    database,
    sql,
    /** A relay with connections of its own, as of one replica. */
    relay(bus: RelayOptions["bus"], more: Partial<RelayOptions> = {}) {
      const own = connect(database.urlFor("api"), { max: 4, name: "test-relay-own" });
      const clock = { now: () => new Date() };
      const started = startRelay({ sql: own, schema: "api", bus, log: silentLog, clock, ...more });
      let stopped: Promise<void> | null = null;
      const stop = () => {
        stopped ??= started.stop().then(() => own.end({ timeout: 1 }));
        return stopped;
      };
      closing.push(stop);
      return { ...started, stop };
    },
    async unpublished(): Promise<number> {
      const [row] = await sql<
        { count: number }[]
      >`select count(*)::int as count from api.outbox where published_at is null`;
      return row?.count ?? -1;
    },
    async clear() {
      await sql`delete from api.outbox`;
    },
    async stopRelays() {
      for (const close of closing.splice(0).reverse()) await close();
    },
    async close() {
      await sql.end({ timeout: 1 });
      await database.close();
    },
  };
}

/** A broker that takes what `refuses` lets through. */
export function broker(refuses: (message: Message) => boolean = () => false) {
  const taken: CloudEvent<EventData>[] = [];
  const state = { away: false, calls: 0, taken };
  const bus = {
    async publish(messages: readonly Message[]) {
      state.calls++;
      await Bun.sleep(1);
      if (state.away || messages.some(refuses)) throw new Error("refused");
      for (const { topic, event } of messages) if (topic === "task-events") taken.push(event as CloudEvent<EventData>);
    },
  };
  return { ...state, state, bus, taken };
}

/** The numbers of a user's events, in the order in which they came. */
export const numbersOf = (events: readonly CloudEvent<EventData>[], userId: string): number[] =>
  events.filter((event) => event.partitionkey === userId).map((event) => event.data.change_seq);
