import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, startEmbeddedPostgres } from "@carillon/host/postgres";
import { until } from "@carillon/testing/until";
import postgres from "postgres";
import { signUp } from "../../src/client.ts";
import { type Product, startProduct } from "../../src/product.ts";

/** A PostgreSQL of the test's own, so that it can be taken away while the product runs. */
let folder: string;
let server: Server;
let product: Product;
const password = "carillon-e2e-superuser";
const startDatabase = (port?: number) =>
  startEmbeddedPostgres({ folder: join(folder, "pg"), password, durable: true, port });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "carillon-faults-"));
  server = await startDatabase();
  const admin = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
  await admin.unsafe("create database carillon");
  await admin.end();
  product = await startProduct({ env: { DATABASE_URL: server.urlOf("carillon") } });
});
afterAll(async () => {
  await product.dispose();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tables = () => postgres(server.urlOf("carillon"), { max: 1, onnotice: () => {} });

test("SIGKILL in the middle of work loses nothing that was confirmed, and the history stays intact (G1–G8)", async () => {
  const ada = await signUp(product.api, "killed");
  const confirmed: string[] = [];
  let working = true;
  const worker = async (number: number) => {
    for (let i = 0; working; i++) {
      const response = await ada.call("POST", "/api/tasks", { title: `${number}.${i}` }).catch(() => null);
      if (response?.status === 201)
        confirmed.push(((await response.json().catch(() => ({ id: "" }))) as { id: string }).id);
    }
  };
  const workers = Promise.all([1, 2, 3, 4].map(worker));
  await until("some work is done", () => confirmed.length > 60);
  await product.kill();
  working = false;
  await workers;
  await product.restart();

  const db = tables();
  try {
    const kept = await db<{ id: string }[]>`select id from api.tasks where user_id = ${ada.user.id}`;
    const ids = new Set(kept.map(({ id }) => id));
    expect(confirmed.filter((id) => id !== "" && !ids.has(id))).toEqual([]);
    await until("every event has reached the history", async () => {
      const [row] = await db<{ open: number }[]>`
        select (select count(*) from api.outbox where user_id = ${ada.user.id} and published_at is null)::int
          + (select count(*) from api.outbox o where o.user_id = ${ada.user.id} and o.type <> 'session.revoked'
             and not exists (select from audit.entries e where e.user_id = o.user_id and e.id = o.event_id))::int as open`;
      return row?.open === 0;
    });
    const [counts] = await db<{ entries: number; events: number; tasks: number }[]>`
      select (select count(*) from audit.entries where user_id = ${ada.user.id})::int as entries,
        (select count(*) from api.outbox where user_id = ${ada.user.id})::int as events,
        (select count(distinct task_id) from audit.entries where user_id = ${ada.user.id})::int as tasks`;
    expect(counts?.entries).toBe(counts?.events ?? -1);
    expect(counts?.tasks).toBe(kept.length);
  } finally {
    await db.end();
  }
  expect((await ada.verifyHistory()).ok).toBe(true);
});

test("PostgreSQL gone: 503 with Retry-After within three seconds, and recovery within five of its return (G23)", async () => {
  const ada = await signUp(product.api, "outage");
  const task = await ada.createTask({ title: "Before the outage" });
  const { port } = server;
  await server.stop();
  for (let i = 0; i < 3; i++) {
    const startedAt = performance.now();
    const response = await ada.call("GET", `/api/tasks/${task.id}`);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  }
  expect((await fetch(`${product.api}/health/live`)).status).toBe(200);
  expect((await fetch(`${product.api}/ready`)).status).toBe(503);
  server = await startDatabase(port);
  await until(
    "the product works again",
    async () => (await ada.call("GET", `/api/tasks/${task.id}`)).status === 200,
    5_000,
  );
  await ada.completeTask(task.id);
  await until("the history catches up by itself", async () => (await ada.history(task.id)).data.length === 2, 10_000);
});

test("PostgreSQL frozen: no request hangs longer than three seconds (G23)", async () => {
  const ada = await signUp(product.api, "frozen");
  const pids = [server.pid, ...childrenOf(server.pid)];
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  try {
    const startedAt = performance.now();
    const responses = await Promise.all([1, 2, 3].map(() => ada.call("GET", "/api/tasks")));
    expect(responses.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  } finally {
    for (const pid of pids.reverse()) process.kill(pid, "SIGCONT");
  }
  await until("the product works again", async () => (await ada.call("GET", "/api/tasks")).status === 200, 5_000);
});

test("the bus gone: sign-in and tasks keep working, and everything catches up afterwards without an operator (G22)", async () => {
  const ada = await signUp(product.api, "no-bus");
  const db = tables();
  try {
    await db`alter schema bus rename to bus_away`;
    const task = await ada.createTask({ title: "Made while the bus is away" });
    await ada.updateTask(task.id, { priority: "high" });
    expect((await ada.completeTask(task.id)).completed).toBe(true);
    const signIn = await fetch(`${product.api}/api/signin`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: ada.email, password: "correct horse battery staple" }),
    });
    expect(signIn.status).toBe(200);
    const [kept] = await db<{ open: number }[]>`
      select count(*)::int as open from api.outbox where user_id = ${ada.user.id} and published_at is null`;
    expect(kept?.open).toBe(3);
    await db`alter schema bus_away rename to bus`;
    await until("the history catches up", async () => (await ada.history(task.id)).data.length === 3);
    const { data } = await ada.history(task.id);
    expect(data.map(({ action }) => action)).toEqual(["task.completed", "task.updated", "task.created"]);
  } finally {
    await db.end();
  }
});

test("SIGTERM: work under way is finished, the process ends with 0 within twenty seconds (G24)", async () => {
  const ada = await signUp(product.api, "drained");
  const startedAt = performance.now();
  const underWay = Array.from({ length: 10 }, (_, i) =>
    ada.call("POST", "/api/tasks", { title: `Last minute ${i}` }).then(
      ({ status }) => status,
      () => 0,
    ),
  );
  const ended = product.terminate();
  const statuses = await Promise.all(underWay);
  expect(await ended).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  await product.restart();
  const confirmed = statuses.filter((status) => status === 201).length;
  expect((await ada.tasks("?limit=100")).data.length).toBeGreaterThanOrEqual(confirmed);
});

function childrenOf(pid: number): number[] {
  const listed = Bun.spawnSync(["ps", "-o", "pid=", "--ppid", String(pid)]).stdout.toString();
  return listed
    .split("\n")
    .map(Number)
    .filter((child) => child > 0);
}
