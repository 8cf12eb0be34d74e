import type { EventType } from "@carillon/contracts/catalog";
import { priorities, type Task, type TaskTag } from "@carillon/contracts/http/tasks";
import type { Change } from "../../change/change.ts";
import { deleteTask } from "../delete-task.ts";
import { asksForSuccessor } from "../occurrences/succession.ts";
import { takeBackSuccession } from "../occurrences/take-back.ts";
import { saveTask } from "../save-task.ts";
import { seatedInZone } from "../seat-task.ts";
import { selectTasks, stateOf, type TaskRow, type TaskState, toTask } from "../task-row.ts";
import { backReminders } from "./back-reminders.ts";
import { backSchedule } from "./back-schedule.ts";
import { type Course, folded } from "./fold-entries.ts";
import { dateOf, idsOf, isChange, type Kept, standingOf, type TaskEntry, textOf } from "./task-entry.ts";

/** What became of a task by taking an entry back. */
export type UndoneTask = { title: string | null; fields: string[]; kept: Kept[] };

/**
 * Takes one entry of a task's history back: each field that is still as the entry left it, dates and rule as a whole. What was changed since
 * by anything but the rest of its course stays and is named; what is as before already is neither.
 */
export async function undoTask(change: Change, id: string, entry: TaskEntry, course: Course): Promise<UndoneTask> {
  const { tx, userId } = change;
  const [read] = await tx`${selectTasks(tx)} from api.tasks t where t.user_id = ${userId} and t.id = ${id}`;
  if (!read) return { title: null, fields: [], kept: [{ field: null, reason: "gone" }] };
  const state = stateOf(read);
  const { title, deleted_at, version } = state.row;
  course.version ??= version;
  if (isBackInTrash(toTask(state), entry, course)) return { title, fields: [], kept: [] };
  if (entry.action === "task.created") return { title, ...(await undoCreation(change, state, entry, course)) };
  if (!isChange(entry)) return { title, fields: [], kept: [{ field: null, reason: "consequence" }] };
  if (deleted_at && !entry.changes.deleted_at) return { title, fields: [], kept: [{ field: null, reason: "trashed" }] };
  return { title, ...(await undoFields(change, state, folded(course, entry, state))) };
}

/** True where the task is in the trash, and was there or nowhere before its course: nothing of it is left to take back. */
const isBackInTrash = ({ deleted_at }: Task, entry: TaskEntry, { entries }: Course): boolean =>
  deleted_at !== null &&
  entries
    .slice(entries.indexOf(entry))
    .some(({ action, changes }) => action === "task.created" || changes.deleted_at?.[0] === deleted_at);

type Outcome = Omit<UndoneTask, "title">;

/** To the trash with it, when nothing but the rest of its course was done with it since. */
async function undoCreation(
  change: Change,
  { row }: TaskState,
  { version }: TaskEntry,
  course: Course,
): Promise<Outcome> {
  const own = course.entries.filter((entry) => entry.version > version).length;
  if ((course.version ?? row.version) !== version + own + row.seatings)
    return { fields: [], kept: [{ field: null, reason: "changed" }] };
  await deleteTask(change, row.id, null);
  return { fields: ["deleted_at"], kept: [] };
}

async function undoFields(change: Change, before: TaskState, entry: TaskEntry): Promise<Outcome> {
  const state = await backState(change, before, entry);
  const schedule = backSchedule(change, before, entry);
  const tags = await backTags(change, before, entry);
  const open: TaskRow = { ...schedule.row, ...state.columns, ...tags.columns };
  const there = open.completed_at ? null : seatedInZone({ row: open, tags: [], reminders: [] }, change.timeZone);
  const row = there?.after.row ?? open;
  const reminders = backReminders(before, row, entry, change);
  const after: TaskState = { row, tags: tags.tags, reminders: reminders.reminders };
  const saved = await saveTask(change, before, after, state.type, reminders.turns, schedule.also);
  const fields = [...state.fields, ...schedule.fields, ...tags.fields];
  // Reminders that only followed a date or a completion are no field of their own.
  const isReminded = reminders.isBack && fields.length === 0 && saved.row.version !== before.row.version;
  const kept = [...state.kept, ...schedule.kept, ...tags.kept, ...reminders.kept];
  return { fields: isReminded ? ["reminders"] : fields, kept };
}

type Part = { fields: string[]; kept: Kept[] };

/** Title, description, priority, completion and trash: each for itself. */
async function backState(
  change: Change,
  { row, ...rest }: TaskState,
  { changes }: TaskEntry,
): Promise<Part & { columns: Partial<TaskRow>; type: EventType }> {
  const task = toTask({ row, ...rest });
  const part: Part & { columns: Partial<TaskRow>; type: EventType } = {
    fields: [],
    kept: [],
    columns: {},
    type: "task.updated",
  };
  for (const field of ["title", "description", "priority", "completed_at", "deleted_at"] as const) {
    const standing = standingOf(changes, field, task[field]);
    if (standing === "changed") part.kept.push({ field, reason: "changed" });
    if (standing !== "left") continue;
    part.fields.push(field);
    const old = changes[field]?.[0] ?? null;
    if (field === "title" || field === "description") part.columns[field] = textOf(old) ?? row[field];
    if (field === "priority") part.columns.priority = priorities.indexOf(old as (typeof priorities)[number]);
    if (field === "deleted_at") {
      part.columns.deleted_at = dateOf(old);
      part.type = old === null ? "task.restored" : "task.deleted";
      change.count("tasks", old === null ? 1 : -1);
    }
    if (field !== "completed_at") continue;
    part.type = old === null ? "task.reopened" : "task.completed";
    if (old !== null) Object.assign(part.columns, completedAgain(row, dateOf(old)));
    else {
      const succession = await takeBackSuccession(change, row);
      Object.assign(part.columns, succession, { completed_at: null });
      if (succession.succession === "made") part.kept.push(...(await successorOf(change, row.id)));
    }
  }
  return part;
}

const completedAgain = (row: TaskRow, completedAt: Date | null): Partial<TaskRow> => ({
  completed_at: completedAt,
  succession: asksForSuccessor(row) ? "open" : row.succession,
});

/** The next date of a series that was touched, so that it stays. */
async function successorOf({ tx, userId }: Change, parentId: string): Promise<Kept[]> {
  const rows = await tx<{ id: string }[]>`
    select id from api.tasks where user_id = ${userId} and parent_task_id = ${parentId}`;
  return rows.map(({ id }) => ({ field: null, reason: "changed", taskId: id }));
}

/** The tags the task wore; those that are gone are named. */
async function backTags(
  { tx, userId }: Change,
  { tags, row }: TaskState,
  { changes }: TaskEntry,
): Promise<Part & { columns: Partial<TaskRow>; tags: TaskTag[] }> {
  const none = { fields: [], kept: [], columns: {}, tags };
  if (!changes.tags) return none;
  const [old, left] = [idsOf(changes.tags[0]), idsOf(changes.tags[1])];
  const living = await tx<TaskTag[]>`
    select id, name, color from api.tags where user_id = ${userId} and id = any(${[...old, ...left]}::uuid[])`;
  const alive = (ids: readonly string[]): TaskTag[] => ids.flatMap((id) => living.find((tag) => tag.id === id) ?? []);
  const worn = tags.map(({ id }) => id);
  const isWorn = (ids: readonly string[]) =>
    Bun.deepEquals(
      worn,
      alive(ids).map(({ id }) => id),
    );
  const back = alive(old);
  const kept: Kept[] = back.length < old.length ? [{ field: "tags", reason: "gone" }] : [];
  if (!isWorn(left)) return isWorn(old) ? none : { ...none, kept: [{ field: "tags", reason: "changed" }] };
  if (isWorn(old)) return { ...none, kept };
  // A tag that is gone may come back, and with it to those that wore it.
  const columns = { tag_ids: old.length > 0 ? old : row.tag_ids.slice(0, 0) };
  return { fields: ["tags"], kept, columns, tags: back };
}
