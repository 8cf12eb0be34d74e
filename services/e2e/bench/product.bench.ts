/**
 * `bun services/e2e/bench/product.bench.ts`: the product as a whole, on this machine. Prints cold
 * start with existing data, idle memory, events per second from the outbox to the history and an
 * open stream, and the time from commit to browser.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@carillon/host/postgres";
import { until } from "@carillon/testing/until";
import postgres from "postgres";
import { chromiumPath, launchBrowser } from "../src/browser.ts";
import { signUp } from "../src/client.ts";
import { percentile } from "../src/figures.ts";
import { listen } from "../src/live.ts";
import { outboxRow } from "../src/outbox-rows.ts";
import { startProduct } from "../src/product.ts";

const users = 200;
const events = Number(process.env.EVENTS ?? 30_000);
const changesPerSecond = 20;
const seconds = Number(process.env.SECONDS ?? 20);

const say = (what: string, figure: string, bar: string) =>
  process.stdout.write(`${what.padEnd(52)} ${figure.padStart(14)}   (bar: ${bar})\n`);

async function coldStartAndMemory() {
  const product = await startProduct();
  const starts: number[] = [];
  for (let i = 0; i < 5; i++) {
    await product.terminate();
    const startedAt = performance.now();
    await product.restart();
    starts.push(performance.now() - startedAt);
  }
  await Bun.sleep(10_000);
  const mebibytes = residentOf(product.pid()) / 1_024;
  await product.dispose();
  say("cold start, existing data, median of 5", `${(percentile(starts, 0.5) / 1_000).toFixed(2)} s`, "< 3 s");
  say("idle memory of the product process (RSS)", `${mebibytes.toFixed(0)} MB`, "< 200 MB");
}

const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);

async function withDatabase(work: (url: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), "carillon-bench-"));
  const server = await startEmbeddedPostgres({ folder: join(folder, "pg"), password: "carillon-bench", durable: true });
  try {
    const admin = postgres(server.urlOf("postgres"), { max: 1 });
    await admin.unsafe("create database carillon");
    await admin.end();
    await work(server.urlOf("carillon"));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function throughput(url: string) {
  const product = await startProduct({ env: { DATABASE_URL: url } });
  const db = postgres(url, { max: 4 });
  const listener = await signUp(product.api, "listener");
  const stream = await listen(`${product.realtime}/stream`, listener.token);
  const ids = [listener.user.id, ...Array.from({ length: users - 1 }, () => Bun.randomUUIDv7())];
  const startedAt = performance.now();
  for (let written = 0; written < events; written += users) {
    await db`insert into api.outbox ${db(ids.map((userId) => outboxRow(userId, written / users + 1)))}`;
  }
  const writtenAt = performance.now();
  const own = events / users;
  await until(
    "every event is in the history and on the stream",
    async () => {
      const [row] = await db<{ done: number }[]>`select count(*)::int as done from audit.entries`;
      return (row?.done ?? 0) >= events && stream.frames.length >= own;
    },
    300_000,
  );
  const elapsed = (performance.now() - startedAt) / 1_000;
  say(
    `outbox → history and stream, ${users} users, ${events} events`,
    `${Math.round(events / elapsed)} /s`,
    "≥ 1 000 /s",
  );
  say(
    "  of which writing the rows took",
    `${((writtenAt - startedAt) / 1_000).toFixed(1)} s of ${elapsed.toFixed(1)} s`,
    "-",
  );
  stream.close();
  await db.end();
  await product.dispose();
}

type Heard = { id: number; at: number };

async function commitToBrowser(url: string) {
  if (!chromiumPath) return void say("commit → browser", "no Chromium", "p95 < 250 ms");
  const product = await startProduct({ env: { DATABASE_URL: url } });
  const db = postgres(url, { max: 1 });
  const browser = await launchBrowser();
  const context = await browser.newContext();
  const person = await signUp(product.api, "watcher");
  await context.addCookies([{ name: "carillon_session", value: person.token, url: product.web }]);
  const page = await context.newPage();
  await page.goto(`${product.web}/settings`);
  await page.evaluate(() => {
    const heard: { id: number; at: number }[] = [];
    Object.assign(window, { heard });
    const source = new EventSource("/stream");
    source.addEventListener("task.changed", (event) =>
      heard.push({ id: Number(event.lastEventId), at: performance.timeOrigin + performance.now() }),
    );
    return new Promise<void>((open) => source.addEventListener("open", () => open()));
  });
  const total = changesPerSecond * seconds;
  const startedAt = performance.now();
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < total; i++) {
    await Bun.sleep(Math.max(0, startedAt + (i * 1_000) / changesPerSecond - performance.now()));
    calls.push(person.createTask({ title: `Change ${i}` }));
  }
  await Promise.all(calls);
  await until(
    "the browser got everything",
    async () => (await page.evaluate(() => (window as unknown as { heard: Heard[] }).heard.length)) >= total,
  );
  const heard = await page.evaluate(() => (window as unknown as { heard: Heard[] }).heard);
  const rows = await db<{ seq: number; at: number }[]>`
    select change_seq::float8 as seq, extract(epoch from created_at)::float8 * 1000 as at from api.outbox where user_id = ${person.user.id}`;
  const written = new Map(rows.map(({ seq, at }) => [seq, at]));
  const delays = heard.map(({ id, at }) => at - (written.get(id) ?? Number.NaN));
  say(`commit → browser, ${changesPerSecond}/s for ${seconds} s, p50`, `${percentile(delays, 0.5).toFixed(0)} ms`, "-");
  say(
    `commit → browser, ${changesPerSecond}/s for ${seconds} s, p95`,
    `${percentile(delays, 0.95).toFixed(0)} ms`,
    "< 250 ms",
  );
  await browser.close();
  await db.end();
  await product.dispose();
}

await coldStartAndMemory();
await withDatabase(throughput);
await withDatabase(commitToBrowser);
