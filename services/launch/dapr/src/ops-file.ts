import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { namesSettings } from "@carillon/kit/config";

/** What `npm run ops` needs to find this product: its broker, its sidecar, the credentials of both, and all names. */
const names = [
  "DATA_DIR",
  "DATABASE_URL",
  "KAFKA_BROKERS",
  "DAPR_HTTP_PORT",
  "DAPR_API_TOKEN",
  "APP_API_TOKEN",
  ...Object.keys(namesSettings),
];

/**
 * Writes these of the environment of ops into `<dataDir>/ops.env`, readable by its owner only, and
 * returns the path.
 */
export function writeOpsFile(dataDir: string, environment: Readonly<Record<string, string>>): string {
  const file = join(dataDir, "ops.env");
  const lines = names.flatMap((name) => (environment[name] === undefined ? [] : [`${name}=${environment[name]}`]));
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
}
