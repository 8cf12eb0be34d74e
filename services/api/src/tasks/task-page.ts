import type { TaskTag } from "@carillon/contracts/http/tasks";
import { type Db, type Fragment, unprepared } from "@carillon/kit/database";
import type { Belongings } from "./belongings.ts";
import { type ReminderRow, type ShownTask, shownColumns } from "./task-row.ts";

/** A page ends with the task that passes this size: the largest tasks have 80 kB, and a page has up to a hundred. */
export const maxPageBytes = 500_000;

/** Longer descriptions are read once it is known which of them fit into the page. */
const maxShortBytes = 2_000;

const shownList = shownColumns.map((column) => (column === "description" ? "" : `t.${column}, `)).join("");

/** The beginning of a select that chooses a page from `api.tasks t`: what answers show, but for long descriptions. */
export const selectShown = (db: Db): Fragment => db`
  select ${db.unsafe(shownList)} case when octet_length(t.description) <= ${db.unsafe(`${maxShortBytes}`)} then t.description end as description,
    octet_length(t.title) + octet_length(t.description) as text_bytes, t.change_seq::float8 as change_seq`;

type ShownRow = ShownTask["row"];
type ChosenRow = Omit<ShownRow, "description"> & { description: string | null; text_bytes: number; change_seq: number };

/** `isCut`: some of the chosen rows were left out for their size. `last`: the last row of the page as it was chosen. */
export type TaskPage<More> = { tasks: ShownTask[]; last: (ChosenRow & More) | undefined; isCut: boolean };

export type PageOptions = {
  limit: number;
  known: Belongings | null;
  /** Of a shape that is asked for all the time, and whose plan suits all values: connections keep it. */
  isCommon: boolean;
  maxBytes?: number;
};

/**
 * The first tasks that `chosen` (built with `selectShown`) finds, at most `limit`, as many as fit into `maxBytes`, and always one. Long
 * descriptions that do not fit never leave the database. What hangs on the tasks is read once for all of them.
 */
export async function readTaskPage<More extends object>(
  db: Db,
  userId: string,
  chosen: Fragment,
  { limit, known, isCommon, maxBytes = maxPageBytes }: PageOptions,
): Promise<TaskPage<More>> {
  const choosing = db<(ChosenRow & More)[]>`${chosen}`;
  const found = await (isCommon ? choosing : unprepared(choosing));
  const page = found.slice(0, Math.min(limit, fitting(found, maxBytes)));
  const rows = await whole(db, userId, page);
  const isKnown = page.every((row) => known !== null && row.change_seq <= known.changeSeq);
  return {
    tasks: await withBelongings(db, userId, rows, isKnown ? known : null),
    last: page.at(-1),
    isCut: page.length < found.length,
  };
}

/** How many rows come before the size is passed, the one that passes it included; a task's names and dates are some 1 000 bytes. */
function fitting(rows: readonly { text_bytes: number }[], maxBytes: number): number {
  let bytes = 0;
  const past = rows.findIndex((row) => {
    const isPast = bytes >= maxBytes;
    bytes += 1_000 + row.text_bytes;
    return isPast;
  });
  return past < 0 ? rows.length : past;
}

/** The rows with their long descriptions. Such a row is read again as a whole, so that it is of one version; it may be gone by then. */
async function whole(db: Db, userId: string, page: readonly ChosenRow[]): Promise<ShownRow[]> {
  const long = page.filter((row) => row.description === null).map((row) => row.id);
  // Sound: no description is missing.
  if (long.length === 0) return page as readonly ShownRow[] as ShownRow[];
  const again = await db<ShownRow[]>`
    select ${db(shownColumns)} from api.tasks where user_id = ${userId} and id = any(${long}::uuid[])`;
  const byId = new Map(again.map((row) => [row.id, row]));
  return page.flatMap((row) => (row.description === null ? (byId.get(row.id) ?? []) : (row as ShownRow)));
}

type ReminderOfTask = ReminderRow & { task_id: string };

/** The rows with their tags and reminders; `known` is of their time or a later one. */
async function withBelongings(
  db: Db,
  userId: string,
  rows: readonly ShownRow[],
  known: Belongings | null,
): Promise<ShownTask[]> {
  if (rows.length === 0) return [];
  const [tagOf, remindersOf] = [
    known?.tags ?? (await readTags(db, userId, rows)),
    Map.groupBy(await readReminders(db, userId, rows, known), ({ task_id }) => task_id),
  ];
  return rows.map((row) => ({
    row,
    tags: row.tag_ids.flatMap((id) => shown(tagOf.get(id)) ?? []),
    reminders: remindersOf.get(row.id) ?? [],
  }));
}

const shown = (tag: TaskTag | undefined): TaskTag | undefined =>
  tag && { id: tag.id, name: tag.name, color: tag.color };

async function readReminders(
  db: Db,
  userId: string,
  rows: readonly ShownRow[],
  known: Belongings | null,
): Promise<ReminderOfTask[]> {
  const ids = rows.map((row) => row.id).filter((id) => known?.reminded?.has(id) ?? true);
  if (ids.length === 0) return [];
  return db<ReminderOfTask[]>`
    select task_id, id, position, before, remind_at, state, reason, sent_at, generation, is_snooze from api.reminders
    where user_id = ${userId} and task_id = any(string_to_array(${ids.join()}, ',')::uuid[]) order by position`;
}

async function readTags(db: Db, userId: string, rows: readonly ShownRow[]): Promise<Map<string, TaskTag>> {
  const ids = [...new Set(rows.flatMap((row) => row.tag_ids))];
  if (ids.length === 0) return new Map();
  const tags = await db<TaskTag[]>`
    select id, name, color from api.tags where user_id = ${userId} and id = any(string_to_array(${ids.join()}, ',')::uuid[])`;
  return new Map(tags.map((tag) => [tag.id, tag]));
}
