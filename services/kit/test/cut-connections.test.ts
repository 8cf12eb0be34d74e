import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { watchSockets } from "@carillon/testing/abort-sockets";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { stallingProxy } from "@carillon/testing/stalling-proxy";
import { connect, type Sql } from "../src/database/connect.ts";
import { type Deadlines, usualDeadlines } from "../src/database/lane.ts";
import { isDatabaseAway } from "../src/database/trouble.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  database = await testDatabase({ migrations: [] });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => database.close());

function pool(url: string, { max = 4, deadlines = {} }: { max?: number; deadlines?: Partial<Deadlines> } = {}): Sql {
  const sql = connect(url, { max, name: "cut", deadlines: { ...usualDeadlines, ...deadlines } });
  closing.push(() => sql.end({ timeout: 1 }));
  return sql;
}

const portOf = (url: string): number => Number(new URL(url).port || 5432);

/** "ok", or why not: a failure that means a database that is away, or the failure itself. */
const outcome = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => "ok",
    (error) => (isDatabaseAway(error) ? "away" : error),
  );

test("G23: every statement and transaction ends when sockets are aborted under load, and no answer goes to another's caller", async () => {
  const url = database.urlFor("api");
  const sockets = watchSockets();
  closing.push(sockets.stop);
  const sql = pool(url);
  closing.push(() => {
    // Callers that retry at once would never let a failure of this test end.
    isOver = true;
  });
  const under = new Map<number, number>();
  let [isOver, answered, aborted] = [false, 0, 0];
  const odd: unknown[] = [];

  async function ask(id: number): Promise<void> {
    if (id % 3 > 0) {
      const [row] = await sql<{ id: number }[]>`select ${id}::int as id, pg_sleep(${Math.random() / 200}::float8)`;
      if (row?.id !== id) odd.push({ id, row });
      return;
    }
    await sql.begin(async (tx) => {
      for (const at of [id, id + 1]) {
        const [row] = await tx<{ id: number }[]>`select ${at}::int as id`;
        if (row?.id !== at) odd.push({ at, row });
      }
    });
  }
  async function caller(id: number): Promise<void> {
    while (!isOver) {
      under.set(id, performance.now());
      const end = await outcome(ask(id));
      if (end === "ok") answered++;
      else if (end !== "away") odd.push(end);
      under.delete(id);
      // Some retry at once: between a socket's error and its close.
      if (id % 2 === 0) await Bun.sleep(Math.random() * 4);
    }
  }

  const callers = Array.from({ length: 7 }, (_, id) => caller(id));
  for (let cut = 0; cut < 12; cut++) {
    const soFar = answered;
    for (let waited = 0; waited < 100 && answered < soFar + 10; waited++) await Bun.sleep(10);
    aborted += sockets.abort(portOf(url));
  }
  const before = answered;
  await Bun.sleep(500);
  isOver = true;
  await Promise.race([Promise.all(callers), Bun.sleep(usualDeadlines.statementMs - 5_000)]);
  expect([...under.keys()]).toEqual([]);
  expect(odd).toEqual([]);
  expect(aborted).toBeGreaterThan(12);
  expect(answered).toBeGreaterThan(before);
});

test("a transaction whose connection was lost writes nothing through another connection", async () => {
  const url = database.urlFor("api");
  await database.sql`create table if not exists public.lost (id int)`;
  await database.sql`grant all on public.lost to public`;
  const sockets = watchSockets();
  closing.push(sockets.stop);
  const sql = pool(url, { max: 1 });
  const later = Promise.withResolvers<void>();
  const strays: unknown[] = [];
  const broken = sql.begin(async (tx) => {
    await tx`insert into public.lost values (1)`;
    sockets.abort(portOf(url));
    await later.promise;
    for (const id of [2, 3]) strays.push((await outcome(tx`insert into public.lost values (${id})`)) === "ok");
  });
  expect(await outcome(broken)).toBe("away");
  await sql`select 1`;
  later.resolve();
  await sql`select 1`;
  await Bun.sleep(20);
  expect(strays).toEqual([false, false]);
  expect(await database.sql`select id from public.lost`).toHaveLength(0);
});

test("statements left unawaited by a transaction are rejected after its end", async () => {
  const sql = pool(database.urlFor("api"), { max: 1 });
  const over = Promise.withResolvers<void>();
  let stray: PromiseLike<unknown> = Promise.resolve();
  await sql.begin(async (tx) => {
    await tx`select 1`;
    stray = over.promise.then(() => tx`select 2`);
  });
  over.resolve();
  await expect(Promise.resolve(stray)).rejects.toThrow("came after its transaction");
});

/** Asks again while the database is away: deadlines as short as these are missed on a busy machine, too. */
async function eventually<Result>(ask: () => PromiseLike<Result>): Promise<Result> {
  for (let left = 50; ; left--) {
    try {
      return await ask();
    } catch (error) {
      if (left === 0 || !isDatabaseAway(error)) throw error;
    }
  }
}

const soon = { lookMs: 20, connectMs: 200, statementMs: 300, transactionMs: 400, waitMs: 300 };

test("on a silent path statement, transaction and connection attempt end, and a path that works again is used", async () => {
  const proxy = stallingProxy(database.urlFor("api"));
  closing.push(() => proxy.stop());
  const sql = pool(proxy.url, { deadlines: soon });
  await eventually(() => sql`select 1`);
  proxy.stall(true);
  expect(await outcome(sql`select 1`)).toBe("away");
  expect(await outcome(sql`select 1`)).toBe("away");
  proxy.stall(false);
  await Promise.all([eventually(() => sql`select 1`), eventually(() => sql.begin((tx) => tx`select 1`))]);
  const during = outcome(
    sql.begin(async (tx) => {
      await tx`select 1`;
      proxy.stall(true);
    }),
  );
  expect(await during).toBe("away");
  proxy.stall(false);
  await eventually(() => sql`select 1`);
});

test("a transaction ends at its deadline, also while its statements are answered", async () => {
  const sql = pool(database.urlFor("api"), { deadlines: soon });
  const endless = sql.begin(async (tx) => {
    for (;;) {
      await tx`select 1`;
      await Bun.sleep(5);
    }
  });
  expect(await outcome(endless)).toBe("away");
  await eventually(() => sql`select 1`);
});

test("an idle connection whose path fell silent is found before a statement needs it", async () => {
  const proxy = stallingProxy(database.urlFor("api"));
  closing.push(() => proxy.stop());
  // Ticks as frequent as here make the five seconds between two pings short.
  const sql = pool(proxy.url, { max: 1, deadlines: { ...soon, pingMs: 40 } });
  const backend = async () => (await eventually(() => sql<{ pid: number }[]>`select pg_backend_pid() as pid`))[0]?.pid;
  const first = await backend();
  proxy.stall(true);
  await Bun.sleep(600);
  proxy.stall(false);
  expect(await backend()).not.toBe(first);
});

test("a statement that finds no free connection in time is rejected as temporary", async () => {
  const sql = pool(database.urlFor("api"), { max: 1, deadlines: { ...soon, transactionMs: 10_000 } });
  const release = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holding = eventually(() =>
    sql.begin(async (tx) => {
      await tx`select 1`;
      held.resolve();
      await release.promise;
    }),
  );
  await held.promise;
  expect(await outcome(sql`select 1`)).toBe("away");
  release.resolve();
  await holding;
  await eventually(() => sql`select 1`);
});

test("while the database accepts no connection there is one attempt at a time, with pauses, however many statements wait", async () => {
  let attempts = 0;
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        attempts++;
        socket.end();
      },
      data() {},
    },
  });
  closing.push(() => server.stop(true));
  const sql = pool(`postgres://unknown:none@127.0.0.1:${server.port}/none`, { max: 6 });
  let isOver = false;
  const odd: unknown[] = [];
  const callers = Array.from({ length: 50 }, async () => {
    while (!isOver) {
      const end = await outcome(sql`select 1`);
      if (end !== "away") odd.push(end);
    }
  });
  await Bun.sleep(1_500);
  isOver = true;
  await Promise.all(callers);
  expect(odd).toEqual([]);
  // At first one for each connection the pool may have; then after 100, 200, 400 ms …
  expect(attempts).toBeLessThanOrEqual(6 + 10);
});

test("closed connections accept no statement, and finish those under way first", async () => {
  const sql = pool(database.urlFor("api"));
  await sql`select 1`;
  const slow = outcome(sql`select pg_sleep(0.2)`);
  await Bun.sleep(50);
  await sql.end({ timeout: 5 });
  expect(await slow).toBe("ok");
  expect(await outcome(sql`select 1`)).toBe("away");
});
