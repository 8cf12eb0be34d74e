import { zoneRelease } from "@carillon/calendar/zone";
import { createLoop } from "@carillon/kit/loop";
import type { ApiDeps } from "../deps.ts";
import { shareZones } from "./releases.ts";
import { seatUser } from "./seat-user.ts";

/** Maximum delay of newer rules, and maximum duration of one turn. */
const [everyMs, turnMs] = [60_000, 20_000];

const usersAtOnce = 100;

/**
 * At the start and once a minute: activates newer zone rules, and moves every user's instants to them.
 * Safe in several replicas: a user is moved by one of them at a time.
 */
export const keepSeated = (deps: ApiDeps) =>
  createLoop({
    name: "zones",
    service: "api",
    log: deps.log,
    work: async (signal) => {
      await shareZones(deps);
      const isDone = await seatUsers(deps, signal);
      return isDone ? everyMs : 0;
    },
  });

/**
 * Moves users until none is left or the turn's time is over; returns which. A failure is logged and
 * waits for the next turn.
 */
export async function seatUsers(deps: ApiDeps, signal: AbortSignal): Promise<boolean> {
  const startedAt = performance.now();
  let [after, moved] = ["00000000-0000-0000-0000-000000000000", 0];
  for (;;) {
    const users = await unseated(deps, after);
    for (const { id } of users) {
      if (signal.aborted || performance.now() - startedAt > turnMs) return false;
      await seatUser(deps, id).then(
        () => moved++,
        (error: unknown) =>
          deps.log.warn("a user's dates could not be moved; the next turn tries again", { user_id: id, error }),
      );
      after = id;
    }
    if (users.length < usersAtOnce) break;
  }
  if (moved > 0) deps.log.info("users' dates moved to the zone rules", { users: moved, zones: zoneRelease() });
  return true;
}

const unseated = ({ sql }: ApiDeps, after: string) => sql<{ id: string }[]>`
  select id from api.users
  where id > ${after} and (zone_release < ${zoneRelease()} or zone_release > ${zoneRelease()} or days_zone <> time_zone)
  order by id limit ${usersAtOnce}`;
