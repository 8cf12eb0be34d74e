import { BlockList } from "node:net";
import { localInvoker } from "@carillon/adapters/local";
import { createApp as createApi, createInternalApp as createInternalApi } from "@carillon/api/app";
import { depsForTests } from "@carillon/api/testing/deps";
import { createInternalApp as createAudit } from "@carillon/audit/app";
import { openBooks } from "@carillon/audit/books";
import type { ServiceName } from "@carillon/contracts/names";
import { createHeldKeys, relayPass, relayStore } from "@carillon/events/publish";
import { roleOf, type Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import type { Invoker } from "@carillon/kit/ports";
import { createInternalApp as createNotification } from "@carillon/notification/app";
import type { NotificationDeps } from "@carillon/notification/deps";
import { createInternalApp as createRecurring } from "@carillon/recurring/app";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { memoryState } from "@carillon/testing/memory-state";
import { type Door, forgetfulAlarms, simulatedBus, simulatedMailer } from "./carriers.ts";
import { installVirtualTime } from "./clock.ts";
import { createFaults } from "./faults.ts";
import type { Random } from "./random.ts";

export const appToken = "an app token for the simulated neighbours";
const auditKeys = { AUDIT_KEY: "a key of the simulated histories, long enough", AUDIT_OLD_KEY: null };
const roles = ["api", "audit", "notification"] as const;
export const replicaCount = 2;

export type World = Awaited<ReturnType<typeof openWorld>>;

/**
 * The product's own code on a real PostgreSQL, with a clock that stands still, carriers that fail as their ports allow, and processes
 * that end between any two awaits. Nothing in it runs by itself: every step is called.
 */
export async function openWorld(random: Random) {
  const database = await testDatabase({ migrations: roles });
  const time = await installVirtualTime(database.sql, roles.map(roleOf));
  const faults = createFaults(random);
  const pools = poolsOf(database);
  const sql = {
    api: faults.sql(pools.api),
    audit: faults.sql(pools.audit),
    notification: faults.sql(pools.notification),
  };
  const skews = { api: 0, notification: Array.from({ length: replicaCount }, () => 0) };
  const clock = time.clockWith(() => skews.api);
  const doors: { api?: Door } = {};
  const invokeAs = (from: ServiceName) => localInvoker({ doors, appToken, from });
  const bus = simulatedBus(random, faults);
  const mailer = simulatedMailer(random, faults, time.now);

  const apiDeps = await depsForTests({
    sql: sql.api,
    clock,
    invoke: invokeAs("api"),
    settings: { appToken, sessionMinutes: 525_600 },
  });
  const api: Door = createApi(apiDeps);
  doors.api = createInternalApi(apiDeps);
  const state = memoryState();
  const consumers = openConsumers({ sql, state, invokeAs, alarms: forgetfulAlarms(faults), mailer });
  const notifications: NotificationDeps[] = skews.notification.map((_, at) => ({
    ...consumers.notification,
    clock: time.clockWith(() => skews.notification[at] ?? 0),
  }));
  const store = relayStore(sql.api, "api");
  const allSlots = Array.from({ length: 12 }, (_, slot) => slot);

  return {
    sql: database.sql,
    time,
    faults,
    skews,
    bus,
    mailer,
    api,
    invoke: invokeAs("recurring"),
    state,
    notifications,
    doorOf: (service: Consumer): Door => consumers.doors[service](),
    /** One batch of the outbox; answers whether any row was published. */
    async relay(): Promise<boolean> {
      const lease = { lost: () => false, leave() {} };
      const limits = { batchRows: 50, share: 20, wasAway: false };
      const own = { store, bus, service: "api", clock, log: silentLog, slots: allSlots, lease, held: createHeldKeys() };
      return (await relayPass({ ...own, ...limits })).published > 0;
    },
    async close(): Promise<void> {
      await Promise.all(Object.values(pools).map((pool) => pool.end({ timeout: 2 })));
      await database.close();
    },
  };
}

const poolsOf = (database: TestDatabase) => ({
  api: database.connectAs("api"),
  audit: database.connectAs("audit"),
  notification: database.connectAs("notification"),
});

type Consumer = "audit" | "recurring" | "notification";

type Around = Pick<NotificationDeps, "alarms" | "mailer" | "state"> & {
  sql: Record<"audit" | "notification", Sql>;
  invokeAs(from: ServiceName): Invoker;
};

/** The services that read events: what notification runs with, and the door of each, as of a process that has just started. */
function openConsumers({ sql, state, invokeAs, alarms, mailer }: Around) {
  const notification = {
    sql: sql.notification,
    log: silentLog,
    invoke: invokeAs("notification"),
    alarms,
    mailer,
    width: 10,
    outside: { admitted: new BlockList() },
    push: null,
    state,
    appToken,
    publicUrl: new URL("http://localhost:3000"),
    newId: () => Bun.randomUUIDv7(),
  };
  const ignored = { rung() {}, sweep() {}, plansChanged() {} };
  const doors: Record<Consumer, () => Door> = {
    // A process that has just started remembers nothing of its own writing.
    audit: () => createAudit({ books: openBooks(sql.audit, auditKeys), log: silentLog, state, appToken }),
    recurring: () => createRecurring({ log: silentLog, appToken, invoke: invokeAs("recurring"), state }),
    notification: () => createNotification({ ...notification, courier: ignored }),
  };
  return { notification, doors };
}
