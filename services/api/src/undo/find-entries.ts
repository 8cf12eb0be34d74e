import type { Changes } from "@carillon/contracts/event";
import { AuditPage } from "@carillon/contracts/http/audit";
import { isUuid } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { readAudit } from "../ask-audit.ts";
import type { ApiDeps } from "../deps.ts";
import type { TaskEntry } from "../tasks/index.ts";

/** A change of a task or a tag, from the outbox while it is young, from the history at any age. */
export type Entry = TaskEntry & { id: string; taskId: string | null; tagId: string | null };

/** Of which changes: one, or all of a batch. */
export type Which = { id: string } | { batch_id: string };

/** Outbox rows younger than this are there for sure: they are swept after 7 days, by clocks that need not agree to the hour. */
const maxSureHours = 167;

/**
 * The user's changes of that id or batch, newest first, without what only tells of reminders. A batch that took longer than one change says
 * when it began, for the outbox may have forgotten its first part.
 * @throws Problem 404 when there are none of this user, 503 when they are old and the history cannot be read.
 */
export async function findEntries(deps: ApiDeps, userId: string, which: Which, begin?: Date): Promise<Entry[]> {
  const id = "id" in which ? which.id : which.batch_id;
  if (!isUuid(id)) throw notFound();
  const young = await readOutbox(deps, userId, which);
  const isLong = begin !== undefined && deps.clock.now().getTime() - begin.getTime() > maxSureHours * 3_600_000;
  const found = young.length > 0 && !isLong ? young : await withHistory(deps, userId, which, young);
  if (found.length === 0) throw notFound();
  return "id" in which ? found : found.filter(({ action }) => !action.startsWith("reminder."));
}

/** What the history has, after what has not come to it yet. */
async function withHistory(deps: ApiDeps, userId: string, which: Which, young: readonly Entry[]): Promise<Entry[]> {
  const known = await readHistory(deps, userId, which);
  const ids = new Set(known.map(({ id }) => id));
  return [...young.filter(({ id }) => !ids.has(id)), ...known];
}

type Row = { event_id: string; type: string; task_id: string | null; is_young: boolean; data: EventData };
type EventData = {
  actor: string;
  timestamp: string;
  version: number;
  changes: Changes;
  tag_id?: string;
  task_data?: { time_zone?: string };
};

/** What the outbox has; nothing where it may have forgotten a part. */
async function readOutbox({ sql }: ApiDeps, userId: string, which: Which): Promise<Entry[]> {
  const rows = await sql<Row[]>`
    select event_id, type, task_id, created_at > now() - make_interval(hours => ${maxSureHours}) as is_young,
      jsonb_build_object('actor', d -> 'actor', 'timestamp', d -> 'timestamp', 'version', d -> 'version', 'tag_id', d -> 'tag_id',
        'task_data', jsonb_build_object('time_zone', d -> 'task_data' -> 'time_zone'),
        'changes', case type when 'task.created' then '{}'::jsonb else d -> 'changes' end) as data
    from api.outbox, lateral (select event -> 'data') as of_event (d) where user_id = ${userId}
      and ${"id" in which ? sql`event_id = ${which.id}` : sql`batch_id = ${which.batch_id}`}
    order by change_seq desc`;
  if (rows.some(({ is_young }) => !is_young)) return [];
  return rows.map(
    ({ event_id, type, task_id, data: { actor, timestamp, version, changes, tag_id = null, task_data } }) => ({
      id: event_id,
      taskId: task_id,
      tagId: tag_id,
      action: type,
      actor,
      at: new Date(timestamp),
      version,
      changes,
      timeZone: task_data?.time_zone ?? null,
    }),
  );
}

async function readHistory(deps: ApiDeps, userId: string, which: Which): Promise<Entry[]> {
  const entries: AuditPage["data"] = [];
  for (let cursor: string | undefined; ; ) {
    const question = { ...which, user_id: userId, limit: 100, cursor };
    const page: AuditPage = await readAudit(deps, AuditPage, "/internal/entries", question);
    entries.push(...page.data);
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  return entries.map(({ id, task_id, tag_id, action, actor, at, version, changes }) => ({
    id,
    taskId: task_id,
    tagId: tag_id,
    action,
    actor,
    at: new Date(at),
    version,
    changes,
    timeZone: null,
  }));
}
