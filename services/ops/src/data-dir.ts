import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@carillon/kit/config";
import { roleOf, type SchemaName } from "@carillon/kit/database";

/**
 * The database of the product that runs on this folder, with the role that owns a schema: its port is
 * in PostgreSQL's own note, the passwords are stored beside it.
 * @throws ConfigError when nothing runs there.
 */
export function keptDatabase(dataDir: string): (schema: SchemaName) => string {
  const serverPort = portOf(join(dataDir, "postgres", "postmaster.pid"));
  if (serverPort === null) {
    throw new ConfigError(`No Carillon is running on ${dataDir}; start it, or set DATA_DIR or DATABASE_URL.`);
  }
  const secret = secretsOf(dataDir);
  return (schema) => {
    const url = new URL(`postgres://127.0.0.1:${serverPort}/carillon`);
    url.username = roleOf(schema);
    url.password = secret(`role_${schema}`);
    return url.href;
  };
}

/** The same database as its superuser, who alone may copy it. @throws ConfigError when nothing runs there. */
export function keptSuperuser(dataDir: string): string {
  const url = new URL(keptDatabase(dataDir)("api"));
  url.username = "carillon";
  url.password = secretsOf(dataDir)("database");
  return url.href;
}

/** The key that seals its history, or null when none is stored there. */
export const keptAuditKey = (dataDir: string): string | null =>
  existsSync(secretsFile(dataDir)) ? secretsOf(dataDir)("audit_key") : null;

/** PostgreSQL's own note about its run; the port is in the fourth line. */
function portOf(file: string): number | null {
  const found = Number(read(file)?.split("\n")[3]);
  return Number.isInteger(found) && found > 0 ? found : null;
}

const secretsFile = (dataDir: string): string => join(dataDir, "secrets.json");

function secretsOf(dataDir: string): (name: string) => string {
  const file = secretsFile(dataDir);
  const kept = parse(read(file) ?? "");
  return (name) => {
    const value = kept?.[name];
    if (typeof value !== "string") throw new ConfigError(`${file} does not hold what Carillon wrote there.`);
    return value;
  };
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new ConfigError(`${file} cannot be read by this user; run ops as the user who runs Carillon.`);
  }
}

function parse(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
