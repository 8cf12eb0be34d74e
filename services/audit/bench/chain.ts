import { appTokenHeader } from "@carillon/contracts/names";
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { testDatabase } from "@carillon/testing/database";
import { createInternalApp } from "../src/app.ts";
import { verifyHistory } from "../src/verify-history.ts";
import { booksOf } from "../test/books.ts";
import { eventOf } from "../test/events.ts";

/**
 * How many events per second audit's door turns into history, in batches of 100 of 250 users, and how
 * fast a chain is verified: `bun services/audit/bench/chain.ts`. Prints one line each and exits
 * with 1 below the limits.
 */
const users = Array.from({ length: 250 }, () => Bun.randomUUIDv7());
const batchSize = 100;
const batches = 200;
const longChain = 50_000;
const bars = { eventsPerSecond: 1_000, verifiedPerSecond: 10_000 };

const appToken = "a-token-of-the-bench";
const noNotes: State = { get: async () => null, set: async () => true, delete: async () => {} };
const database = await testDatabase({ migrations: ["audit"] });
const sql = connect(database.urlFor("audit"), { max: 4, name: "audit" });
const app = createInternalApp({ books: booksOf(sql), log: silentLog, state: noNotes, appToken });

function bodyOf(userOf: (index: number) => string): string {
  const entries = Array.from({ length: batchSize }, (_, index) => ({
    entryId: String(index),
    contentType: "application/cloudevents+json",
    event: eventOf({
      userId: userOf(index),
      changes: {
        title: ["Milk", "Milk and bread"],
        priority: ["medium", "high"],
        due_date: [null, "2026-11-27T16:00:00.000Z"],
      },
    }),
  }));
  return JSON.stringify({
    id: "bench",
    entries,
    metadata: {},
    pubsubname: "kafka-pubsub",
    topic: "task-events",
    type: "com.dapr.event.sent.bulk",
  });
}

async function deliver(body: string): Promise<void> {
  const headers = { [appTokenHeader]: appToken };
  const response = await app.handle(
    new Request("http://localhost/events/task-events", { method: "POST", headers, body }),
  );
  const text = await response.text();
  if (text.split("SUCCESS").length - 1 !== batchSize)
    throw new Error(`not everything was taken: ${text.slice(0, 300)}`);
}

/** Events per second with this many deliveries under way at once. */
async function throughput(bodies: string[], atOnce: number): Promise<number> {
  const queue = [...bodies];
  const startedAt = performance.now();
  const deliverAll = async (): Promise<void> => {
    for (let body = queue.pop(); body !== undefined; body = queue.pop()) await deliver(body);
  };
  await Promise.all(Array.from({ length: atOnce }, deliverAll));
  return (bodies.length * batchSize * 1_000) / (performance.now() - startedAt);
}

const random = (): string => users[Math.floor(Math.random() * users.length)] ?? "";
const bodies = (count: number, userOf: (index: number) => string): string[] =>
  Array.from({ length: count }, () => bodyOf(userOf));
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

await throughput(bodies(20, random), 2);
const alone = await throughput(bodies(batches, random), 1);
const four = await throughput(bodies(batches, random), 4);
print(
  `events → history, ${users.length} users, batches of ${batchSize}: ${alone.toFixed(0)}/s one delivery at a time, ${four.toFixed(0)}/s four at a time`,
);

const owner = Bun.randomUUIDv7();
const oneUser = await throughput(
  bodies(longChain / batchSize, () => owner),
  1,
);
print(`events → history, one user: ${oneUser.toFixed(0)}/s`);

let longestPauseMs = 0;
let lastTick = performance.now();
const ticker = setInterval(() => {
  longestPauseMs = Math.max(longestPauseMs, performance.now() - lastTick);
  lastTick = performance.now();
}, 1);
const startedAt = performance.now();
const verification = await verifyHistory(booksOf(sql), owner);
const tookMs = performance.now() - startedAt;
clearInterval(ticker);
const verified = (verification.checked * 1_000) / tookMs;
print(
  `verify ${verification.checked} entries (ok: ${verification.ok}): ${verified.toFixed(0)}/s, longest pause of the event loop ${longestPauseMs.toFixed(0)} ms`,
);

const erasedAt = performance.now();
for (let gone = 1; gone > 0; )
  gone = (await sql<{ gone: number }[]>`select audit.erase(${owner}, 2000) as gone`)[0]?.gone ?? 0;
print(`erase ${verification.checked} entries: ${(performance.now() - erasedAt).toFixed(0)} ms`);

await sql.end();
await database.close();
process.exit(alone >= bars.eventsPerSecond && verified >= bars.verifiedPerSecond ? 0 : 1);
