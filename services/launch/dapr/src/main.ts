import { existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { sealOlder } from "@carillon/audit/seal-older";
import { keepSecrets, migrateAll, openDatabase, openDataDir, using } from "@carillon/host/data-folder";
import { ConfigError } from "@carillon/kit/config";
import { MigrationError } from "@carillon/kit/database";
import { fatal } from "@carillon/kit/loop";
import { createLog } from "@carillon/kit/observe";
import { createStops, standLastFence, stopRequested } from "@carillon/kit/service";
import { applyTopics } from "./apply-topics.ts";
import { findBinaries } from "./find-binaries.ts";
import { refuseTakenPorts } from "./ports-taken.ts";
import { openProcessList, stopLeftovers } from "./process-list.ts";
import { startProduct } from "./product.ts";
import { readSettings } from "./settings.ts";
import { createSupervisor, StartError, type Supervisor } from "./supervisor.ts";
import { welcome } from "./welcome.ts";

const stops = createStops({ totalMs: 30_000 });
const running: { supervisor?: Supervisor } = {};
let isAsked = false;
let ending: Promise<never> | null = null;
const write = (line: string): void => void process.stderr.write(`${line}\n`);

/** The product as one process per service, each with its sidecar: settings → programs → folder → database → everything above it. */
async function start(): Promise<void> {
  const settings = readSettings(Bun.env);
  const log = createLog({ service: "launcher", level: settings.LOG_LEVEL, write });
  standLastFence(log, (code) => end(code).catch(fatal));
  const which = (program: string) => Bun.which(program);
  const isFile = (path: string) => existsSync(path) && statSync(path).isFile();
  const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  const binaries = findBinaries(settings, { home: homedir(), isFile, filesIn, which });
  const { path: dataDir, release } = await openDataDir(settings.DATA_DIR);
  stops.push("the data folder", async () => release());
  await stopLeftovers(dataDir, log);
  await refuseTakenPorts(settings, binaries);
  const secrets = keepSecrets(dataDir, () => crypto.randomUUID() + crypto.randomUUID());
  const database = await openDatabase({
    dataDir,
    databaseUrl: settings.DATABASE_URL,
    secrets,
    log,
    isStateOfSidecars: true,
  });
  stops.push("the database", database.stop, 4_000);
  const applied = await migrateAll(database, log);

  const tokens = {
    audit: settings.AUDIT_KEY ?? secrets.auditKey,
    app: settings.APP_API_TOKEN ?? secrets.appToken,
    dapr: settings.DAPR_API_TOKEN ?? secrets.daprToken,
    jwt: settings.JWT_SECRET ?? secrets.jwtSecret,
  };
  const keys = { AUDIT_KEY: tokens.audit, AUDIT_OLD_KEY: null };
  await using(database.ownerUrl, async (sql) => sealOlder(sql, keys, applied.audit));
  const list = openProcessList(dataDir);
  stops.push("the list of processes", async () => list.close());
  list.set("supervisor", process.pid, {});
  const supervisor = createSupervisor({ dataDir, list, log });
  running.supervisor = supervisor;
  if (isAsked) supervisor.close();
  const environment = Bun.env;
  const own = { settings, binaries, dataDir, database, tokens, environment, supervisor, stops, log };
  const product = await startProduct({ ...own, makeTopics: (ops) => applyTopics(ops, dataDir) });
  const { publicUrl, ports } = settings;
  process.stdout.write(welcome({ ...product, publicUrl, dataDir, portOf: ports.of, environment }));
}

/** Stops what has been started, in reverse order, and exits; only the first call counts. */
function end(code: number): Promise<never> {
  const log = createLog({ service: "launcher", level: "warn", write });
  const exit = () => process.exit(code);
  ending ??= stops.run(log).then(exit, exit);
  return ending;
}

async function fail(error: unknown): Promise<void> {
  if (isAsked) return;
  const isSentence = [ConfigError, MigrationError, StartError].some((kind) => error instanceof kind);
  write(
    isSentence && error instanceof Error
      ? `Carillon cannot start: ${error.message}`
      : `Carillon cannot start: ${Bun.inspect(error)}`,
  );
  await end(1);
}

const started = start().catch(fail);
await stopRequested();
isAsked = true;
running.supervisor?.close();
// A half-started product cannot be stopped in order; waits for starting processes end now.
await Promise.race([started, Bun.sleep(5_000)]);
await end(0);
