/**
 * `STACK_DIR=… bun services/e2e/bench/flow.dapr.bench.ts`: the product on the real Dapr and Kafka:
 * events a second from the outbox to the history with recurring and realtime subscribed, how long
 * one takes, and how fast the backlog of an outage is processed. Exit 1 when a limit is missed.
 */

import { until } from "@carillon/testing/until";
import postgres, { type Sql } from "postgres";
import { signUp } from "../src/client.ts";
import { cpuTimes } from "../src/cpu-time.ts";
import { type DaprProduct, startOwn } from "../src/dapr-product.ts";
import { createFigures, type Figures, percentile } from "../src/figures.ts";
import { listen } from "../src/live.ts";
import { outboxRow } from "../src/outbox-rows.ts";

const seconds = Number(process.env.SECONDS ?? 60);
const users = 200;
const fullRate = Number(process.env.RATE ?? 1_200);
const calmRate = 200;
const outageMs = 30_000;

type Delay = { at: number; ms: number };

const figures = createFigures();
const product = await startOwn({});
const sql = postgres(product.databaseUrl(), { max: 4, onnotice: () => {} });
const seqs = new Map<string, number>();
/** More than signing up has used. */
const firstSeq = 100;
try {
  await noteArrivals(sql);
  const listener = await signUp(product.api, "listener");
  const stream = await listen(`${product.realtime}/stream`, listener.token);
  const ids = [listener.user.id, ...Array.from({ length: users - 1 }, () => Bun.randomUUIDv7())];
  await write(ids, calmRate, 5);
  await arrived();
  // In this order: after a flood the database cleans up, which an ordinary day does not include.
  await calm(figures, ids);
  await outage(figures, ids, product);
  await throughput(figures, ids);
  const [own] = await sql`select count(*)::int as events from api.outbox where user_id = ${listener.user.id}`;
  figures.say("frames on one user's open stream, of its events", `${stream.frames.length} of ${own?.events}`);
  stream.close();
} finally {
  await sql.end({ timeout: 2 });
  await product.dispose();
}
figures.finish();

/** Lets the database record when each entry of the history was inserted. */
async function noteArrivals(db: Sql): Promise<void> {
  await db.unsafe(`
    create schema bench;
    create unlogged table bench.arrivals (id uuid primary key, at timestamptz not null default clock_timestamp());
    create function bench.arrive() returns trigger language plpgsql security definer as
      $$ begin insert into bench.arrivals (id) select id from added; return null; end $$;
    create trigger arrive after insert on audit.entries referencing new table as added
      for each statement execute function bench.arrive()`);
}

/** Writes outbox rows, `rate` a second, evenly over the users. */
async function write(ids: readonly string[], rate: number, forSeconds: number): Promise<void> {
  const everyMs = 50;
  const startedAt = performance.now();
  const total = rate * forSeconds;
  for (let written = 0; written < total; ) {
    const wanted = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * rate));
    const rows = Array.from({ length: Math.min(wanted - written, 1_000) }, (_, at) =>
      rowOf(ids[(written + at) % users]),
    );
    if (rows.length > 0) await sql`insert into api.outbox ${sql(rows)}`;
    written += rows.length;
    await Bun.sleep(everyMs);
  }
}

function rowOf(userId = "") {
  const seq = (seqs.get(userId) ?? firstSeq) + 1;
  seqs.set(userId, seq);
  return outboxRow(userId, seq);
}

/** Reads the chains' heads for their length: counting entries would cost the database more than writing them. */
async function arrived(): Promise<void> {
  const written = seqs.values().reduce((sum, seq) => sum + seq - firstSeq, 0);
  await until(
    "every event is in the history",
    async () => {
      await Bun.sleep(200);
      const [row] = await sql<{ entries: number }[]>`select coalesce(sum(seq), 0)::int as entries from audit.heads`;
      return (row?.entries ?? 0) >= written;
    },
    300_000,
  );
}

/** From commit to history, for the events written since then. */
async function delaysSince(since: Date): Promise<Delay[]> {
  return sql<Delay[]>`
    select extract(epoch from a.at)::float8 * 1000 as at, extract(epoch from a.at - o.created_at)::float8 * 1000 as ms
    from api.outbox o join bench.arrivals a on a.id = o.event_id where o.created_at >= ${since}`;
}

async function throughput({ hold, say }: Figures, ids: readonly string[]): Promise<void> {
  const since = new Date();
  const before = cpuTimes(product.dataDir);
  await write(ids, fullRate, seconds);
  const writtenMs = Date.now() - since.getTime();
  await arrived();
  const elapsedMs = Date.now() - since.getTime();
  const events = fullRate * seconds;
  const rate = Math.round((events / elapsedMs) * 1_000);
  say(`written at ${fullRate}/s`, `${(writtenMs / 1_000).toFixed(1)} s`);
  const spent = [...cpuTimes(product.dataDir)].map(
    ([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / events] as const,
  );
  for (const [name, ms] of spent.filter(([, one]) => one >= 0.01))
    say(`  processor time of ${name} for an event`, `${ms.toFixed(2)} ms`);
  say("  processor time of all of it for an event", `${spent.reduce((sum, [, ms]) => sum + ms, 0).toFixed(2)} ms`);
  hold(`outbox → history, ${users} users, ${events} events`, `${rate} /s`, "≥ 1000 /s", rate >= 1_000);
}

async function calm({ hold, say }: Figures, ids: readonly string[]): Promise<void> {
  const since = new Date();
  await write(ids, calmRate, 20);
  await arrived();
  const delays = (await delaysSince(since)).map(({ ms }) => ms);
  const p99 = percentile(delays, 0.99);
  say(`outbox → history at ${calmRate}/s, p50`, `${percentile(delays, 0.5).toFixed(0)} ms`);
  hold(`outbox → history at ${calmRate}/s, p99`, `${p99.toFixed(0)} ms`, "< 500 ms", p99 < 500);
}

async function outage({ hold, say }: Figures, ids: readonly string[], { holdDown }: DaprProduct): Promise<void> {
  const since = new Date();
  const writing = write(ids, calmRate, outageMs / 1_000 + 20);
  await holdDown("audit", outageMs);
  const backAt = Date.now();
  await writing;
  await arrived();
  const late = (await delaysSince(since)).filter(({ ms }) => ms > 1_000);
  const caughtUpAt = Math.max(backAt, ...late.map(({ at }) => at));
  const caughtUpMs = caughtUpAt - backAt;
  say("events that waited for audit", `${late.length}`);
  const what = `lag below 1 s again after ${outageMs / 1_000} s without audit, at ${calmRate}/s`;
  hold(what, `${(caughtUpMs / 1_000).toFixed(1)} s`, "≤ 10 s", caughtUpMs <= 10_000);
}
