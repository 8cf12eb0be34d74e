import { keepSecrets, openDatabase, openDataDir, using } from "@carillon/host/data-folder";
import { ConfigError } from "@carillon/kit/config";
import { MigrationError, migrateDown, migrationFolder, schemas } from "@carillon/kit/database";
import { createLog } from "@carillon/kit/observe";
import { readSettings } from "./settings.ts";

/**
 * `npm run db:down -- <service> [steps]`: reverts the newest migrations of a schema on DATA_DIR's
 * database, or on DATABASE_URL.
 */
const write = (line: string): void => void process.stderr.write(`${line}\n`);

async function undo(): Promise<void> {
  const [name, count = "1"] = process.argv.slice(2);
  const schema = schemas.find((candidate) => candidate === name);
  const steps = Number(count);
  if (!schema || !Number.isInteger(steps) || steps < 1)
    throw new ConfigError(`Name one of ${schemas.join(", ")}, and the number of steps (1).`);
  const settings = readSettings(Bun.env);
  const log = createLog({ service: "embedded", level: settings.LOG_LEVEL, write });
  const dataDir = await openDataDir(settings.DATA_DIR);
  const secrets = keepSecrets(dataDir.path, () => crypto.randomUUID() + crypto.randomUUID());
  const database = await openDatabase({ dataDir: dataDir.path, databaseUrl: settings.DATABASE_URL, secrets, log });
  try {
    const undone = await using(database.ownerUrl, async (sql) =>
      migrateDown(sql, { schema, folder: migrationFolder(schema) }, steps),
    );
    write(undone.length > 0 ? `Reverted in ${schema}: ${undone.join(", ")}.` : `No migration is applied in ${schema}.`);
  } finally {
    await database.stop();
    dataDir.release();
  }
}

try {
  await undo();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof MigrationError)) throw error;
  write(error.message);
  process.exit(1);
}
process.exit(0);
