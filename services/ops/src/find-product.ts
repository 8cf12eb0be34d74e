import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defaultPorts } from "@carillon/contracts/names";
import { ConfigError, type Environment, optional, port, postgresUrl, readConfig, text } from "@carillon/kit/config";
import { roleOf, type SchemaName } from "@carillon/kit/roles";

/** Where the running product is, and what opens its doors. */
export type Product = {
  /** The database, as the role that owns the schema, or as the one role of DATABASE_URL. */
  urlOf(schema: SchemaName): string;
  /** audit's own door. */
  auditUrl: URL;
  /** @throws ConfigError when there is none. */
  appToken(): string;
};

/**
 * The product DATABASE_URL names, or else the one that runs on DATA_DIR (its database's port and passwords are kept there).
 * @throws ConfigError with one sentence when neither can be found.
 */
export function findProduct(environment: Environment): Product {
  const settings = readConfig(environment, {
    DATABASE_URL: (name, raw) => (raw === undefined ? null : postgresUrl(name, raw)),
    DATA_DIR: text(".data"),
    APP_API_TOKEN: optional,
    HOST: text("127.0.0.1"),
    AUDIT_PORT: port(defaultPorts.audit),
  });
  const dataDir = resolve(settings.DATA_DIR);
  const { DATABASE_URL: url } = settings;
  return {
    urlOf: url === null ? embedded(dataDir) : () => url,
    auditUrl: new URL(`http://${reachable(settings.HOST)}:${settings.AUDIT_PORT}`),
    appToken() {
      const token =
        settings.APP_API_TOKEN ?? (existsSync(secretsFile(dataDir)) ? secretsOf(dataDir)("app_api_token") : null);
      if (token === null) throw new ConfigError("APP_API_TOKEN is not set; audit answers nobody without it.");
      return token;
    },
  };
}

/** Where a server that listens on `host` is asked from this machine. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function embedded(dataDir: string): Product["urlOf"] {
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

/** PostgreSQL's own note about its run; the port stands in the fourth line. */
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
    throw new ConfigError(`${file} cannot be read by this user; run ops as the one who runs Carillon.`);
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
