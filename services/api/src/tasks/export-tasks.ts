import { ExportQuery, TaskExport } from "@carillon/contracts/http/tasks";
import { describe, readQuery } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import type { TagRow } from "../tags/index.ts";
import { selectTasks, stateOf, type TaskState, toTask } from "./task-row.ts";

export const exportTasksRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tasks/export",
    async ({ request }) => {
      readQuery(request, ExportQuery);
      const day = deps.clock.now().toISOString().slice(0, 10);
      return new Response(await stream(exportParts(deps, callerOf(request).userId)), {
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
        summary: "Everything you have here, trash and completed tasks included",
        tag: "Tasks",
        query: ExportQuery,
        answers: { 200: TaskExport },
      }),
    },
  );

const rowsAtOnce = 200;

/**
 * The export's JSON, read page by page: however many tasks there are, a few hundred are in memory, and however slowly the client reads, it keeps
 * no connection to the database waiting.
 */
async function* exportParts({ sql, clock }: ApiDeps, userId: string): AsyncGenerator<string> {
  const tags = await sql<TagRow[]>`
    select id, name, color, version, created_at, updated_at from api.tags where user_id = ${userId} order by created_at, id`;
  const listed = tags.map(({ id, name, color, created_at }) => ({ id, name, color, created_at }));
  yield `{"format":"carillon","version":1,"exported_at":${JSON.stringify(clock.now())},"tags":${JSON.stringify(listed)},"tasks":[`;
  let last: TaskState | undefined;
  for (let size = rowsAtOnce; size === rowsAtOnce; ) {
    const rows = await sql`
      ${selectTasks(sql)} from api.tasks t where t.user_id = ${userId}
        ${last ? sql`and (t.created_at, t.id) > (${last.row.created_at}, ${last.row.id})` : sql``}
      order by t.created_at, t.id limit ${rowsAtOnce}`;
    size = rows.length;
    const states = rows.map(stateOf);
    if (size > 0) yield (last ? "," : "") + states.map((state) => JSON.stringify(toTask(state))).join(",");
    last = states.at(-1) ?? last;
  }
  yield "]}";
}

/** The parts as a body; the first one is read at once, so that a database that is away is still a 503 and not half a file. */
async function stream(parts: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let next: IteratorResult<string> | null = await parts.next();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = next ?? (await parts.next());
      next = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}
