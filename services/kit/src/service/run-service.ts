import type { ServiceName } from "@carillon/contracts/names";
import { ConfigError, type Environment } from "../config.ts";
import { connect, type Sql } from "../database/connect.ts";
import { MigrationError, migrate, migrationFolder } from "../database/migrate.ts";
import type { SchemaName } from "../database/roles.ts";
import { isDatabaseAway } from "../database/trouble.ts";
import { fatal } from "../loop/fatal.ts";
import { createLog, type Log, type LogLevel } from "../observe/log.ts";
import { startTelemetry } from "../observe/telemetry.ts";
import { boundMemory } from "./bound-memory.ts";
import { standLastFence } from "./last-fence.ts";
import { stopRequested } from "./stop-signal.ts";
import { createStops, type Stops } from "./stops.ts";

/** What every service gets from its launcher, besides its adapters. */
export type Host = {
  log: Log;
  /** Everything a service starts is registered here and stopped in reverse order. */
  stops: Stops;
};

export type ServiceProgram<Config extends { LOG_LEVEL: LogLevel }> = {
  name: ServiceName;
  environment: Environment;
  /** The arguments of the program's command line. */
  given: readonly string[];
  /** @throws ConfigError with one sentence about the first wrong setting. */
  readConfig: (environment: Environment) => Config;
  /** The schema that `migrate` migrates, and its database; none: the service owns none. */
  schema?: {
    name: SchemaName;
    /** For `migrate` this logs in as the role that owns the schema. */
    url: (config: Config) => string;
    /** What SQL alone cannot do after migrations that have just run. */
    migrated?: (sql: Sql, config: Config, applied: readonly string[]) => Promise<void>;
  };
  /** Builds the service and listens. `wall` is this machine's time, for the log and for comparison: the database's decides. */
  start: (config: Config, host: Host & { wall: () => Date }) => Promise<void> | void;
};

/**
 * Runs a service in a process of its own: settings, log, traces, the service, and its end. Asked to
 * stop it accepts no more requests, finishes those under way and exits with 0, in 20 s at most. A
 * fault in its settings, its schema or its port is one sentence on standard error and exit 1. With
 * the argument `migrate` it only migrates its schema.
 */
export async function runService<Config extends { LOG_LEVEL: LogLevel }>(
  program: ServiceProgram<Config>,
): Promise<never> {
  const { name, environment } = program;
  const stops = createStops();
  let log: Log | null = null;

  async function end(code: number): Promise<never> {
    if (log) await stops.run(log);
    process.exit(code);
  }

  async function run(): Promise<"served" | "done"> {
    const command = commandOf(program);
    const config = program.readConfig(environment);
    log = createLog({ service: name, level: config.LOG_LEVEL, write: (line) => process.stdout.write(`${line}\n`) });
    if (command === "migrate") return migrateSchema(program, config, log);
    standLastFence(log, (code) => end(code).catch(fatal));
    boundMemory();
    const telemetry = await startTelemetry({ service: name, environment });
    stops.push("traces", telemetry.stop);
    await program.start(config, { log, stops, wall: () => new Date() });
    return "served";
  }

  async function fail(error: unknown): Promise<never> {
    process.stderr.write(`${sentenceOf(name, error)}\n`);
    return end(1);
  }

  const asked = stopRequested(Number(environment.CARILLON_STARTED_BY) || null);
  const started = run().catch(fail);
  if ((await Promise.race([started, asked])) === "done") return end(0);
  const reason = await asked;
  // A half-started service cannot be stopped in order; a start takes a second or two.
  const come = await Promise.race([started, Bun.sleep(3_000)]);
  if (come === undefined && program.given[0] === "migrate") await fail(new MigrationError(interrupted));
  // TypeScript does not see that `run` has set it.
  (log as Log | null)?.info("stopping", { reason });
  return end(0);
}

/** A supervisor that sees 0 believes that the schema is there. */
const interrupted = "The migration was interrupted; run it again.";

function sentenceOf(name: ServiceName, error: unknown): string {
  if (error instanceof ConfigError || error instanceof MigrationError) return error.message;
  if (isDatabaseAway(error)) return "The database cannot be reached; check DATABASE_URL.";
  return `${name} cannot start: ${Bun.inspect(error)}`;
}

function commandOf<Config extends { LOG_LEVEL: LogLevel }>({
  given,
  schema,
}: ServiceProgram<Config>): "serve" | "migrate" {
  const [command] = given;
  if (command === undefined) return "serve";
  if (command === "migrate" && schema) return "migrate";
  throw new ConfigError(`"${command}" is not a command${schema ? `; there is "migrate".` : "; there are none."}`);
}

async function migrateSchema<Config extends { LOG_LEVEL: LogLevel }>(
  { name, schema }: ServiceProgram<Config>,
  config: Config,
  log: Log,
): Promise<"done"> {
  if (!schema) throw new ConfigError(`${name} has no schema.`);
  const sql = connect(schema.url(config), { max: 2, name });
  const own = { schema: schema.name, folder: migrationFolder(schema.name) };
  try {
    const applied = await migrate(sql, own);
    await schema.migrated?.(sql, config, applied);
    log.info("migrated", { applied });
  } finally {
    await sql.end({ timeout: 5 });
  }
  return "done";
}
