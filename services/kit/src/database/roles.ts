import type { Sql, TransactionSql } from "postgres";

/** The schemas of the product, each owned by one service; `bus` and `state` carry embedded mode's events and consumers' notes. */
export const schemas = ["api", "audit", "bus", "state", "notification"] as const;
export type SchemaName = (typeof schemas)[number];

/** The role that owns a schema and sees no other; `ops` owns none and reads what migrations let it read. */
export const roleOf = (name: SchemaName | "ops"): string => `carillon_${name}`;

/** Without a password there is no such schema, and nobody enters as `ops`. */
export type Passwords = Partial<Record<SchemaName | "ops", string>>;

// For indexes over (user_id, document). Trusted: the owner of a database may create it.
const extensions = ["btree_gin"];

// Two products that start on one database take turns.
const provisioningLock = 4_202_611;

/**
 * Makes what the migrations need, however often it is called: a role and a schema per service, and the extensions. With "one role" all
 * schemas belong to the caller's own role (a user's own DATABASE_URL); with passwords the caller must be a superuser, and each schema
 * that has one gets a role of its own.
 */
export async function provision(sql: Sql, passwords: Passwords | "one role"): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sql.begin((tx) => makeAll(tx, passwords));
      return;
    } catch (error) {
      // Roles belong to the whole server: a product starting on another database of it may be writing the same ones.
      const isCollision = error instanceof Error && error.message.includes("tuple concurrently updated");
      if (!isCollision || attempt === 10) throw error;
    }
  }
}

async function makeAll(tx: TransactionSql, passwords: Passwords | "one role"): Promise<void> {
  await tx`select pg_advisory_xact_lock(${provisioningLock})`;
  if (passwords !== "one role") await makeRoles(tx, passwords);
  const present = await namesIn(tx`select nspname as name from pg_namespace`);
  for (const schema of schemas) {
    if (present.has(schema) || (passwords !== "one role" && passwords[schema] === undefined)) continue;
    if (passwords === "one role") await tx`create schema ${tx(schema)}`;
    else await tx`create schema ${tx(schema)} authorization ${tx(roleOf(schema))}`;
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
  // Nobody but these roles connects, and nobody but the superuser makes anything outside its schema.
  await tx`revoke all on database ${tx(database)} from public`;
  // There even when nobody may enter as it: migrations grant to it.
  if (!present.has(roleOf("ops"))) await tx`create role ${tx(roleOf("ops"))} nologin`;
  for (const name of [...schemas, "ops"] as const) {
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

async function namesIn(query: PromiseLike<readonly { name?: string }[]>): Promise<Set<string>> {
  return new Set((await query).map((row) => row.name ?? ""));
}
