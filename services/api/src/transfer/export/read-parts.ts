import type { ExportedTag, ExportedTask } from "@carillon/contracts/http/transfer";
import type { ApiDeps } from "../../deps.ts";
import type { TagRow } from "../../tags/index.ts";
import { loadTasks, type TaskState, toTask } from "../../tasks/index.ts";

/** Maximum read and written at once: rows, and bytes of them. */
const [rowsAtOnce, bytesAtOnce] = [25, 64 * 1024];

type Place = { id: string; created_at: Date; bytes: number };

/**
 * The user's tasks part by part, oldest first: however many there are, and however slowly they are
 * taken, one part is in memory and no database connection waits.
 */
export async function* taskParts(
  { sql }: ApiDeps,
  userId: string,
  { trash, tagId = null }: { trash: boolean; tagId?: string | null },
): AsyncGenerator<TaskState[]> {
  let last: Place | undefined;
  do {
    const found = await sql<Place[]>`
      select id, created_at, octet_length(title) + octet_length(description) as bytes from api.tasks
      where user_id = ${userId} ${trash ? sql`` : sql`and deleted_at is null`}
        ${tagId === null ? sql`` : sql`and tag_ids @> array[${tagId}::uuid]`}
        ${last ? sql`and (created_at, id) > (${last.created_at}, ${last.id})` : sql``}
      order by created_at, id limit ${rowsAtOnce + 1}`;
    const part = found.slice(0, Math.min(rowsAtOnce, fitting(found)));
    last = part.length < found.length ? part.at(-1) : undefined;
    const ids = part.map(({ id }) => id);
    if (ids.length > 0) yield await loadTasks(sql, userId, ids);
  } while (last);
}

/** How many come before the size is passed, the one that passes it included. */
function fitting(found: readonly Place[]): number {
  let bytes = 0;
  const past = found.findIndex((place) => {
    const isPast = bytes >= bytesAtOnce;
    bytes += 1_000 + place.bytes;
    return isPast;
  });
  return past < 0 ? found.length : past;
}

/** The user's tags, oldest first: at most 1 000. */
export async function exportedTags({ sql }: ApiDeps, userId: string): Promise<ExportedTag[]> {
  const tags = await sql<TagRow[]>`
    select id, name, color, version, created_at, updated_at from api.tags where user_id = ${userId} order by created_at, id`;
  return tags.map(({ id, name, color, created_at }) => ({ id, name, color, created_at: created_at.toISOString() }));
}

/** The task with what no answer shows. */
export function toExported(state: TaskState): ExportedTask {
  const { row, reminders } = state;
  const task = toTask(state);
  return {
    ...task,
    reminders: task.reminders.map((reminder, at) => ({ ...reminder, is_snooze: reminders[at]?.is_snooze ?? false })),
    series:
      row.rrule === null
        ? null
        : {
            start: row.series_start?.toISOString() ?? null,
            occurrence_at: row.occurrence_at?.toISOString() ?? null,
            excluded_dates: row.excluded_dates.map((date) => date.toISOString()),
            ordinal: row.series_ordinal,
            succession: row.succession,
          },
  };
}
