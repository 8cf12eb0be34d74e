/**
 * PostgreSQL drivers compared: speed, and what they leave unsettled when their sockets are cut.
 *
 * bun services/kit/bench/drivers.ts postgres://…/database [cuts]
 *
 * `pg` is measured when it is installed (`bun add --no-save pg`). Cutting needs root and `ss`
 * (iproute2).
 */

import { stallingProxy } from "@carillon/testing/stalling-proxy";
import postgres from "postgres";
import { connect } from "../src/database/connect.ts";

/** The calls made to each driver. */
type Driver = {
  name: string;
  statement(n: number, seconds: number): Promise<number>;
  transaction(n: number): Promise<number>;
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const max = 6;
const [, , url = "", cutsGiven = "20"] = process.argv;
if (url === "") throw new Error("Usage: bun services/kit/bench/drivers.ts postgres://…/database [cuts]");

type Tagged = {
  (strings: TemplateStringsArray, ...values: unknown[]): PromiseLike<{ n: number }[]>;
  begin(work: (tx: Tagged) => Promise<number>): Promise<number>;
};

function tagged(name: string, sql: Tagged): Driver {
  return {
    name,
    statement: async (n, seconds) => (await sql`select ${n}::int as n, pg_sleep(${seconds}::float8)`)[0]?.n ?? -1,
    transaction: (n) =>
      sql.begin(async (tx) => {
        await tx`select ${n}::int as n`;
        return (await tx`select ${n}::int as n`)[0]?.n ?? -1;
      }),
  };
}

type Pg = { query(question: object): Promise<{ rows: { n: number }[] }>; release(): void };

async function nodePostgres(connectionString: string): Promise<Driver[]> {
  const name = "pg";
  const loaded = await import(name).catch(() => null);
  if (!loaded) return [];
  const pool = new loaded.default.Pool({
    connectionString,
    max,
    query_timeout: 17_000,
    connectionTimeoutMillis: 2_000,
  });
  pool.on("error", () => {});
  const ask = async (client: Pg, n: number, seconds: number): Promise<number> => {
    const text = "select $1::int as n, pg_sleep($2::float8)";
    return (await client.query({ name: "ask", text, values: [n, seconds] })).rows[0]?.n ?? -1;
  };
  const transaction = async (n: number): Promise<number> => {
    const client = await pool.connect();
    let failure: unknown;
    try {
      await client.query("begin");
      await ask(client, n, 0);
      const got = await ask(client, n, 0);
      await client.query("commit");
      return got;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.release(failure !== undefined);
    }
  };
  return [{ name: "pg", statement: (n, seconds) => ask(pool, n, seconds), transaction }];
}

async function rate(work: (n: number) => Promise<number>, inFlight: number, forMs: number): Promise<number> {
  const until = performance.now() + forMs;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      await work(done);
      done++;
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  return Math.round(done / ((performance.now() - began) / 1_000));
}

const cut = (): void => {
  const { hostname, port } = new URL(url);
  Bun.spawnSync(["ss", "-K", "dst", hostname, "dport", "=", `:${port || 5432}`]);
};

/** Statements and transactions from 8 callers while all sockets are cut `cuts` times. */
async function underCuts(driver: Driver, cuts: number) {
  const since = new Map<number, number>();
  let [done, failed, wrong, isOver] = [0, 0, 0, false];
  const caller = async (id: number): Promise<void> => {
    while (!isOver) {
      since.set(id, performance.now());
      try {
        const got = await (id % 3 === 0 ? driver.transaction(id) : driver.statement(id, Math.random() * 0.01));
        if (got !== id) wrong++;
        done++;
      } catch {
        failed++;
      }
      since.delete(id);
      if (id % 2) await Bun.sleep(Math.random() * 10);
    }
  };
  for (let id = 0; id < 8; id++) caller(id).catch(() => {});
  for (let at = 0; at < cuts; at++) {
    await Bun.sleep(200);
    cut();
  }
  await Bun.sleep(5_000);
  isOver = true;
  const unsettled = [...since.values()].filter((at) => performance.now() - at > 4_000).length;
  return { done, failed, wrong, unsettled };
}

/** Seconds until a statement on a silent path ends; null when it had not ended after 25 s. */
async function endsInSilence(makeDriver: (url: string) => Promise<Driver>): Promise<number | null> {
  const proxy = stallingProxy(url);
  const driver = await makeDriver(proxy.url);
  await driver.statement(1, 0);
  proxy.stall(true);
  const began = performance.now();
  const ended = driver.statement(2, 0).then(
    () => true,
    () => true,
  );
  const isOver = await Promise.race([ended, Bun.sleep(25_000).then(() => false)]);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  proxy.stop();
  return isOver ? seconds : null;
}

type Make = (url: string) => Promise<Driver>;
const makers: Record<string, Make> = {
  postgres: async (at) =>
    tagged("postgres", postgres(at, { max, connect_timeout: 2, onnotice: () => {} }) as unknown as Tagged),
  "postgres in lanes": async (at) => tagged("lanes", connect(at, { max, name: "bench" }) as unknown as Tagged),
  "Bun.SQL": async (at) => tagged("Bun.SQL", new Bun.SQL(at, { max, connectionTimeout: 2 }) as unknown as Tagged),
};
if ((await nodePostgres(url)).length > 0) {
  makers.pg = async (at) => {
    const [driver] = await nodePostgres(at);
    if (!driver) throw new Error("pg is not installed");
    return driver;
  };
}

process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});
const drivers = new Map<string, Driver>();
for (const [name, make] of Object.entries(makers)) drivers.set(name, await make(url));
const best = new Map<string, number[]>();
// Other programs of the machine disturb all of them; the best of five interleaved rounds is the
// most reliable.
for (let round = 0; round < 5; round++)
  for (const [name, driver] of drivers) {
    const figures = [
      await rate((n) => driver.statement(n, 0), 1, 700),
      await rate((n) => driver.statement(n, 0), 32, 700),
      await rate((n) => driver.transaction(n), 8, 700),
    ];
    best.set(
      name,
      figures.map((figure, at) => Math.max(figure, best.get(name)?.[at] ?? 0)),
    );
  }
say(
  "| client | statements/s, 1 caller | 32 callers | transactions/s, 8 callers | left unsettled by cuts | ends in silence |",
);
say("|---|---|---|---|---|---|");
for (const [name, driver] of drivers) {
  const { unsettled, wrong } = await underCuts(driver, Number(cutsGiven));
  const seconds = await endsInSilence(makers[name] ?? (async () => driver));
  const end = seconds === null ? "no" : `${seconds} s`;
  say(`| ${name} | ${best.get(name)?.join(" | ")} | ${unsettled} of 8${wrong ? `, ${wrong} wrong` : ""} | ${end} |`);
}
process.exit(0);
