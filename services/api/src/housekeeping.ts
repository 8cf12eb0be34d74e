import { createLoop } from "@carillon/kit/loop";
import { inSpan } from "@carillon/kit/observe";
import { sweepExpired } from "./auth/index.ts";
import { sweepChannels } from "./channels/index.ts";
import type { ApiDeps } from "./deps.ts";
import { purgeTrash } from "./tasks/index.ts";

const everyMs = 60_000;
/** A long trash is purged task by task. */
const maxTurnMs = 600_000;

export type Housekeeping = { stop(): Promise<void> };

/**
 * Once a minute: deletes what has expired (sessions, tokens, stored answers) and tasks that were in
 * the trash for 30 days. Safe in several replicas; a failed round is logged and repeated by the
 * next.
 */
export function startHousekeeping(deps: ApiDeps): Housekeeping {
  const work = async (): Promise<number> => {
    await sweep(deps);
    return everyMs;
  };
  const { log } = deps;
  const loop = createLoop({ name: "housekeeping", service: "api", log, firstAfterMs: everyMs, maxTurnMs, work });
  loop.start();
  return { stop: () => loop.stop() };
}

async function sweep(deps: ApiDeps): Promise<void> {
  const purged = await inSpan({ name: "housekeeping", kind: "internal", parent: null, service: "api" }, async () => {
    await sweepExpired(deps);
    await sweepChannels(deps);
    return purgeTrash(deps);
  });
  if (purged > 0) deps.log.info("trash purged", { tasks: purged });
}
