import { type AuditRebuilt, InternalRebuildAudit } from "@carillon/contracts/http/audit";
import { decodeEvent } from "@carillon/events/consume";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { Static } from "@sinclair/typebox";
import { appendEntries } from "./append-entries.ts";
import type { Books } from "./books.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type Draft, redact } from "./entry.ts";
import { judgeTaskEvents } from "./on-task-event.ts";

export type Rebuilding = Static<typeof InternalRebuildAudit>;

/** Maximum events of one step: as many as one change has at most, more than clients send. */
const maxBodyBytes = 4_000_000;

/** `POST /internal/rebuild`: called by api, whose outbox the events come from. */
export const rebuildHistoryRoute = (books: Books): InternalRoute => ({
  method: "POST",
  path: "/internal/rebuild",
  callers: ["api"],
  async handle({ request }) {
    requireNoQuery(request);
    const rebuilding = await readBody(request, InternalRebuildAudit, { limitBytes: maxBodyBytes });
    return toResponse(answer(200, await rebuildHistory(books, rebuilding)));
  },
});

/**
 * Appends events that never arrived, and states tasks once that have no entry at all. Known events are
 * skipped, so it is idempotent. Nothing is published: no mail, no next date.
 */
export async function rebuildHistory(books: Books, { user_id, events, tasks }: Rebuilding): Promise<AuditRebuilt> {
  const userId = user_id.toLowerCase();
  const decoded = events.map((event) => decodeEvent("task-events", event));
  const theirs = decoded.flatMap((one) =>
    one.kind === "event" && one.event.data.user_id === userId && one.event.type !== "user.erased" ? one.event : [],
  );
  const verdicts = await judgeTaskEvents(books, theirs);
  const failed = verdicts.find(({ kind }) => kind === "retry");
  if (failed?.kind === "retry") throw new Error(`an event cannot be written: ${failed.reason}`);
  const taken = verdicts.filter(({ kind }) => kind === "done").length;
  return { taken, refused: events.length - taken, restated: await restate(books, userId, tasks) };
}

/** Never change this: every restated task would be stated a second time. */
const namespace = "4c0a3b1e-92d7-5e84-8f16-7d5b20c9e6a1";

async function restate(books: Books, userId: string, tasks: Rebuilding["tasks"]): Promise<number> {
  if (tasks.length === 0) return 0;
  const rows = await books.sql<{ id: string }[]>`
    select id from unnest(${tasks.map(({ id }) => id)}::uuid[]) as given (id)
    where not exists (select from audit.entries e where e.user_id = ${userId} and e.task_id = given.id)`;
  const unheardOf = new Set(rows.map(({ id }) => id));
  const drafts = tasks.filter(({ id }) => unheardOf.has(id)).map((task) => draftOf(userId, task));
  await appendEntries(books, drafts);
  return drafts.length;
}

/** The entry states the task since its last change; the author of that change is unknown. */
const draftOf = (userId: string, { id, version, at, changes }: Rebuilding["tasks"][number]): Draft => ({
  userId,
  id: Bun.randomUUIDv5(id, namespace),
  taskId: id,
  tagId: null,
  batchId: null,
  via: null,
  action: "task.updated",
  actor: "system",
  at: new Date(at).toISOString(),
  version,
  changes: canonicalJson(redact(changes)),
});
