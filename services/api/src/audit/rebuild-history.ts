import { eventTypes, isHistory } from "@carillon/contracts/catalog";
import {
  AuditComparison,
  AuditRebuilt,
  type HistoryRebuilt,
  InternalRebuildHistory,
  maxRebuilt,
} from "@carillon/contracts/http/audit";
import { type Sql, transact } from "@carillon/kit/database";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { type InternalRoute, Problem } from "@carillon/kit/service";
import type { Static } from "@sinclair/typebox";
import { type AuditAsker, tellAudit } from "../ask-audit.ts";
import type { ApiDeps } from "../deps.ts";
import { stateTasks } from "../tasks/index.ts";
import { knownHistory } from "./known-history.ts";

type Step = Static<typeof InternalRebuildHistory>;
type RebuildDeps = AuditAsker & Pick<ApiDeps, "sql" | "log">;

/** `POST /internal/audit/rebuild`: called by operators. */
export const rebuildHistoryRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/audit/rebuild",
  callers: ["ops"],
  async handle({ request }) {
    requireNoQuery(request);
    return toResponse(answer(200, await rebuildHistory(deps, await readBody(request, InternalRebuildHistory))));
  },
});

/** A step ends with the event that passes this size, as stored: a body is read as a whole. */
const maxStepBytes = 1_000_000;
const historyTypes = eventTypes.filter(isHistory);

/**
 * One step of rebuilding a user's history from the outbox: the next events go to audit, which writes
 * the missing ones. Nothing is published, and a repetition changes nothing. Behind the last event
 * it reports how many changes are lost, and with `accept_loss` takes the rest as complete: tasks
 * without an entry are stated once, and the count starts with the existing entries.
 * @throws Problem 404 without such a user, 503 while audit cannot answer.
 */
export async function rebuildHistory(
  deps: RebuildDeps,
  { user_id, after, accept_loss }: Step,
): Promise<HistoryRebuilt> {
  const rows = await eventsAfter(deps.sql, user_id, after);
  const last = rows.at(-1);
  if (last) {
    const events = rows.map(({ event }) => event);
    const body = { user_id, events, tasks: [] };
    const rebuilt = await tellAudit(deps, AuditRebuilt, "/internal/rebuild", body);
    return { ...rebuilt, next: last.change_seq, lost: 0, is_erased: false };
  }
  const state = await stateOf(deps, user_id);
  const done = { taken: 0, refused: 0, restated: 0, next: null };
  if (state.is_erased || state.lost === 0 || !accept_loss) return { ...done, ...state };
  const restated = await restateAll(deps, user_id);
  await beginAnew(deps, user_id);
  deps.log.warn("a loss of history was accepted", { user_id, lost: state.lost, restated });
  return { ...done, ...state, restated };
}

async function eventsAfter(sql: Sql, userId: string, after: number) {
  return sql<{ change_seq: number; event: unknown }[]>`
    select change_seq::float8 as change_seq, event from (
      select change_seq, event, sum(pg_column_size(event)) over (order by change_seq) - pg_column_size(event) as bytes_before
      from (
        select change_seq, event from api.outbox
        where user_id = ${userId} and change_seq > ${after} and type = any(${historyTypes})
        order by change_seq limit ${maxRebuilt}
      ) next
    ) batch where bytes_before < ${maxStepBytes} order by batch.change_seq`;
}

/** How many of the user's changes are neither entries nor on their way, and whether the whole history was erased. */
async function stateOf(deps: RebuildDeps, userId: string): Promise<{ lost: number; is_erased: boolean }> {
  const known = await knownHistory(deps.sql, userId);
  if (known === null) throw new Problem("not_found", "There is no such user.");
  const { entries, is_erased } = await compare(deps, userId);
  return { lost: known.events === null ? 0 : Math.max(0, known.events - entries), is_erased };
}

const compare = async (deps: RebuildDeps, userId: string, ids: readonly string[] = []) =>
  tellAudit(deps, AuditComparison, "/internal/compare", { user_id: userId, since: null, ids });

async function restateAll(deps: RebuildDeps, userId: string): Promise<number> {
  let restated = 0;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const tasks = await stateTasks(deps.sql, userId, after, maxRebuilt / 4);
    const last = tasks.at(-1);
    if (!last) return restated;
    const body = { user_id: userId, events: [], tasks };
    restated += (await tellAudit(deps, AuditRebuilt, "/internal/rebuild", body)).restated;
    after = last.id;
  }
}

/**
 * From now on as many events are counted as there are entries. The user's row stays locked meanwhile,
 * so that no change comes between.
 */
async function beginAnew(deps: RebuildDeps, userId: string): Promise<void> {
  await transact(deps.sql, async (tx) => {
    await tx`select from api.users where id = ${userId} for update`;
    const known = await knownHistory(tx, userId);
    const ids = known === null ? [] : [...known.settled, ...known.waiting];
    const { entries, missing } = await compare(deps, userId, ids);
    // Changes made since their step are on their way to becoming entries.
    await tx`update api.users set history_events = ${entries + missing.length} where id = ${userId}`;
  });
}
