import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { catalogueOf } from "@carillon/testing/catalogue";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import postgres, { type Sql } from "postgres";
import { migrate, migrationFolder } from "../src/database/migrate.ts";
import { provision, roleOf, type SchemaName, schemas } from "../src/database/roles.ts";

let database: TestDatabase;
const open: Sql[] = [];
beforeAll(async () => {
  database = await testDatabase({ migrations: schemas });
});
afterAll(async () => {
  await Promise.all(open.map((sql) => sql.end()));
  await database.close();
});

const sqlState = (error: unknown): unknown => (error instanceof postgres.PostgresError ? error.code : error);
const refused = (query: PromiseLike<unknown>): PromiseLike<unknown> => query.then(() => "allowed", sqlState);
const insufficientPrivilege = "42501";
const password = "carillon-test";
const passwords = { owner: password, api: password, audit: password, bus: password, state: password } as const;

function connected(sql: Sql): Sql {
  open.push(sql);
  return sql;
}

/** Statements that would change a table's shape or switch off its guards. */
const changesOf = (table: string, triggers: readonly string[]): string[] => [
  `truncate ${table}`,
  `drop table ${table}`,
  `alter table ${table} add column smuggled int`,
  `alter table ${table} disable trigger all`,
  ...triggers.map((trigger) => `alter table ${table} disable trigger "${trigger}"`),
  ...triggers.map((trigger) => `drop trigger "${trigger}" on ${table}`),
  `alter table ${table} disable row level security`,
  `alter table ${table} owner to current_user`,
  `create index on ${table} ((1))`,
  `create trigger smuggled before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`,
  `create policy smuggled on ${table} using (true)`,
];

async function tablesOf(schema: SchemaName): Promise<{ name: string; triggers: string[] }[]> {
  return database.sql<{ name: string; triggers: string[] }[]>`
    select format('%I.%I', n.nspname, c.relname) as name,
      array(select tgname::text from pg_trigger t where t.tgrelid = c.oid and not tgisinternal order by 1) as triggers
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind in ('r', 'p') order by 1`;
}

describe.each(schemas.map((schema) => ({ schema })))("a service's role changes nothing of $schema", ({ schema }) => {
  test("no table, trigger, index or policy, and no row of the migrations' table", async () => {
    const sql = connected(database.connectAs(schema));
    const tables = await tablesOf(schema);
    expect(tables.length).toBeGreaterThan(1);
    for (const { name, triggers } of tables) {
      for (const statement of changesOf(name, triggers)) {
        expect([statement, await refused(sql.unsafe(statement))]).toEqual([statement, insufficientPrivilege]);
      }
    }
    const ledger = `${schema}.schema_migrations`;
    for (const statement of [`delete from ${ledger}`, `update ${ledger} set checksum = ''`])
      expect(await refused(sql.unsafe(statement))).toBe(insufficientPrivilege);
  });

  test("creates nothing in any schema, skips no trigger and replaces no other's function", async () => {
    const sql = connected(database.connectAs(schema));
    for (const other of [...schemas, "public"]) {
      for (const statement of [
        `create table ${other}.smuggled (id int)`,
        `create function ${other}.smuggled() returns int language sql as 'select 1'`,
        `drop schema ${other} cascade`,
      ]) {
        expect([statement, await refused(sql.unsafe(statement))]).toEqual([statement, insufficientPrivilege]);
      }
    }
    expect(await refused(sql`create temporary table smuggled (id int)`)).toBe(insufficientPrivilege);
    expect(await refused(sql`set session_replication_role = replica`)).toBe(insufficientPrivilege);
    expect(await refused(sql.unsafe(`set role ${roleOf("owner")}`))).toBe(insufficientPrivilege);
    expect(await refused(sql`create schema smuggled`)).toBe(insufficientPrivilege);
  });

  test("sees no other service's tables", async () => {
    const sql = connected(database.connectAs(schema));
    for (const other of schemas.filter((one) => one !== schema)) {
      for (const { name } of await tablesOf(other))
        expect(await refused(sql.unsafe(`select from ${name} limit 1`))).toBe(insufficientPrivilege);
    }
  });
});

test("the owner's role owns every schema and everything in it", async () => {
  const foreign = await database.sql`
    select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(${[...schemas]}) and (c.relowner <> ${roleOf("owner")}::regrole or n.nspowner <> ${roleOf("owner")}::regrole)`;
  expect([...foreign]).toEqual([]);
});

test("provisioning again changes nothing", async () => {
  const before = await catalogueOf(database.sql, "audit");
  await provision(database.sql, passwords);
  expect(await catalogueOf(database.sql, "audit")).toEqual(before);
});

test("schemas that an older release left to its services become the owner's, and the services keep reading and writing", async () => {
  const older = await testDatabase({ migrations: [] });
  const api = connected(older.connectAs("api"));
  // As an older release had it: the service owns its schema and migrates it itself.
  await older.sql.unsafe(`alter schema api owner to ${roleOf("api")}`);
  await migrate(api, { schema: "api", folder: migrationFolder("api") }, 1);
  await older.sql.unsafe(`alter schema state owner to ${roleOf("state")}`);
  const state = connected(older.connectAs("state"));
  await state`create table state.dapr_metadata (key text primary key)`;
  await provision(older.sql, passwords, { isStateOfSidecars: true });

  expect(await refused(api`select count(*) from api.users`)).toBe("allowed");
  expect(await refused(api`insert into api.rate_limits values ('a', now())`)).toBe("allowed");
  expect(await refused(api`alter table api.users add column smuggled int`)).toBe(insufficientPrivilege);
  expect(await refused(api`delete from api.schema_migrations`)).toBe(insufficientPrivilege);
  // A sidecar's own tables stay its own, and it may create more.
  expect(await refused(state`alter table state.dapr_metadata add column value text`)).toBe("allowed");
  expect(await refused(state`create table state.dapr_state (key text)`)).toBe("allowed");
  const owner = connected(older.connectAs("owner"));
  await migrate(owner, { schema: "api", folder: migrationFolder("api") });
  expect(await refused(api`select count(*) from api.outbox`)).toBe("allowed");
  await older.close();
});

test("one role that owns a database, and is no superuser, gets all schemas", async () => {
  const name = `carillon_one_role_${crypto.randomUUID().slice(0, 8)}`;
  await database.sql.unsafe(`create role ${name} login password 'one'`);
  await database.sql.unsafe(`create database ${name} owner ${name}`);
  const url = new URL(database.url);
  Object.assign(url, { username: name, password: "one", pathname: `/${name}` });
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  await provision(sql, "one role");
  await provision(sql, "one role");
  const made = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace where nspowner = current_user::regrole order by array_position(${schemas}::text[], nspname::text)`;
  expect(made.map((row) => row.name)).toEqual([...schemas]);
  for (const schema of schemas) await migrate(sql, { schema, folder: migrationFolder(schema) });
  await sql.end();
});
