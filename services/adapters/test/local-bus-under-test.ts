import type { Subscription } from "@carillon/contracts/catalog";
import type { ServiceName } from "@carillon/contracts/names";
import { connect, type Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { localBus } from "../src/local/bus.ts";
import { startDeliveries } from "../src/local/deliveries.ts";
import type { Door } from "../src/local/door.ts";
import { localState } from "../src/local/state.ts";
import type { BusUnderTest } from "./bus-under-test.ts";
import { startKillable } from "./killable.ts";

export const clock = { now: () => new Date() };
export const appToken = "test-token";

export type LocalBusUnderTest = BusUnderTest & { database: TestDatabase; sql: Sql };

/** The local adapter on a database of its own. */
export async function openLocalBus(subscriptions: readonly Subscription[]): Promise<LocalBusUnderTest> {
  const database = await testDatabase({ migrations: ["bus", "state"] });
  const sql = connect(database.urlFor("bus"), { max: 4, name: "test-bus" });
  const stateSql = connect(database.urlFor("state"), { max: 2, name: "test-state" });
  const away = connect("postgres://unknown@127.0.0.1:1/nowhere", { max: 1, name: "test-away" });
  const closing: (() => Promise<unknown>)[] = [];

  async function start(doors: Partial<Record<ServiceName, Door>>) {
    const own = connect(database.urlFor("bus"), { max: 4, name: "test-replica" });
    const deliveries = startDeliveries({ sql: own, doors, appToken, log: silentLog, clock, subscriptions });
    await deliveries.ready;
    let stopped: Promise<void> | null = null;
    const stop = () => {
      stopped ??= deliveries.stop().then(() => own.end({ timeout: 1 }));
      return stopped;
    };
    closing.push(stop);
    return { stop };
  }

  return {
    database,
    sql,
    bus: localBus({ sql, subscriptions }),
    awayBus: localBus({ sql: away, subscriptions }),
    state: localState({ sql: stateSql }),
    appToken,
    apart: () => [crypto.randomUUID(), crypto.randomUUID()],
    start,
    startKillable: (doors) =>
      startKillable({
        script: "delivery-process.ts",
        before: [database.urlFor("bus")],
        after: Object.keys(doors),
        handle: (request) => passOn(doors, request),
        closing,
      }),
    async deadLetters(topic) {
      return sql<{ eventId: string; reason: string }[]>`
        select event_id as "eventId", reason from bus.dead_letter where topic = ${topic} order by id`;
    },
    async close() {
      for (const close of closing.splice(0)) await close();
      await Promise.all([
        sql.end({ timeout: 1 }),
        stateSql.end({ timeout: 1 }),
        away.end({ timeout: 1 }),
        database.close(),
      ]);
    },
  };
}

async function passOn(doors: Partial<Record<ServiceName, Door>>, request: Request): Promise<Response> {
  const [, service = "", ...rest] = new URL(request.url).pathname.split("/");
  const door = Object.entries(doors).find(([name]) => name === service)?.[1];
  if (!door) return new Response(null, { status: 404 });
  const copy = new Request(`http://localhost/${rest.join("/")}`, {
    method: "POST",
    headers: request.headers,
    body: await request.text(),
  });
  return door.handle(copy);
}
