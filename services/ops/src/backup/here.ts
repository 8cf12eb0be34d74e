import { resolve } from "node:path";
import { ConfigError, type Environment, readConfig, text } from "@carillon/kit/config";
import { keptSuperuser } from "../data-dir.ts";
import type { Report } from "../report.ts";
import { makeBackup } from "./backup.ts";
import { restoreBackup } from "./restore.ts";

/**
 * Copies the embedded product of this environment's DATA_DIR.
 * @throws ConfigError when none runs there, or its database is a server of the user's own.
 */
export async function backupHere(
  environment: Environment,
  { into, keep }: { into: string; keep: number | null },
): Promise<Report> {
  const dataDir = folderOf(environment);
  return makeBackup({ dataDir, superuserUrl: keptSuperuser(dataDir) }, { into, keep, now: new Date() });
}

/** Fills this environment's empty DATA_DIR. @throws ConfigError when it cannot be filled, or the backup is not whole. */
export const restoreHere = async (environment: Environment, from: string, dryRun: boolean): Promise<Report> =>
  restoreBackup(from, folderOf(environment), dryRun);

function folderOf(environment: Environment): string {
  const { DATABASE_URL, KAFKA_BROKERS } = environment;
  const named = DATABASE_URL ? "DATABASE_URL" : KAFKA_BROKERS ? "KAFKA_BROKERS" : null;
  if (named !== null)
    throw new ConfigError(
      `${named} is set: that database has backups of its own server (docs/backup-and-restore.md); these commands copy a DATA_DIR.`,
    );
  return resolve(readConfig(environment, { DATA_DIR: text(".data") }).DATA_DIR);
}
