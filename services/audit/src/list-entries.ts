import { parseInstant } from "@carillon/calendar/zone";
import { type AuditEntry, type AuditPage, InternalListAudit } from "@carillon/contracts/http/audit";
import type { Sql } from "@carillon/kit/database";
import { answer, isUuid, readQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import { cursorAfter, type Filters, positionOf } from "./cursor.ts";

/** `GET /internal/entries?user_id=…`: called by api, which has checked whose history it is. */
export const listEntriesRoute = ({ sql }: { sql: Sql }): InternalRoute => ({
  method: "GET",
  path: "/internal/entries",
  callers: ["api"],
  handle: async ({ request }) => toResponse(answer(200, await listEntries(sql, readQuery(request, InternalListAudit)))),
});

type Row = {
  seq: string;
  id: string;
  task_id: string | null;
  tag_id: string | null;
  batch_id: string | null;
  version: number;
  action: string;
  actor: string;
  via: string | null;
  at: Date;
  changes: AuditEntry["changes"];
  hash: string;
};

/**
 * A page of one user's history, newest first; large entries make it shorter than its limit. `from`
 * includes its instant, `to` does not. An id that is not a UUID matches nothing.
 * @throws Problem "invalid" for a cursor that belongs to another user or other filters.
 */
export async function listEntries(sql: Sql, filters: Filters): Promise<AuditPage> {
  const before = positionOf(filters);
  if (namesNothing(filters)) return { data: [], next_cursor: null };
  const limit = filters.limit ?? 50;
  const rows = await sql<Row[]>`
    select seq, id, task_id, tag_id, batch_id, version, action, actor, via, at, changes, encode(hash, 'hex') as hash
    from audit.entries
    where user_id = ${filters.user_id} ${conditions(sql, filters)} ${before === null ? sql`` : sql`and seq < ${before}`}
    order by seq desc limit ${limit + 1}`;
  const page = fitting(rows.slice(0, limit));
  const last = page.at(-1);
  const isMore = rows.length > page.length;
  return { data: page.map(entryOf), next_cursor: isMore && last ? cursorAfter(filters, last.seq) : null };
}

/** A page ends with the entry that passes this size: one may hold two descriptions of 80 kB. */
const maxPageChars = 500_000;

/** The first rows that fit into a page, at least one. */
function fitting(rows: readonly Row[]): Row[] {
  let chars = 0;
  return rows.filter(({ changes }) => {
    const isWithin = chars < maxPageChars;
    if (isWithin) chars += 400 + JSON.stringify(changes).length;
    return isWithin;
  });
}

/** Not a UUID: not a task's id. A text with NUL, which PostgreSQL rejects: not an action. */
const namesNothing = ({ task_id, action }: Filters): boolean =>
  (task_id !== undefined && !isUuid(task_id)) || (action?.includes("\0") ?? false);

function conditions(sql: Sql, { id, batch_id, task_id, action, actor, from, to }: Filters) {
  return sql`
    ${id === undefined ? sql`` : sql`and id = ${id}`}
    ${batch_id === undefined ? sql`` : sql`and batch_id = ${batch_id}`}
    ${task_id === undefined ? sql`` : sql`and task_id = ${task_id}`}
    ${action === undefined ? sql`` : sql`and action = ${action}`}
    ${actor === undefined ? sql`` : sql`and actor = ${actor}`}
    ${actor === undefined || actor === "user" ? sql`` : onlyOthers(sql)}
    ${from === undefined ? sql`` : sql`and at >= ${parseInstant(from)}`}
    ${to === undefined ? sql`` : sql`and at < ${parseInstant(to)}`}`;
}

// Repeats the condition of the partial index, which the planner cannot infer from a parameter.
const onlyOthers = (sql: Sql) => sql`and actor <> 'user'`;

const entryOf = ({ seq: _, at, ...entry }: Row): AuditEntry => ({ ...entry, at: at.toISOString() });
