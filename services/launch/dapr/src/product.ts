import { join } from "node:path";
import { type ServiceName, services } from "@carillon/contracts/names";
import type { Database } from "@carillon/host/data-folder";
import type { Log } from "@carillon/kit/observe";
import type { Stops } from "@carillon/kit/service";
import { prepareBroker } from "./broker.ts";
import { schedulerPiece, zipkinPiece } from "./control-plane.ts";
import { writeDaprFiles } from "./dapr-files.ts";
import type { Binaries } from "./find-binaries.ts";
import { writeOpsFile } from "./ops-file.ts";
import { type Piece, plainEnvironment } from "./piece.ts";
import { environmentOf, servicePiece } from "./service.ts";
import { host, type Settings, withSidecar } from "./settings.ts";
import { sidecarPiece } from "./sidecar.ts";
import type { Supervisor } from "./supervisor.ts";

export type ProductOptions = {
  settings: Settings;
  binaries: Binaries;
  dataDir: string;
  database: Database;
  tokens: { app: string; dapr: string; jwt: string; audit: string };
  environment: Readonly<Record<string, string | undefined>>;
  supervisor: Supervisor;
  /** Creates the catalogue's topics at the broker; receives the environment of ops. */
  makeTopics(ops: Record<string, string>): Promise<void>;
  /** Receives what must be undone when the product ends, in the order of its start. */
  stops: Stops;
  log: Log;
};

export type Started = { brokers: string; zipkinUrl: string | null; opsFile: string };

/**
 * Starts everything above the database:
 *
 *     broker, scheduler ──► topics ──► sidecars and services            Zipkin beside them
 *
 * @throws Error when one of them does not come up.
 */
export async function startProduct(options: ProductOptions): Promise<Started> {
  const { settings, binaries, dataDir, supervisor, log } = options;
  const environment = plainEnvironment(options.environment);
  const brokerFolder = join(dataDir, "broker");
  const { ports } = settings;
  const { brokers, piece } = await prepareBroker({
    broker: binaries.broker,
    folder: brokerFolder,
    ports: ports.kafka,
    environment,
  });
  const own = { settings, environment, folder: join(dataDir, "scheduler") };
  const zipkinUrl = binaries.zipkin ? `http://${host}:${ports.zipkin}` : null;
  const zipkin = binaries.zipkin ? [zipkinPiece(binaries.zipkin, { ...own, folder: dataDir })] : [];
  const below = [...(piece ? [piece] : []), schedulerPiece(binaries.scheduler, own)];
  stopLater(options, "broker, scheduler and Zipkin", [...below, ...zipkin], 6_000);
  // Nothing waits for Zipkin: only early spans are dropped.
  supervisor.start(zipkin).catch((error: unknown) => log.warn("Zipkin does not start: traces are not kept", { error }));
  await supervisor.start(below);

  const serviceOptions = (service: ServiceName) => ({
    ...options,
    service,
    brokers,
    zipkinUrl,
    urlOf: options.database.urlOf,
  });
  const ops = environmentOf(serviceOptions("ops"));
  await options.makeTopics(ops);
  const sidecars = sidecarsOf(options, { brokers, zipkinUrl, environment });
  const started = services.map((service) => servicePiece(serviceOptions(service)));
  // Services stop before their sidecars, so that their last events still go out.
  stopLater(options, "sidecars", sidecars, 6_000);
  stopLater(options, "services", started, 20_000);
  await Promise.all([supervisor.start(sidecars), supervisor.start(started)]);
  return { brokers, zipkinUrl, opsFile: writeOpsFile(dataDir, ops) };
}

type Place = { brokers: string; zipkinUrl: string | null; environment: Record<string, string> };

function sidecarsOf({ settings, binaries, dataDir, database, tokens }: ProductOptions, place: Place): Piece[] {
  const folder = join(dataDir, "dapr");
  const files = writeDaprFiles(
    folder,
    { ...place, names: settings.names, namesFile: join(folder, "names.db"), secretsFile: join(folder, "secrets.json") },
    { "carillon-database": { "state-url": database.urlOf("state") } },
  );
  const { daprd } = binaries;
  const { environment } = place;
  return withSidecar.map((service) => sidecarPiece({ daprd, service, settings, files, tokens, environment }));
}

/** Registers them to be stopped when the product ends, also while they are still starting. */
function stopLater(
  { supervisor, stops }: ProductOptions,
  what: string,
  pieces: readonly Piece[],
  limitMs: number,
): void {
  stops.push(what, async () => supervisor.stop(pieces.map(({ name }) => name)), limitMs);
}
