import type { Sql, TransactionSql } from "postgres";

/** The schemas of the product, each used by one service; `bus` and `state` hold embedded mode's events and consumers' notes. */
export const schemas = ["api", "audit", "bus", "state", "notification"] as const;
export type SchemaName = (typeof schemas)[number];

/**
 * The database roles. A schema's role reads and writes its rows, changes no table and sees no other
 * schema; `owner` owns every schema and runs the migrations, and no service logs in as it; `ops`
 * reads what migrations let it read.
 */
export type RoleName = SchemaName | "owner" | "ops";
export const roleOf = (name: RoleName): string => `carillon_${name}`;

/** A schema without a password is not created, and without one `ops` cannot log in. */
export type Passwords = { owner: string } & Partial<Record<RoleName, string>>;

export type ProvisionOptions = {
  /** A sidecar keeps its state in the schema `state`, where it creates its tables itself: its role may, in that one schema. */
  isStateOfSidecars?: boolean;
};

// For indexes over (user_id, document). Trusted: the owner of a database may create it.
const extensions = ["btree_gin"];

// Two products that start on one database take turns.
const provisioningLock = 4_202_611;

/**
 * Creates what the migrations need: roles, schemas and extensions; idempotent. With "one role" all
 * schemas belong to the caller's own role (a user's own DATABASE_URL); with passwords the caller
 * must be a superuser: `owner` gets the schemas, also those that an older release gave to their
 * services, and each schema with a password gets a role for its service.
 */
export async function provision(
  sql: Sql,
  passwords: Passwords | "one role",
  options: ProvisionOptions = {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sql.begin((tx) => makeAll(tx, passwords, options));
      return;
    } catch (error) {
      // Roles belong to the whole server: a product starting on another of its databases may be writing
      // the same ones.
      const isCollision = error instanceof Error && error.message.includes("tuple concurrently updated");
      if (!isCollision || attempt === 10) throw error;
    }
  }
}

async function makeAll(
  tx: TransactionSql,
  passwords: Passwords | "one role",
  options: ProvisionOptions,
): Promise<void> {
  await tx`select pg_advisory_xact_lock(${provisioningLock})`;
  if (passwords !== "one role") await makeRoles(tx, passwords);
  const present = await namesIn(tx`select nspname as name from pg_namespace`);
  for (const schema of schemas) {
    if (passwords === "one role") {
      if (!present.has(schema)) await tx`create schema ${tx(schema)}`;
    } else if (passwords[schema] !== undefined) await makeSchema(tx, schema, present.has(schema), options);
  }
  const installed = await namesIn(tx`select extname as name from pg_extension`);
  for (const extension of extensions) {
    if (!installed.has(extension)) await tx`create extension ${tx(extension)} schema public`;
  }
}

async function makeRoles(tx: TransactionSql, passwords: Passwords): Promise<void> {
  const present = await namesIn(tx`select rolname as name from pg_roles`);
  const [row] = await tx<{ database: string }[]>`select current_database() as database`;
  const database = row?.database ?? "";
  // Only these roles connect, and only the superuser creates anything outside its schema.
  await tx`revoke all on database ${tx(database)} from public`;
  // Exists even when it cannot log in: migrations grant to it.
  if (!present.has(roleOf("ops"))) await tx`create role ${tx(roleOf("ops"))} nologin`;
  for (const name of ["owner", ...schemas, "ops"] as const) {
    const password = passwords[name];
    if (password === undefined) continue;
    const role = roleOf(name);
    if (name !== "ops" && !present.has(role)) await tx`create role ${tx(role)} login`;
    // A password cannot be a parameter: PostgreSQL itself quotes it.
    const [command] = await tx<{ text: string }[]>`
      select format('alter role %I login nosuperuser nocreatedb nocreaterole nobypassrls password %L',
        ${role}::text, ${password}::text) as text`;
    await tx.unsafe(command?.text ?? "");
    await tx`grant connect on database ${tx(database)} to ${tx(role)}`;
  }
}

/** Makes the schema the owner's, with its service's right to read and write its tables: existing ones, and those that migrations will create. */
async function makeSchema(
  tx: TransactionSql,
  schema: SchemaName,
  isPresent: boolean,
  { isStateOfSidecars = false }: ProvisionOptions,
): Promise<void> {
  const [name, owner, role] = [tx(schema), tx(roleOf("owner")), tx(roleOf(schema))];
  if (isPresent) await takeOver(tx, schema);
  else await tx`create schema ${name} authorization ${owner}`;
  await tx`grant usage on schema ${name} to ${role}`;
  const ofOwner = tx`alter default privileges for role ${owner} in schema ${name}`;
  await tx`${ofOwner} grant select, insert, update, delete on tables to ${role}`;
  await tx`${ofOwner} grant usage, select on sequences to ${role}`;
  if (schema === "state" && isStateOfSidecars) await tx`grant create on schema ${name} to ${role}`;
}

/** In older releases each service owned its schema: then everything in it becomes the owner's, and the service keeps reading and writing. */
async function takeOver(tx: TransactionSql, schema: SchemaName): Promise<void> {
  const [name, owner, role] = [tx(schema), tx(roleOf("owner")), tx(roleOf(schema))];
  const [found] = await tx<{ is_services: boolean; has_ledger: boolean; sidecars: string[] }[]>`
    select n.nspowner = ${roleOf(schema)}::regrole as is_services,
      to_regclass(${`${schema}.schema_migrations`}) is not null as has_ledger,
      array(select c.relname::text from pg_class c
        where c.relnamespace = n.oid and c.relkind = 'r' and c.relname like 'dapr\\_%') as sidecars
    from pg_namespace n where n.nspname = ${schema}`;
  if (!found?.is_services) return;
  await tx`reassign owned by ${role} to ${owner}`;
  await tx`grant select, insert, update, delete on all tables in schema ${name} to ${role}`;
  await tx`grant usage, select on all sequences in schema ${name} to ${role}`;
  if (found.has_ledger) await tx`revoke insert, update, delete on ${tx(`${schema}.schema_migrations`)} from ${role}`;
  for (const table of found.sidecars) await tx`alter table ${tx(`${schema}.${table}`)} owner to ${role}`;
}

async function namesIn(query: PromiseLike<readonly { name?: string }[]>): Promise<Set<string>> {
  return new Set((await query).map((row) => row.name ?? ""));
}
