import { Tag } from "@carillon/contracts/http/tags";
import { type ExportedTag, ExportedTask, maxImportTasks } from "@carillon/contracts/http/transfer";
import { explain } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { type Static, Type } from "@sinclair/typebox";
import { type FileTag, type ImportFile, type ImportItem, Losses, maxNamed, type RowError } from "../item.ts";

/** What import reads of a task; the rest of it follows from these fields, and is passed over. */
const FileTask = Type.Composite([
  Type.Pick(ExportedTask, [
    "id",
    "user_id",
    "title",
    "description",
    "completed_at",
    "priority",
    "due_date",
    "time_zone",
  ]),
  Type.Pick(ExportedTask, ["all_day", "recurring_pattern", "recurrence", "parent_task_id", "series_id", "reminders"]),
  Type.Pick(ExportedTask, ["created_at", "updated_at", "deleted_at", "series"]),
  Type.Object({ tags: Type.Array(Type.Object({ name: Type.String() }), { maxItems: 50 }) }),
]);
type FileTask = Static<typeof FileTask>;

const FileTagSchema = Type.Pick(Tag, ["name", "color", "created_at"]);

const known = new Set([...Object.keys(ExportedTask.properties), "user_id"]);
const knownAtTop = new Set(["format", "version", "exported_at", "tags", "tasks"]);

/** A file of our own export. @throws Problem 422 when its frame is not one. */
export function readCarillon(file: Record<string, unknown>): ImportFile {
  const { version, tags, tasks } = file;
  if (version !== 1) throw invalid({ pointer: "/version", detail: "is not 1, the only version there is" });
  if (!Array.isArray(tags) || tags.length > 1_000)
    throw invalid({ pointer: "/tags", detail: "must be a list of at most 1000" });
  if (!Array.isArray(tasks) || tasks.length > maxImportTasks)
    throw invalid({ pointer: "/tasks", detail: `must be a list of at most ${maxImportTasks}; split the file` });
  const losses = new Losses();
  for (const name of Object.keys(file)) if (!knownAtTop.has(name)) losses.note(name, 0, "has no place here");
  const errors: RowError[] = [];
  const check = (
    schema: typeof FileTask | typeof FileTagSchema,
    value: unknown,
    place: string,
    row: number,
  ): boolean => {
    const found = explain(schema, value);
    for (const { pointer, detail } of found)
      if (errors.length < maxNamed) errors.push({ row, pointer: `${place}${pointer}`, detail });
    return found.length === 0;
  };
  const items = tasks.flatMap((task: unknown, at): ImportItem[] => {
    if (!check(FileTask, task, `/tasks/${at}`, at + 1)) return [];
    // Sound: just checked.
    const read = task as FileTask;
    for (const name of Object.keys(read)) if (!known.has(name)) losses.note(name, at + 1, "has no place here");
    return [itemOf(read, at + 1)];
  });
  const listed = tags.flatMap((tag: unknown, at): FileTag[] => {
    if (!check(FileTagSchema, tag, `/tags/${at}`, 0)) return [];
    const { name, color, created_at } = tag as ExportedTag;
    return [{ name, color, createdAt: created_at }];
  });
  return { source: "carillon", items, tags: listed, lost: losses.list(), errors };
}

function itemOf(task: FileTask, row: number): ImportItem {
  const { recurrence, recurring_pattern } = task;
  return {
    row,
    sourceId: task.id,
    body: {
      title: task.title,
      description: task.description,
      priority: task.priority,
      due_date: task.due_date,
      time_zone: task.time_zone,
      all_day: task.all_day,
      tags: task.tags.map(({ name }) => name),
      recurring_pattern,
      recurrence_anchor: recurrence?.anchor ?? null,
      recurrence_ends_at: recurrence?.ends_at ?? null,
    },
    completedAt: task.completed_at,
    createdAt: task.created_at,
    own: {
      userId: task.user_id,
      updatedAt: task.updated_at,
      deletedAt: task.deleted_at,
      parentId: task.parent_task_id,
      seriesId: task.series_id,
      series: recurring_pattern === null ? null : task.series,
      reminders: task.reminders,
    },
  };
}
