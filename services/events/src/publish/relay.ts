import { onAnnouncement } from "@carillon/kit/database";
import { createLoop } from "@carillon/kit/loop";
import { createRelayLane } from "./relay-lane.ts";
import type { RelayOptions, RelayStats } from "./relay-options.ts";
import { shareSlots } from "./slots/slots.ts";
import { relayStore } from "./store.ts";
import { createUpkeep } from "./upkeep.ts";

export type Relay = { stats(): RelayStats; stop(): Promise<void> };

/** Two loops work on the slots, so that one reads or marks while the other waits for the broker. */
const laneCount = 2;
const databasePause = { firstMs: 100, maxMs: 2_000 };
/** A broker that is silent for its whole limit is asked a dozen times before a pass leaves it alone. */
const maxTurnMs = 300_000;

/**
 * Carries unpublished outbox rows to the bus, in order per user, at least once: a row is marked only
 * after the broker's answer, so a crash in between publishes it again with the same event id.
 * Replicas share the users by slots. While the broker is away everything is kept; a rejected row
 * holds back its own user only, and an unreadable one is parked. Published rows are kept for seven
 * days: streams resume from them.
 */
export function startRelay(options: RelayOptions): Relay {
  const { sql, schema, log, clock, pollMs = 1_000, batchRows = 500, sweepEveryMs = 3_600_000 } = options;
  const ring = () => {
    for (const loop of loops) loop.ring();
  };
  const store = relayStore(sql, schema);
  const slots = shareSlots({ sql, purpose: `relay:${schema}`, service: "api", log, onChange: () => ring() });
  const upkeep = createUpkeep({ store, clock, log, sweepEveryMs, ring: () => ring() });
  const lanes = Array.from({ length: laneCount }, (_, number) =>
    createRelayLane({ ...options, pollMs, batchRows, number, laneCount, store, slots, upkeep }),
  );
  const loops = lanes.map(({ turn }) =>
    createLoop({ name: "relay", service: "api", log, pause: databasePause, maxTurnMs, work: turn }),
  );
  const announcements = onAnnouncement({ sql, channel: "outbox", service: "api", log, ring });
  for (const loop of loops) loop.start();

  return {
    stats: () => {
      const all = lanes.map((lane) => lane.stats());
      return {
        published: all.reduce((sum, { published }) => sum + published, 0),
        held: all.reduce((sum, { held }) => sum + held, 0),
        brokerAway: all.some(({ brokerAway }) => brokerAway),
      };
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await announcements.stop();
      await slots.stop();
    },
  };
}
