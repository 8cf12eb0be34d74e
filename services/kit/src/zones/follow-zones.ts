import { readZoneTable, useZones, zoneRelease } from "@carillon/calendar/zone";
import type { ServiceName } from "@carillon/contracts/names";
import { createLoop, type Loop } from "../loop/loop.ts";
import type { Log } from "../observe/log.ts";

export type ZoneFollower = {
  service: ServiceName;
  log: Log;
  /** Carries a request to `api`. */
  ask: (request: Request) => Promise<Response>;
};

const everyMs = 60_000;

/**
 * A loop that asks `api` for zone rules newer than this process's, at the start and once a minute, and
 * activates them: an operator's update there applies everywhere. While `api` is away, or has none,
 * the rules stay.
 */
export const followZones = ({ service, log, ask }: ZoneFollower): Loop =>
  createLoop({
    name: "zone rules",
    service,
    log,
    work: async () => {
      const from = zoneRelease();
      if (await takeNewerZones(ask)) log.info("zone rules updated", { from, to: zoneRelease() });
      return everyMs;
    },
  });

/** Activates the rules that `api` has, if they are newer than this process's; answers whether they were. */
export async function takeNewerZones(ask: ZoneFollower["ask"]): Promise<boolean> {
  const text = await newerThan(zoneRelease(), ask);
  return text !== null && useZones(readZoneTable(text));
}

async function newerThan(release: string, ask: ZoneFollower["ask"]): Promise<string | null> {
  try {
    const response = await ask(new Request(`http://localhost/internal/zones?newer_than=${release}`));
    const text = await response.text();
    return response.status === 200 ? text : null;
  } catch {
    // Logged by services that need api for their work; zone rules can wait.
    return null;
  }
}
