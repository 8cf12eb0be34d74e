/**
 * Prints how many events a second the embedded bus carries from outbox rows to two subscribers whose
 * handlers do nothing, and how long one takes at 20 a second: `bun services/adapters/bench/bus.ts
 * [events] [users]`. On a database of its own (TEST_DATABASE_URL's server, else the throwaway
 * cluster).
 */

import { done, subscribe } from "@carillon/events/consume";
import { startRelay } from "@carillon/events/publish";
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { createInternalService } from "@carillon/kit/service";
import { testDatabase } from "@carillon/testing/database";
import { appendAll, createOutbox, eventOf } from "@carillon/testing/events";
import { localBus } from "../src/local/bus.ts";
import { startDeliveries } from "../src/local/deliveries.ts";
import { localState } from "../src/local/state.ts";

const events = Number(process.argv[2] ?? 20_000);
const users = Number(process.argv[3] ?? 200);
const rowsPerInsert = 500;

const database = await testDatabase({ migrations: ["bus", "state"] });
const api = connect(database.urlFor("api"), { max: 4, name: "bench-api" });
const bus = connect(database.urlFor("bus"), { max: 6, name: "bench-bus" });
const own = connect(database.urlFor("state"), { max: 2, name: "bench-state" });
const owner = connect(database.urlFor("owner"), { max: 1, name: "bench-owner" });
await createOutbox(owner).finally(() => owner.end());

const clock = { now: () => new Date() };
const state = localState({ sql: own });
const counts = { audit: 0, realtime: 0 };
const arrivedAt = new Map<string, number>();
const appToken = "bench";

function door(service: "audit" | "realtime", topic: "task-events" | "task-updates") {
  return createInternalService({
    name: service,
    log: silentLog,
    appToken,
    routes: [
      subscribe({
        service,
        topic,
        state,
        log: silentLog,
        async handle(batch) {
          counts[service] += batch.length;
          if (service === "realtime") for (const { id } of batch) arrivedAt.set(id, performance.now());
          return batch.map(() => done);
        },
      }),
    ],
  });
}

const deliveries = startDeliveries({
  sql: bus,
  doors: { audit: door("audit", "task-events"), realtime: door("realtime", "task-updates") },
  appToken,
  log: silentLog,
  clock,
});
await deliveries.ready;
const relay = startRelay({ sql: api, schema: "api", bus: localBus({ sql: bus }), log: silentLog, clock });

async function arrived(total: number): Promise<void> {
  const limit = performance.now() + 120_000;
  while (counts.audit < total || counts.realtime < total) {
    if (performance.now() > limit) throw new Error(`only ${JSON.stringify(counts)} of ${total} arrived`);
    await Bun.sleep(5);
  }
}

/** Milliseconds from before the insert to the handler, sorted, of `count` events at 20 a second. */
async function latencies(count: number): Promise<number[]> {
  const before = counts.audit;
  const writtenAt = new Map<string, number>();
  for (let at = 0; at < count; at++) {
    const event = eventOf(crypto.randomUUID(), 1);
    writtenAt.set(event.id, performance.now());
    await appendAll(api, [event]);
    await Bun.sleep(50);
  }
  await arrived(before + count);
  return [...writtenAt].map(([id, at]) => (arrivedAt.get(id) ?? Number.NaN) - at).sort((a, b) => a - b);
}

async function measure(count: number): Promise<{ seconds: number; writtenSeconds: number }> {
  const before = Math.max(counts.audit, counts.realtime);
  const startedAt = performance.now();
  for (let at = 0; at < count; at += rowsPerInsert) {
    const batch = Array.from({ length: Math.min(rowsPerInsert, count - at) }, () => {
      const user = Math.floor(Math.random() * users);
      seqs[user] = (seqs[user] ?? 0) + 1;
      return eventOf(ids[user] ?? "", seqs[user] ?? 0);
    });
    await appendAll(api, batch);
  }
  const writtenSeconds = (performance.now() - startedAt) / 1_000;
  await arrived(before + count);
  return { seconds: (performance.now() - startedAt) / 1_000, writtenSeconds };
}

const ids = Array.from({ length: users }, () => crypto.randomUUID());
const seqs: number[] = [];
await measure(1_000);
const { seconds, writtenSeconds } = await measure(events);
process.stdout.write(
  `bus: ${events} events of ${users} users from outbox rows to 2 subscribers in ${seconds.toFixed(2)} s ` +
    `= ${Math.round(events / seconds)} events/s (writing the rows took ${writtenSeconds.toFixed(2)} s of it)\n`,
);

const paced = await latencies(200);
const percentile = (share: number) => (paced[Math.floor(share * paced.length)] ?? Number.NaN).toFixed(1);
process.stdout.write(`bus: insert to handler at 20 events/s: p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms\n`);

await relay.stop();
await deliveries.stop();
await Promise.all([api.end(), bus.end(), own.end(), database.close()]);
