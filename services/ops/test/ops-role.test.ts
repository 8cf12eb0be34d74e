import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { connect, type Sql } from "@carillon/kit/database";
import { testDatabase } from "@carillon/testing/database";
import { parkedRows } from "../src/dead-letters/parked-rows.ts";
import { reportOutbox } from "../src/outbox.ts";
import { provisionDatabase } from "../src/provision-database.ts";
import { reportDueReminders } from "../src/reminders.ts";

const database = await testDatabase({ migrations: ["api", "audit", "notification", "bus", "state"] });
const ops: Sql = database.connectAs("ops");
afterAll(async () => {
  await ops.end();
  await database.close();
});

const refused = (query: Promise<unknown>): Promise<unknown> =>
  query.then(
    () => "allowed",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );

test("the operators' role may read what its commands need", async () => {
  expect((await reportOutbox(ops)).data).toEqual({ pending: 0, oldest_seconds: null, parked: 0 });
  expect((await reportDueReminders({ api: ops, notification: ops })).data).toMatchObject({ due: 0, overdue: 0 });
  expect(await ops`select user_id from audit.heads union select user_id from audit.entries`).toHaveLength(0);
});

test("the operators' role may decide about parked rows, through the database's own functions", async () => {
  const box = parkedRows({ api: ops, patienceMs: 100 });
  expect(await box.list({ limit: 10, all: true })).toEqual({ count: 0, complete: true, letters: [] });
  expect(await ops`select api.replay_parked(1) as replayed, api.drop_parked(1) as dropped`).toMatchObject([
    { replayed: false, dropped: false },
  ]);
  expect(await refused(database.connectAs("audit")`select api.replay_parked(1)`)).toBe("42501");
});

test("G18: the operators' role reads no title, address, password or event, and changes nothing", async () => {
  const tables = await database.sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('api', 'audit', 'notification', 'bus', 'state')`;
  expect(tables.length).toBeGreaterThan(15);
  for (const { name } of tables) {
    expect([name, await refused(ops.unsafe(`select * from ${name}`))]).toEqual([name, "42501"]);
    expect([name, await refused(ops.unsafe(`delete from ${name}`))]).toEqual([name, "42501"]);
  }
  expect(await refused(ops`select event from api.outbox`)).toBe("42501");
  expect(await refused(ops`update api.outbox set parked_at = null`)).toBe("42501");
  expect(await refused(ops`update api.outbox set published_at = now()`)).toBe("42501");
  expect(await refused(ops`update api.reminders set state = 'sent'`)).toBe("42501");
  expect(await refused(ops`create table public.mine (id int)`)).toBe("42501");
});

test("database provision creates a role for each address it is given, with its password, and is idempotent", async () => {
  const fresh = `carillon_provision_${crypto.randomUUID().slice(0, 8)}`;
  await database.sql.unsafe(`create database ${fresh}`);
  const urlOf = (role: string | null, password: string): string => {
    const url = new URL(database.url);
    if (role !== null) Object.assign(url, { username: role, password });
    url.pathname = `/${fresh}`;
    return url.href;
  };
  // The roles belong to the server all tests share: its passwords stay as they are.
  const environment = {
    ADMIN_DATABASE_URL: urlOf(null, ""),
    OWNER_DATABASE_URL: urlOf("carillon_owner", "carillon-test"),
    API_DATABASE_URL: urlOf("carillon_api", "carillon-test"),
    OPS_DATABASE_URL: urlOf("carillon_ops", "carillon-test"),
  };
  const roles = ["carillon_owner", "carillon_api", "carillon_ops"];
  expect((await provisionDatabase(environment, true)).data).toEqual({
    dry_run: true,
    roles,
    made: [],
    unicode_order: "current",
  });
  const admin = connect(environment.ADMIN_DATABASE_URL, { max: 1, name: "test" });
  const schemas = async () =>
    (
      await admin<
        { name: string }[]
      >`select nspname as name from pg_namespace where nspname = any(${["api", "audit", "bus"]})`
    ).map(({ name }) => name);
  expect(await schemas()).toEqual([]);
  for (let run = 0; run < 2; run++)
    expect((await provisionDatabase(environment, false)).data).toEqual({
      dry_run: false,
      roles,
      made: [],
      unicode_order: "current",
    });
  expect(await schemas()).toEqual(["api"]);
  const api = connect(environment.API_DATABASE_URL, { max: 1, name: "test" });
  expect(await refused(api`create table api.things (id int)`)).toBe("42501");
  await Promise.all([api.end(), admin.end()]);
});

test("G26: an address that logs in as another role, or none at all, is rejected in a sentence without its password", async () => {
  const admin = { ADMIN_DATABASE_URL: "postgres://postgres@127.0.0.1:1/carillon" };
  const owner = { OWNER_DATABASE_URL: "postgres://carillon_owner:s3cret@db/carillon" };
  const wrong = { ...admin, ...owner, API_DATABASE_URL: "postgres://carillon_audit:s3cret@db/carillon" };
  await expect(provisionDatabase(wrong, false)).rejects.toThrow(
    'API_DATABASE_URL logs in as "carillon_audit"; it must log in as carillon_api.',
  );
  await expect(provisionDatabase({ ...admin, ...owner }, false)).rejects.toThrow("API_DATABASE_URL is not set");
  await expect(provisionDatabase(admin, false)).rejects.toThrow("OWNER_DATABASE_URL is not set");
  await expect(provisionDatabase({}, false)).rejects.toThrow("ADMIN_DATABASE_URL is not set.");
});

test("the image's command is the command line", async () => {
  const { PATH = "", HOME = "" } = process.env;
  const main = join(import.meta.dir, "../src/main.ts");
  const child = Bun.spawn([process.execPath, "--no-env-file", main, "database", "provision"], {
    env: { PATH, HOME },
    stderr: "pipe",
  });
  expect(await new Response(child.stderr).text()).toBe("ADMIN_DATABASE_URL is not set.\n");
  expect(await child.exited).toBe(1);
});
