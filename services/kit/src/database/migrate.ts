import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReservedSql, Sql } from "postgres";
import { roleOf, type SchemaName } from "./roles.ts";
import { isMissingOrder, orderNeeds } from "./unicode-order.ts";

/** The migrations of one schema: `NNNN_name.sql` with `NNNN_name.down.sql` beside each, in a folder. */
export type Migrations = { schema: SchemaName; folder: string };

export type MigrationStatus = { name: string; state: "applied" | "pending" | "unknown here" };

type Migration = { name: string; up: string; downFile: string; checksum: string };
type Applied = { name: string; checksum: string };

/** A failure that stops a migration, in one sentence. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

/**
 * Names of the migrations applied now, in order; at most `limit` of them. Each runs in a transaction
 * of its own together with its row in `<schema>.schema_migrations`; an advisory lock lets one
 * process at a time do this. Applied migrations that the folder does not know are fine: the
 * previous release runs on the schema of the next one.
 * @throws MigrationError when an applied file was edited, a file arrives out of order, or its SQL
 * fails.
 */
export async function migrate(sql: Sql, { schema, folder }: Migrations, limit = Infinity): Promise<string[]> {
  const migrations = readMigrations(folder);
  return locked(sql, schema, async (session) => {
    const applied = await readLedger(session, schema);
    const pending = pendingOf(migrations, applied, schema);
    const done: string[] = [];
    for (const migration of pending.slice(0, limit)) {
      await inTransaction(session, `${schema}/${migration.name}`, migration.up, async () => {
        const { name, checksum } = migration;
        await session`insert into ${session(schema)}.schema_migrations (name, checksum) values (${name}, ${checksum})`;
      });
      done.push(migration.name);
    }
    return done;
  });
}

/**
 * Names of the migrations reverted now, newest first; `steps` of them, or as many as there are.
 * @throws MigrationError when one has no down file here, or its SQL fails.
 */
export async function migrateDown(sql: Sql, { schema, folder }: Migrations, steps = 1): Promise<string[]> {
  const migrations = readMigrations(folder);
  return locked(sql, schema, async (session) => {
    const applied = await readLedger(session, schema);
    const done: string[] = [];
    for (const { name } of applied.toReversed().slice(0, steps)) {
      const migration = migrations.find((candidate) => candidate.name === name);
      if (!migration || !existsSync(migration.downFile)) {
        throw new MigrationError(
          `Migration ${schema}/${name} cannot be undone: there is no ${name}.down.sql in ${folder}.`,
        );
      }
      await inTransaction(session, `${schema}/${name}.down`, readFileSync(migration.downFile, "utf8"), async () => {
        await session`delete from ${session(schema)}.schema_migrations where name = ${name}`;
      });
      done.push(name);
    }
    return done;
  });
}

/** Every migration known here or applied there, in order. */
export async function migrationStatus(sql: Sql, { schema, folder }: Migrations): Promise<MigrationStatus[]> {
  const migrations = readMigrations(folder);
  return locked(sql, schema, async (session) => {
    const applied = await readLedger(session, schema);
    const pending = pendingOf(migrations, applied, schema).map(({ name }) => ({ name, state: "pending" as const }));
    const isKnown = (name: string): boolean => migrations.some((migration) => migration.name === name);
    const past = applied.map(({ name }) => ({
      name,
      state: isKnown(name) ? ("applied" as const) : ("unknown here" as const),
    }));
    return [...past, ...pending];
  });
}

/** The folder of a schema's migrations: beside a built program, else in this repository, where `bus` and `state` are the local adapters'. */
export function migrationFolder(schema: SchemaName): string {
  const beside = join(import.meta.dir, "migrations", schema);
  if (existsSync(beside)) return beside;
  const services = join(import.meta.dir, "../../..");
  const isAdapters = schema === "bus" || schema === "state";
  return isAdapters ? join(services, "adapters", "migrations", schema) : join(services, schema, "migrations");
}

function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) throw new MigrationError(`There is no folder of migrations at ${folder}.`);
  const names = readdirSync(folder).filter((file) => file.endsWith(".sql"));
  const odd = names.find((file) => !/^\d{4}_[a-z0-9_]+(\.down)?\.sql$/.test(file));
  if (odd) throw new MigrationError(`${join(folder, odd)} is not named like 0001_what_it_does.sql.`);
  const ups = names.filter((file) => !file.endsWith(".down.sql")).sort();
  const twice = ups.find((file, index) => ups[index + 1]?.slice(0, 4) === file.slice(0, 4));
  if (twice) throw new MigrationError(`Two migrations in ${folder} have the number ${twice.slice(0, 4)}.`);
  return ups.map((file) => {
    const name = file.slice(0, -".sql".length);
    // Git may check the same file out with other line ends.
    const up = readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n");
    const checksum = new Bun.CryptoHasher("sha256").update(up).digest("hex");
    return { name, up, checksum, downFile: join(folder, `${name}.down.sql`) };
  });
}

function pendingOf(migrations: readonly Migration[], applied: readonly Applied[], schema: string): Migration[] {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  const last = applied.at(-1)?.name ?? "";
  for (const { name, checksum } of migrations) {
    const known = checksums.get(name);
    if (known === undefined && name < last) {
      throw new MigrationError(
        `Migration ${schema}/${name} comes before ${last}, which is applied already; give it a later number.`,
      );
    }
    if (known !== undefined && known !== checksum) {
      throw new MigrationError(
        `Migration ${schema}/${name} was edited after it was applied; restore it and write a new one.`,
      );
    }
  }
  return migrations.filter(({ name }) => !checksums.has(name));
}

/** Runs `work` on a session of its own that holds the schema's lock; the lock ends with the session, whatever happens. */
async function locked<Result>(
  sql: Sql,
  schema: SchemaName,
  work: (session: ReservedSql) => Promise<Result>,
): Promise<Result> {
  const session = await sql.reserve();
  try {
    // An index on a big table, or another process that builds one, takes longer than any query may.
    await session`set statement_timeout = 0`;
    await session`select pg_advisory_lock(hashtext('carillon.migrations'), hashtext(${schema}))`;
    try {
      await ensureLedger(session, schema);
      return await work(session);
    } finally {
      await session`select pg_advisory_unlock(hashtext('carillon.migrations'), hashtext(${schema}))`;
      await session`reset statement_timeout`;
    }
  } finally {
    session.release();
  }
}

async function ensureLedger(session: ReservedSql, schema: SchemaName): Promise<void> {
  const [there] = await session<{ schema: boolean; ledger: boolean }[]>`
    select to_regnamespace(${schema}) is not null as schema, to_regclass(${`${schema}.schema_migrations`}) is not null as ledger`;
  if (!there?.schema)
    throw new MigrationError(`There is no schema ${schema} in this database; create it before running migrations.`);
  if (there.ledger) return;
  await session`
    create table ${session(schema)}.schema_migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`;
  // The service may change rows of the other tables made here, but not of this one, which decides
  // what runs next.
  await session.unsafe(`do $$ begin
    if exists (select from pg_roles where rolname = '${roleOf(schema)}') and current_user <> '${roleOf(schema)}' then
      revoke insert, update, delete on ${schema}.schema_migrations from ${roleOf(schema)};
    end if;
  end $$`);
}

async function readLedger(session: ReservedSql, schema: string): Promise<Applied[]> {
  return session<Applied[]>`select name, checksum from ${session(schema)}.schema_migrations order by name collate "C"`;
}

async function inTransaction(
  session: ReservedSql,
  what: string,
  text: string,
  note: () => Promise<void>,
): Promise<void> {
  await session.unsafe("begin");
  try {
    await session.unsafe(text);
    await note();
    // Deferred constraints fail here, so that the error names this migration.
    await session.unsafe("commit");
  } catch (cause) {
    await session.unsafe("rollback");
    const reason = cause instanceof Error ? cause.message : String(cause);
    const needs = isMissingOrder(cause) ? ` It needs ${orderNeeds}.` : "";
    throw new MigrationError(`Migration ${what} failed and left nothing behind: ${reason}.${needs}`, { cause });
  }
}
