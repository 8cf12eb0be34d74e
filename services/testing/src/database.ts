import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  migrate,
  migrationFolder,
  provision,
  type RoleName,
  roleOf,
  type SchemaName,
  schemas,
} from "@carillon/kit/database";
import postgres, { type Sql } from "postgres";
import { sharedCluster } from "./cluster.ts";

export type TestDatabase = {
  /** The superuser's address, for checks below the API. */
  url: string;
  /** The superuser's connections: may look at every schema at once. */
  sql: Sql;
  /** A service's own address, with its production rights. */
  urlFor(name: RoleName): string;
  /** A service's own connections, or those of the role that owns the schemas; the caller ends them. */
  connectAs(name: RoleName): Sql;
  close(): Promise<void>;
};

// Throwaway clusters trust every client; a developer's own server (TEST_DATABASE_URL) may require a password.
const password = "carillon-test";
const passwords: Record<RoleName, string> = {
  owner: password,
  ops: password,
  api: password,
  audit: password,
  bus: password,
  state: password,
  notification: password,
};
const templateLock = 4_202_612;

/**
 * A fresh database with the given schemas migrated, on TEST_DATABASE_URL's server or on this machine's throwaway cluster. Call it once
 * per test file. It is copied from a template that is created once per set of migrations; it is never dropped: the cluster is thrown away.
 */
export async function testDatabase({
  migrations,
  isStateOfSidecars = false,
}: {
  migrations: readonly SchemaName[];
  /** A sidecar keeps its state in it, and makes its tables in the schema `state` itself. */
  isStateOfSidecars?: boolean;
}): Promise<TestDatabase> {
  const cluster = process.env.TEST_DATABASE_URL || (await sharedCluster());
  const name = `carillon_test_${Bun.randomUUIDv7().replaceAll("-", "")}`;
  const admin = quietly(cluster, 1);
  try {
    await copyTemplate(admin, cluster, migrations, name);
  } finally {
    await admin.end();
  }
  const url = withDatabase(cluster, name);
  const sql = quietly(url, 4);
  if (isStateOfSidecars) await sql`grant create on schema state to ${sql(roleOf("state"))}`;
  const urlFor = (name: RoleName): string => withRole(url, roleOf(name));
  const connectAs = (name: RoleName): Sql => quietly(urlFor(name), 4);
  return { url, sql, urlFor, connectAs, close: () => sql.end({ timeout: 2 }) };
}

async function copyTemplate(
  admin: Sql,
  cluster: string,
  migrations: readonly SchemaName[],
  name: string,
): Promise<void> {
  const template = `carillon_template_${contentHash(migrations)}`;
  const session = await admin.reserve();
  try {
    const exists = async (): Promise<boolean> =>
      (await session`select 1 from pg_database where datname = ${template} and datistemplate`).length > 0;
    if (!(await exists())) {
      // One test file creates it, the others wait here.
      await session`select pg_advisory_lock(${templateLock})`;
      if (!(await exists())) await makeTemplate(session, cluster, migrations, template);
      await session`select pg_advisory_unlock(${templateLock})`;
    }
    await session`create database ${session(name)} template ${session(template)}`;
    // Rights on a database are not copied with it.
    await session`revoke temporary on database ${session(name)} from public`;
  } finally {
    session.release();
  }
}

async function makeTemplate(
  admin: Sql,
  cluster: string,
  migrations: readonly SchemaName[],
  template: string,
): Promise<void> {
  // What an interrupted test run left half created.
  await admin`drop database if exists ${admin(template)}`;
  await admin`create database ${admin(template)}`;
  const url = withDatabase(cluster, template);
  const sql = quietly(url, 1);
  await provision(sql, passwords).finally(() => sql.end());
  const owner = quietly(withRole(url, roleOf("owner")), 1);
  try {
    for (const schema of migrations) await migrate(owner, { schema, folder: migrationFolder(schema) });
    // As with the folder transport: every address counts as proven, until a test says otherwise.
    if (migrations.includes("api")) await owner`insert into api.mail_transport (goes_out) values (false)`;
  } finally {
    await owner.end();
  }
  await admin`alter database ${admin(template)} with is_template true allow_connections false`;
}

/** Changes with every byte of the migrations and of the provisioning. */
function contentHash(migrations: readonly SchemaName[]): string {
  const hash = new Bun.CryptoHasher("sha256");
  for (const file of ["../../kit/src/database/roles.ts", "../../kit/src/database/migrate.ts", "database.ts"])
    hash.update(readFileSync(join(import.meta.dir, file)));
  for (const schema of schemas.filter((candidate) => migrations.includes(candidate))) {
    const folder = migrationFolder(schema);
    const files = readdirSync(folder).filter((file) => file.endsWith(".sql"));
    for (const file of files.sort()) hash.update(`${schema}/${file}`).update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex").slice(0, 24);
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function withRole(url: string, role: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}

function quietly(url: string, max: number): Sql {
  return postgres(url, { max, idle_timeout: 20, onnotice: () => {} });
}
