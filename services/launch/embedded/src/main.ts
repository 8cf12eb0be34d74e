import { join } from "node:path";
import { sealOlder } from "@carillon/audit/seal-older";
import { isTimeZone } from "@carillon/calendar/zone";
import { keepSecrets, migrateAll, openDatabase, openDataDir, using } from "@carillon/host/data-folder";
import { ConfigError } from "@carillon/kit/config";
import { MigrationError } from "@carillon/kit/database";
import { fatal } from "@carillon/kit/loop";
import { createLog, startTelemetry } from "@carillon/kit/observe";
import { boundMemory, createStops, standLastFence, stopRequested } from "@carillon/kit/service";
import { seedDemo } from "./demo.ts";
import { startProduct } from "./product.ts";
import { publicUrlOf, readArguments, readServiceSettings, readSettings } from "./settings.ts";
import { welcome } from "./welcome.ts";

const stops = createStops();
const write = (line: string): void => void process.stderr.write(`${line}\n`);

/** The whole product in one process: settings → folder → secrets → database → services. */
async function start(): Promise<void> {
  const { wantsDemo } = readArguments(process.argv.slice(2));
  const settings = readSettings(Bun.env);
  const log = createLog({ service: "embedded", level: settings.LOG_LEVEL, write });
  standLastFence(log, (code) => end(code).catch(fatal));
  boundMemory();
  // Spans name their own service.
  const telemetry = await startTelemetry({ service: "carillon", environment: Bun.env });
  stops.push("traces on their way", telemetry.stop);
  const dataDir = await openDataDir(settings.DATA_DIR);
  stops.push("the data folder", async () => dataDir.release());
  const mailFolder = join(dataDir.path, "mail");
  const secrets = keepSecrets(dataDir.path, () => crypto.randomUUID() + crypto.randomUUID());
  const publicUrl = publicUrlOf(settings);
  const services = readServiceSettings(Bun.env, secrets, publicUrl);
  const database = await openDatabase({ dataDir: dataDir.path, databaseUrl: settings.DATABASE_URL, secrets, log });
  stops.push("the database", database.stop, 4_000);
  const applied = await migrateAll(database, log);
  await using(database.ownerUrl, async (sql) => sealOlder(sql, services.audit, applied.audit));
  const { api, mail, clock } = await startProduct({
    settings,
    services,
    database,
    publicUrl,
    mailFolder,
    wall: () => new Date(),
    write,
    stops,
  });
  const demoDoor = { api, appToken: services.api.APP_API_TOKEN };
  const demo = wantsDemo ? await seedDemo(demoDoor, { now: clock.now(), timeZone: zoneOfMachine() }) : [];
  process.stdout.write(welcome({ publicUrl, dataDir: dataDir.path, mail, demo }));
}

/** The machine's zone, if IANA knows it. */
function zoneOfMachine(): string {
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isTimeZone(name) ? name : "UTC";
}

/** Stops what has been started, in reverse order, and exits. */
async function end(code: number): Promise<never> {
  await stops.run(createLog({ service: "embedded", level: "warn", write }));
  process.exit(code);
}

async function fail(error: unknown): Promise<never> {
  const isSentence = error instanceof ConfigError || error instanceof MigrationError;
  write(isSentence ? `Carillon cannot start: ${error.message}` : `Carillon cannot start: ${Bun.inspect(error)}`);
  return end(1);
}

const asked = stopRequested(Number(Bun.env.CARILLON_STARTED_BY) || null);
const started = start().catch(fail);
await asked;
// A half-started product cannot be stopped in order; a start takes a second or two.
await Promise.race([started, Bun.sleep(10_000)]);
await end(0);
