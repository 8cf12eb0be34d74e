import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@carillon/kit/config";
import {
  connect,
  hasUnicodeOrder,
  migrate,
  migrationFolder,
  orderNeeds,
  provision,
  renewUnicodeOrder,
  roleOf,
  type SchemaName,
  type Sql,
  schemas,
} from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import { keepServerRunning } from "../postgres/keep-running.ts";
import { noteDatabaseMade, type Secrets } from "./secrets.ts";

export type Database = {
  /** Where a service finds its schema, with its role. */
  urlOf(schema: SchemaName): string;
  /** The same database as the role that owns the schemas: for migrations only. */
  ownerUrl: string;
  stop(): Promise<void>;
};

export type DatabaseOptions = {
  dataDir: string;
  /** The user's own server; null starts ours under DATA_DIR. */
  databaseUrl: string | null;
  secrets: Secrets;
  log: Log;
  /** Sidecars keep their state in it. */
  isStateOfSidecars?: boolean;
};

/**
 * The product's PostgreSQL with roles and schemas in place.
 * @throws ConfigError with one sentence when it is not available.
 */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.databaseUrl === null ? openEmbedded(options) : openOwn(options.databaseUrl, options.log);
}

/** Migrates every schema; returns the migrations just applied to each. @throws MigrationError with one sentence. */
export async function migrateAll(database: Database, log: Log): Promise<Applied> {
  const all = schemas.map(async (schema) => [schema, await migrateSchema(database.ownerUrl, schema, log)] as const);
  // Sound: one entry was made for each schema.
  return Object.fromEntries(await Promise.all(all)) as Applied;
}

/** Names of migrations that ran just now. */
export type Applied = Record<SchemaName, string[]>;

/** Our own server: a role for each schema, and one that owns them all. */
async function openEmbedded({ dataDir, secrets, log, ...options }: DatabaseOptions): Promise<Database> {
  const folder = join(dataDir, "postgres");
  if (secrets.isDatabaseMade && isEmpty(folder)) throw new ConfigError(lossOf(dataDir));
  const started = keepServerRunning({ folder, password: secrets.database, log });
  const server = await started.catch((cause: unknown) => {
    throw new ConfigError(cause instanceof Error ? cause.message : String(cause));
  });
  const name = "carillon";
  try {
    await using(server.urlOf("postgres"), async (sql) => {
      const [there] = await sql`select 1 from pg_database where datname = ${name}`;
      if (!there) await sql`create database ${sql(name)}`;
    });
    await using(server.urlOf(name), async (sql) => {
      await provision(sql, secrets.roles, options);
      if ((await renewUnicodeOrder(sql)) === "renewed") log.info("titles are in the order of the server's new ICU", {});
    });
  } catch (error) {
    await server.stop();
    throw codeOf(error) === "28P01"
      ? new ConfigError(
          `${join(dataDir, "secrets.json")} no longer holds the database's password; restore it from a backup.`,
        )
      : error;
  }
  if (!secrets.isDatabaseMade) noteDatabaseMade(dataDir);
  const urlOf = (role: SchemaName | "owner"): string => {
    const url = new URL(server.urlOf(name));
    url.username = roleOf(role);
    url.password = secrets.roles[role];
    return url.href;
  };
  return { urlOf, ownerUrl: urlOf("owner"), stop: server.stop };
}

const isEmpty = (folder: string): boolean => !existsSync(folder) || readdirSync(folder).length === 0;

const lossOf = (dataDir: string): string =>
  `The database is missing from ${join(dataDir, "postgres")}, although secrets.json belongs to an existing one; restore the folder from a backup, or remove secrets.json to start with an empty one.`;

/** The user's own server: its one role gets all schemas. */
async function openOwn(url: string, log: Log): Promise<Database> {
  try {
    await using(url, async (sql) => {
      const [server] = await sql<Omit<ServerFacts, "hasOrder">[]>`
        select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
          current_setting('server_encoding') as encoding`;
      const objection = server ? objectionTo({ ...server, hasOrder: await hasUnicodeOrder(sql) }) : null;
      if (objection) throw new ConfigError(objection);
      await provision(sql, "one role");
      await renewUnicodeOrder(sql);
    });
  } catch (error) {
    throw asConfigError(error, url);
  }
  log.warn("one role of the given database owns all schemas and uses them; separate roles would isolate them", {});
  return { urlOf: () => url, ownerUrl: url, stop: async () => {} };
}

export type ServerFacts = { version: string; number: number; encoding: string; hasOrder: boolean };

/** Why a server cannot be used, in one sentence, or null. */
export function objectionTo({ version, number, encoding, hasOrder }: ServerFacts): string | null {
  const refused = (server: string): string =>
    `DATABASE_URL names a PostgreSQL ${server}; Carillon needs ${orderNeeds}.`;
  if (number < 160_000) return refused(version);
  // ICU orders no text in another encoding: this is the reason there.
  if (encoding !== "UTF8") return `DATABASE_URL names a database in ${encoding}; Carillon needs one in UTF8.`;
  return hasOrder ? null : refused(`${version} without ICU`);
}

async function migrateSchema(url: string, schema: SchemaName, log: Log): Promise<string[]> {
  const folder = migrationFolder(schema);
  if (!existsSync(folder)) return [];
  const applied = await using(url, (sql) => migrate(sql, { schema, folder }));
  if (applied.length > 0) log.info("migrated", { schema, applied });
  return applied;
}

/** Runs `work` on a connection of its own, which is closed afterwards. */
export async function using<Result>(url: string, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  const sql = connect(url, { max: 1, name: "start" });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

/** What is wrong with DATABASE_URL in one sentence, without its password. */
function asConfigError(error: unknown, url: string): unknown {
  if (error instanceof ConfigError) return error;
  const { host, pathname, username } = new URL(url);
  const code = codeOf(error);
  const database = decodeURIComponent(pathname.slice(1));
  const sentences: Record<string, string> = {
    "28P01": `the password for ${username} is wrong`,
    "28000": `${username} may not connect`,
    "3D000": `there is no database "${database}"`,
    "42501": `${username} may not create schemas and extensions in ${database}; grant it CREATE on that database`,
    "0A000": `it lacks the extension btree_gin; install PostgreSQL's contrib package`,
    "58P01": `it lacks the extension btree_gin; install PostgreSQL's contrib package`,
  };
  const known = sentences[code];
  if (known) return new ConfigError(`DATABASE_URL names ${host}, but ${known}.`);
  return new ConfigError(`DATABASE_URL names ${host}, where no PostgreSQL answers (${code || String(error)}).`);
}
