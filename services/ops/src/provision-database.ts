import { ConfigError, type Environment, postgresUrl, readConfig, type Setting } from "@carillon/kit/config";
import {
  connect,
  type Passwords,
  provision,
  type RoleName,
  renewUnicodeOrder,
  roleOf,
  type Sql,
  unicodeOrder,
} from "@carillon/kit/database";
import { type Report, report } from "./report.ts";

/** The services whose addresses may be given; `bus` is the embedded product's own. */
const given = ["owner", "api", "audit", "notification", "state", "ops"] as const satisfies readonly RoleName[];

/** A changed ICU is rare and worth a line; an unchanged one is not. */
const orderLines = {
  current: [],
  stale: ["The server's ICU has changed: the indexes of its order must be built again."],
  renewed: ["The server's ICU has changed: the indexes of its order were built again."],
};

const optionalUrl: Setting<string | null> = (name, raw) => (raw === undefined ? null : postgresUrl(name, raw));

/**
 * A role for each service whose `<NAME>_DATABASE_URL` is given, with that address's password, and its
 * schema, which the role of `OWNER_DATABASE_URL` owns; as the superuser of `ADMIN_DATABASE_URL`;
 * idempotent.
 * @throws ConfigError when an address names another role than its service's, or no owner is given.
 */
export async function provisionDatabase(environment: Environment, dryRun: boolean): Promise<Report> {
  const { ADMIN_DATABASE_URL: admin } = readConfig(environment, { ADMIN_DATABASE_URL: postgresUrl });
  const passwords = readPasswords(environment);
  const sql = connect(admin, { max: 1, name: "ops" });
  try {
    const missing = await missingRoles(sql, Object.keys(passwords));
    // A product with sidecars keeps its state in theirs.
    if (!dryRun) await provision(sql, passwords, { isStateOfSidecars: true });
    const order = dryRun ? await unicodeOrder(sql) : await renewUnicodeOrder(sql);
    const roles = Object.keys(passwords).map((name) => `carillon_${name}`);
    const line = `${dryRun ? "Would provide" : "Provided"} ${roles.join(", ")}; new: ${missing.join(", ") || "none"}.`;
    return report([line, ...orderLines[order]], { dry_run: dryRun, roles, made: missing, unicode_order: order });
  } finally {
    await sql.end({ timeout: 2 });
  }
}

function readPasswords(environment: Environment): Passwords {
  const passwords: Partial<Passwords> = {};
  for (const name of given) {
    const variable = `${name.toUpperCase()}_DATABASE_URL`;
    const url = readConfig(environment, { [variable]: optionalUrl })[variable];
    if (!url) continue;
    const { username, password } = new URL(url);
    if (decodeURIComponent(username) !== roleOf(name))
      throw new ConfigError(`${variable} logs in as "${username}"; it must log in as ${roleOf(name)}.`);
    if (password === "") throw new ConfigError(`${variable} has no password.`);
    passwords[name] = decodeURIComponent(password);
  }
  const { owner, ...others } = passwords;
  if (owner === undefined)
    throw new ConfigError("OWNER_DATABASE_URL is not set; it names the role that owns the schemas and migrates them.");
  if (Object.keys(others).length === 0)
    throw new ConfigError("API_DATABASE_URL is not set, nor that of any other service; there is nothing to provide.");
  return { owner, ...others };
}

async function missingRoles(sql: Sql, names: readonly string[]): Promise<string[]> {
  const there = await sql<{ name: string }[]>`select rolname as name from pg_roles`;
  const present = new Set(there.map(({ name }) => name));
  return names.map((name) => `carillon_${name}`).filter((role) => !present.has(role));
}
