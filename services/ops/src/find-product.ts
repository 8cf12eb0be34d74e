import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { PlatformNames } from "@carillon/contracts/platform-names";
import {
  ConfigError,
  type Environment,
  namesSettings,
  optional,
  platformNames,
  postgresUrl,
  readConfig,
  sidecarSettings,
  text,
} from "@carillon/kit/config";
import type { SchemaName } from "@carillon/kit/database";
import { type BrokerAddress, brokerAddress, brokerSettings } from "./broker/settings.ts";
import { keptAuditKey, keptDatabase } from "./data-dir.ts";

/** Where the running product is, and the credentials for its doors. */
export type Product = EmbeddedProduct | DaprProduct;

/** One process with its database: the bus is a schema, and nothing listens for operators. */
export type EmbeddedProduct = {
  kind: "embedded";
  /**
   * The database, as the role that owns the schema, or as the one role of DATABASE_URL. @throws
   * ConfigError when nothing runs there.
   */
  urlOf(schema: SchemaName): string;
  /** The key that seals the history. @throws ConfigError when it is neither set nor stored. */
  auditKeys(): { AUDIT_KEY: string; AUDIT_OLD_KEY: string | null };
};

/** Services with sidecars: events are the broker's, notes and neighbours are reached through ops' own sidecar. */
export type DaprProduct = {
  kind: "dapr";
  broker: BrokerAddress;
  /** Copies of a new topic; 0: the default. */
  replication: number;
  sidecar: URL;
  daprToken: string;
  names: PlatformNames;
  /** With the role that may read what operators see. @throws ConfigError when there is none. */
  urlOf(schema: SchemaName): string;
};

/**
 * The product whose broker KAFKA_BROKERS names; else the one whose database DATABASE_URL names; else
 * the one that runs on DATA_DIR (its database's port and passwords are stored there).
 * @throws ConfigError with one sentence about a wrong setting; that nothing runs there shows at the
 * first call.
 */
export function findProduct(environment: Environment): Product {
  const settings = readConfig(environment, {
    ...brokerSettings,
    DATABASE_URL: (name, raw) => (raw === undefined ? null : postgresUrl(name, raw)),
    DATA_DIR: text(".data"),
    ...sidecarSettings,
    ...namesSettings,
    AUDIT_KEY: optional,
    AUDIT_OLD_KEY: optional,
  });
  const { DATABASE_URL: url } = settings;
  const dataDir = resolve(settings.DATA_DIR);
  const broker = brokerAddress(settings);
  if (broker !== null) {
    return {
      kind: "dapr",
      broker,
      replication: settings.KAFKA_REPLICATION,
      sidecar: new URL(`http://127.0.0.1:${settings.DAPR_HTTP_PORT}`),
      daprToken: settings.DAPR_API_TOKEN,
      names: platformNames(settings),
      urlOf(schema) {
        if (url !== null) return url;
        // A product on this machine stores its own; in a cluster there is no such folder.
        if (existsSync(dataDir)) return keptDatabase(dataDir)(schema);
        throw new ConfigError("DATABASE_URL is not set; it names the database that operators may read.");
      },
    };
  }
  return {
    kind: "embedded",
    urlOf: (schema) => url ?? keptDatabase(dataDir)(schema),
    auditKeys() {
      const key = settings.AUDIT_KEY ?? keptAuditKey(dataDir);
      if (key === null) throw new ConfigError("AUDIT_KEY is not set; without it no history can be verified.");
      return { AUDIT_KEY: key, AUDIT_OLD_KEY: settings.AUDIT_OLD_KEY };
    },
  };
}
