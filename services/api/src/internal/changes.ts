import { type EventType, topicsOf } from "@carillon/contracts/catalog";
import { type ChangesAnswer, ChangesQuery } from "@carillon/contracts/http/sync";
import { answer, readQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/** With more missed changes than this, reading everything again is cheaper for both sides. */
const mostChanges = 1_000;

/** Younger outbox rows certainly exist: they are deleted after 7 days, by clocks that need not agree to the hour. */
const surelyKeptMs = (7 * 24 - 1) * 3_600_000;

/** For realtime: a user's changes after a change number. */
export const changesRoute = (deps: ApiDeps): InternalRoute => ({
  method: "GET",
  path: "/internal/changes",
  callers: ["realtime"],
  handle: async ({ request }) => {
    const { user_id, after } = readQuery(request, ChangesQuery);
    return toResponse(answer(200, await changesAfter(deps, user_id, after)));
  },
});

type Row = {
  latest: number;
  created_at: Date;
  /** The time of the newest stored change up to `after`. */
  anchored_at: Date | null;
  changes: { change_seq: number; event_type: EventType; task_id: string | null; version: number }[];
};

/**
 * The user's changes after the number, oldest first; `resync` when there are too many, not all are
 * stored, or the number is not this user's.
 */
export async function changesAfter({ sql, clock }: ApiDeps, userId: string, after: number): Promise<ChangesAnswer> {
  // One statement, one snapshot: `latest` and the changes are of the same moment.
  const [row] = await sql<Row[]>`
    select u.change_seq::float8 as latest, u.created_at,
      (select o.created_at from api.outbox o where o.user_id = u.id and o.change_seq <= ${after}
        order by o.change_seq desc limit 1) as anchored_at,
      (select coalesce(jsonb_agg(to_jsonb(missed) order by missed.change_seq), '[]') from (
        select o.change_seq, o.type as event_type, o.task_id, (o.event -> 'data' -> 'version')::int4 as version
        from api.outbox o where o.user_id = u.id and o.change_seq > ${after}
        order by o.change_seq limit ${mostChanges + 1}
      ) missed) as changes
    from api.users u where u.id = ${userId}`;
  if (!row) return { resync: true, latest: 0, changes: [] };
  const { latest, changes } = row;
  const keptSince = clock.now().getTime() - surelyKeptMs;
  const allKept =
    after === latest || row.created_at.getTime() > keptSince || (row.anchored_at?.getTime() ?? 0) > keptSince;
  if (after > latest || changes.length > mostChanges || !allKept) return { resync: true, latest, changes: [] };
  return { resync: false, latest, changes: changes.filter((one) => topicsOf(one.event_type).includes("task-updates")) };
}
