import { mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { findBinaries } from "./binaries.ts";
import { ensureCluster } from "./cluster.ts";
import { stopLeftover } from "./leftover.ts";
import { chooseRunAs } from "./run-as.ts";
import { type Server, type ServerOptions, startServer } from "./server.ts";

export type { Server, ServerOptions } from "./server.ts";

/**
 * A running PostgreSQL of our own on the cluster in `folder`, created if missing; one left by a killed
 * product is stopped first. The caller ensures that only one call per folder is active.
 * @throws Error with one sentence on failure.
 */
export async function startEmbeddedPostgres(options: ServerOptions): Promise<Server> {
  mkdirSync(dirname(options.folder), { recursive: true });
  const folder = join(realpathSync(dirname(options.folder)), basename(options.folder));
  const binaries = findBinaries(dirname(folder));
  const runAs = chooseRunAs(binaries.initdb);
  await stopLeftover(folder);
  ensureCluster(binaries, runAs, { ...options, folder });
  return startServer(binaries, runAs, { ...options, folder });
}
