import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@carillon/kit/config";
import { type RoleName, schemas } from "@carillon/kit/database";

/** What the product keeps from everybody else; made once and kept in `DATA_DIR/secrets.json`, readable by its owner only. */
export type Secrets = {
  jwtSecret: string;
  appToken: string;
  /** What services prove themselves with to their sidecars. */
  daprToken: string;
  /** The embedded server's superuser's. */
  database: string;
  roles: Record<KeptRole, string>;
  /** What audit seals the history with; in no database, so that no database role can forge it. */
  auditKey: string;
  /** True once a database was made beside them. */
  isDatabaseMade: boolean;
};

const madeMark = "database_made";

/** Roles of the embedded server; nobody enters there as `ops`. */
type KeptRole = Exclude<RoleName, "ops">;
const keptRoles: readonly KeptRole[] = ["owner", ...schemas];

/**
 * The kept secrets; what is missing (a new DATA_DIR, or a secret that a newer release needs) is generated and kept.
 * @throws ConfigError when the file is no longer what was written.
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
  };
  if (isNew) write(file, `${JSON.stringify(kept, null, 2)}\n`);
  // Sound: one entry was made for each role.
  return { ...secrets, roles: roles as Record<KeptRole, string>, isDatabaseMade: kept[madeMark] !== undefined };
}

/** Notes that the database of these secrets is there: from now on an absent one is a loss, and no first start. */
export function noteDatabaseMade(dataDir: string): void {
  const file = join(dataDir, "secrets.json");
  write(file, `${JSON.stringify({ ...readKept(file), [madeMark]: "yes" }, null, 2)}\n`);
}

/** What was generated has 72 characters; 32 are enough everywhere. */
const minSecretChars = 32;

function checked(file: string, name: string, value: unknown): string {
  if (typeof value === "string" && value.length >= minSecretChars) return value;
  throw new ConfigError(`${file} holds a "${name}" that Carillon did not write; put the file back from a backup.`);
}

function readKept(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  try {
    const kept: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof kept !== "object" || kept === null || Array.isArray(kept)) throw new Error("not an object");
    return { ...kept };
  } catch {
    throw new ConfigError(`${file} cannot be read as the secrets Carillon wrote there; put it back from a backup.`);
  }
}

/** Whole or not at all, also when the power fails. */
function write(file: string, text: string): void {
  const handle = openSync(`${file}.new`, "w", 0o600);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.new`, file);
}
