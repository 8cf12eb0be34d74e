import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@carillon/kit/config";
import { type RoleName, schemas } from "@carillon/kit/database";

/** The product's secrets; generated once and kept in `DATA_DIR/secrets.json`, readable by its owner only. */
export type Secrets = {
  jwtSecret: string;
  appToken: string;
  /** Authenticates services to their sidecars. */
  daprToken: string;
  /** The embedded server's superuser's. */
  database: string;
  roles: Record<KeptRole, string>;
  /** Audit's seal key; in no database, so that no database role can forge the history. */
  auditKey: string;
  /** The private key of web pushes (VAPID), in base64url. */
  vapidKey: string;
  /** True once a database was created for them. */
  isDatabaseMade: boolean;
};

const madeMark = "database_made";

/** Roles of the embedded server; `ops` has no login there. */
type KeptRole = Exclude<RoleName, "ops">;
const keptRoles: readonly KeptRole[] = ["owner", ...schemas];

/**
 * The stored secrets; missing ones (a new DATA_DIR, or a newer release) are generated and stored.
 * @throws ConfigError when the file is not what was written.
 */
export function keepSecrets(dataDir: string, generate: () => string): Secrets {
  const file = join(dataDir, "secrets.json");
  const kept = readKept(file);
  let isNew = false;
  const keep = (name: string): string => {
    const known = kept[name];
    if (known !== undefined) return checked(file, name, known);
    isNew = true;
    const made = generate();
    kept[name] = made;
    return made;
  };
  const roles = Object.fromEntries(keptRoles.map((role) => [role, keep(`role_${role}`)]));
  const secrets = {
    jwtSecret: keep("jwt_secret"),
    appToken: keep("app_api_token"),
    daprToken: keep("dapr_api_token"),
    database: keep("database"),
    auditKey: keep("audit_key"),
    // Any 32 bytes are a key on P-256, but for a chance of 2^-32.
    vapidKey: createHash("sha256").update(keep("vapid_key")).digest("base64url"),
  };
  if (isNew) write(file, `${JSON.stringify(kept, null, 2)}\n`);
  // Sound: one entry was made for each role.
  return { ...secrets, roles: roles as Record<KeptRole, string>, isDatabaseMade: kept[madeMark] !== undefined };
}

/** Records that the database of these secrets exists: from now on a missing one is a loss, not a first start. */
export function noteDatabaseMade(dataDir: string): void {
  const file = join(dataDir, "secrets.json");
  write(file, `${JSON.stringify({ ...readKept(file), [madeMark]: "yes" }, null, 2)}\n`);
}

/** Generated ones have 72 characters; 32 are enough everywhere. */
const minSecretChars = 32;

function checked(file: string, name: string, value: unknown): string {
  if (typeof value === "string" && value.length >= minSecretChars) return value;
  throw new ConfigError(`${file} holds a "${name}" that Carillon did not write; restore the file from a backup.`);
}

function readKept(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  try {
    const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof kept !== "object" || kept === null || Array.isArray(kept)) throw new Error("not an object");
    return { ...kept };
  } catch {
    throw new ConfigError(`${file} cannot be read as Carillon's secrets; restore it from a backup.`);
  }
}

/** Written completely or not at all, also when the power fails. */
function write(file: string, text: string): void {
  const handle = openSync(`${file}.new`, "w", 0o600);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.new`, file);
}
