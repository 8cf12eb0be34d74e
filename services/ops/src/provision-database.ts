import { ConfigError, type Environment, postgresUrl, readConfig, type Setting } from "@carillon/kit/config";
import { connect, type Passwords, provision, roleOf, type SchemaName, type Sql } from "@carillon/kit/database";
import { type Report, report } from "./report.ts";

/** Whose addresses may be given; `bus` is the embedded product's own. */
const owners = ["api", "audit", "notification", "state", "ops"] as const satisfies readonly (SchemaName | "ops")[];

const optionalUrl: Setting<string | null> = (name, raw) => (raw === undefined ? null : postgresUrl(name, raw));

/**
 * A role for each service whose `<NAME>_DATABASE_URL` is given, with that address's password, and its schema; as the superuser of
 * `ADMIN_DATABASE_URL`, however often it runs.
 * @throws ConfigError when an address names another role than its service's.
 */
export async function provisionDatabase(environment: Environment, dryRun: boolean): Promise<Report> {
  const { ADMIN_DATABASE_URL: admin } = readConfig(environment, { ADMIN_DATABASE_URL: postgresUrl });
  const passwords = readPasswords(environment);
  const sql = connect(admin, { max: 1, name: "ops" });
  try {
    const missing = await missingRoles(sql, Object.keys(passwords));
    if (!dryRun) await provision(sql, passwords);
    const roles = Object.keys(passwords).map((name) => `carillon_${name}`);
    const line = `${dryRun ? "Would provide" : "Provided"} ${roles.join(", ")}; new: ${missing.join(", ") || "none"}.`;
    return report([line], { dry_run: dryRun, roles, made: missing });
  } finally {
    await sql.end({ timeout: 2 });
  }
}

function readPasswords(environment: Environment): Passwords {
  const passwords: Passwords = {};
  for (const name of owners) {
    const variable = `${name.toUpperCase()}_DATABASE_URL`;
    const url = readConfig(environment, { [variable]: optionalUrl })[variable];
    if (!url) continue;
    const { username, password } = new URL(url);
    if (decodeURIComponent(username) !== roleOf(name))
      throw new ConfigError(`${variable} enters as "${username}"; it must enter as ${roleOf(name)}.`);
    if (password === "") throw new ConfigError(`${variable} has no password.`);
    passwords[name] = decodeURIComponent(password);
  }
  if (Object.keys(passwords).length === 0)
    throw new ConfigError("API_DATABASE_URL is not set, nor that of any other service; there is nothing to provide.");
  return passwords;
}

async function missingRoles(sql: Sql, names: readonly string[]): Promise<string[]> {
  const there = await sql<{ name: string }[]>`select rolname as name from pg_roles`;
  const present = new Set(there.map(({ name }) => name));
  return names.map((name) => `carillon_${name}`).filter((role) => !present.has(role));
}
