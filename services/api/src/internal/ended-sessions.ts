import type { EndedSessions } from "@carillon/contracts/http/sync";
import { answer, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/** Longer than any statement may take to commit, so that polling twice a second misses nothing, without a cursor. */
const lately = "20 seconds";
const most = 10_000;

/** For realtime: the same as `session.revoked`, for when the broker has no events. */
export const endedSessionsRoute = (deps: ApiDeps): InternalRoute => ({
  method: "GET",
  path: "/internal/watch/ended-sessions",
  callers: ["realtime"],
  handle: async () => toResponse(answer(200, { session_ids: await endedSessions(deps) } satisfies EndedSessions)),
});

/** The sessions and access tokens that ended recently, by the database's clock; the newest when there are too many. */
export async function endedSessions({ sql }: Pick<ApiDeps, "sql">): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select entity_id as id from api.outbox
    where created_at > now() - ${lately}::interval and type = 'session.revoked' order by created_at desc limit ${most}`;
  return rows.map(({ id }) => id);
}
