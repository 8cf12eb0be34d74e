import { afterAll, beforeAll, expect, test } from "bun:test";
import { catalogueOf } from "@carillon/testing/catalogue";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import postgres, { type Sql } from "postgres";
import { provision, schemas } from "../src/database/roles.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ migrations: [] });
});
afterAll(() => database.close());

const sqlState = (error: unknown): unknown => (error instanceof postgres.PostgresError ? error.code : error);
const refused = (query: Promise<unknown>): Promise<unknown> => query.then(() => "allowed", sqlState);

test("a service's role makes tables in its own schema and sees no other service's", async () => {
  const api: Sql = database.connectAs("api");
  const audit: Sql = database.connectAs("audit");
  await api`create table api.things (id int)`;
  expect(await refused(audit`select * from api.things`)).toBe("42501");
  expect(await refused(audit`create table api.mine (id int)`)).toBe("42501");
  expect(await refused(audit`create table public.mine (id int)`)).toBe("42501");
  await Promise.all([api.end(), audit.end()]);
});

test("provisioning again changes nothing that is there", async () => {
  const before = await catalogueOf(database.sql, "api");
  const password = "carillon-test";
  await provision(database.sql, {
    api: password,
    audit: password,
    bus: password,
    state: password,
    notification: password,
  });
  expect(await catalogueOf(database.sql, "api")).toEqual(before);
  const api = database.connectAs("api");
  expect(await api`select count(*)::int as n from api.things`).toHaveLength(1);
  await api.end();
});

test("one role that owns a database, and is no superuser, gets all schemas", async () => {
  const name = `carillon_one_role_${crypto.randomUUID().slice(0, 8)}`;
  await database.sql.unsafe(`create role ${name} login password 'one'`);
  await database.sql.unsafe(`create database ${name} owner ${name}`);
  const url = new URL(database.url);
  Object.assign(url, { username: name, password: "one", pathname: `/${name}` });
  const sql = postgres(url.href, { max: 1 });
  await provision(sql, "one role");
  await provision(sql, "one role");
  const made = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace where nspowner = current_user::regrole order by array_position(${schemas}::text[], nspname::text)`;
  expect(made.map((row) => row.name)).toEqual([...schemas]);
  await sql.end();
});
