import { ExportQuery, TaskExport } from "@carillon/contracts/http/tasks";
import { describe, readQuery, streamedResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import type { TagRow } from "../tags/index.ts";
import { readTaskPage, selectShown } from "./task-page.ts";
import { toTask } from "./task-row.ts";

export const exportTasksRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tasks/export",
    async ({ request }) => {
      readQuery(request, ExportQuery);
      const day = deps.clock.now().toISOString().slice(0, 10);
      const parts = exportParts(deps, callerOf(request).userId);
      return streamedResponse(await started(parts), {
        headers: {
          "content-type": "application/json; charset=utf-8",
          "content-disposition": `attachment; filename="carillon-${day}.json"`,
          "cache-control": "private, no-store",
        },
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Everything in your account, trash and completed tasks included",
        tag: "Tasks",
        query: ExportQuery,
        answers: { 200: TaskExport },
      }),
    },
  );

/** Maximum read and written at once: rows, and bytes of them. */
const [rowsAtOnce, bytesAtOnce] = [25, 64 * 1024];

/**
 * The export's JSON, read part by part: however large it is, and however slowly the client reads, one
 * part is in memory and no database connection waits.
 */
async function* exportParts(deps: ApiDeps, userId: string): AsyncGenerator<string> {
  const tags = await deps.sql<TagRow[]>`
    select id, name, color, version, created_at, updated_at from api.tags where user_id = ${userId} order by created_at, id`;
  const listed = tags.map(({ id, name, color, created_at }) => ({ id, name, color, created_at }));
  yield `{"format":"carillon","version":1,"exported_at":${JSON.stringify(deps.clock.now())},"tags":${JSON.stringify(listed)},"tasks":[`;
  let last: Position | null = null;
  do {
    const { text, end }: Part = await nextPart(deps, userId, last);
    if (text !== "") yield (last ? "," : "") + text;
    last = end;
  } while (last !== null);
  yield "]}";
}

type Position = { createdAt: Date; id: string };
/** `end`: where the next part begins, null for the last one. */
type Part = { text: string; end: Position | null };

/** A separate function, so that only the text stays in memory while it is sent. */
async function nextPart({ sql }: ApiDeps, userId: string, last: Position | null): Promise<Part> {
  const chosen = sql`
    ${selectShown(sql)} from api.tasks t where t.user_id = ${userId}
      ${last ? sql`and (t.created_at, t.id) > (${last.createdAt}, ${last.id})` : sql``}
    order by t.created_at, t.id limit ${rowsAtOnce + 1}`;
  const page = { limit: rowsAtOnce, maxBytes: bytesAtOnce };
  const { tasks, last: end, isCut } = await readTaskPage(sql, userId, chosen, page);
  const text = tasks.map((task) => JSON.stringify(toTask(task))).join(",");
  return { text, end: isCut && end ? { createdAt: end.created_at, id: end.id } : null };
}

/**
 * The same parts, with the first one already read, so that a database that is away is still a 503 and
 * not half a file.
 */
async function started(parts: AsyncGenerator<string>): Promise<AsyncIterator<string>> {
  let first: IteratorResult<string> | null = await parts.next();
  return {
    async next() {
      const part = first ?? (await parts.next());
      first = null;
      return part;
    },
    return: (value) => parts.return(value),
  };
}
