import { type ImportFile, type ImportItem, Losses, type Reader } from "../item.ts";
import {
  beforeMinutes,
  type Due,
  type Fields,
  instantText,
  isFields,
  itemOf,
  listIn,
  type Rule,
  textIn,
} from "./foreign.ts";

type Found = { project: string; task: Fields };

/** Tasks of a Vikunja export's `data.json`: projects, each with its tasks, and projects within. */
export function vikunjaTasks(file: unknown): Found[] | null {
  if (!Array.isArray(file)) return null;
  const projects = file.filter(isFields);
  const isExport =
    projects.length > 0 && projects.every((one) => "title" in one && ("tasks" in one || "child_projects" in one));
  if (!isExport) return null;
  const found: Found[] = [];
  // Their depth is bounded before the file is parsed.
  const open = [...projects];
  for (let project = open.pop(); project; project = open.pop()) {
    open.push(...listIn(project, "child_projects"));
    for (const task of listIn(project, "tasks")) found.push({ project: textIn(project, "title"), task });
  }
  return found;
}

const known = new Set([
  "id",
  "title",
  "description",
  "done",
  "done_at",
  "due_date",
  "reminders",
  "repeat_after",
  "repeat_mode",
  "priority",
]);
const idle = new Set([
  "labels",
  "created",
  "updated",
  "project_id",
  "index",
  "position",
  "identifier",
  "created_by",
  "uid",
  "bucket_id",
  "kanban_position",
  "positions",
  "buckets",
]);
const priorities: Record<string, "low" | "medium" | "high" | "urgent"> = {
  1: "low",
  2: "medium",
  3: "high",
  4: "urgent",
  5: "urgent",
};
/** Vikunja's date for none. */
const dateOf = (text: string): string | null => (text.startsWith("0001-") ? null : instantText(text));

export function readVikunja(found: Found[], reader: Reader): ImportFile {
  const losses = new Losses();
  const items = found.map(({ project, task }, at) => taskOf(task, { project, row: at + 1 }, reader, losses));
  return { source: "vikunja", items, tags: [], lost: losses.list(), errors: [] };
}

function taskOf(
  task: Fields,
  { project, row }: { project: string; row: number },
  reader: Reader,
  losses: Losses,
): ImportItem {
  for (const [name, value] of Object.entries(task))
    if (!known.has(name) && !idle.has(name) && isSaying(value)) losses.note(name, row, "has no place here");
  if (Number(task.priority) === 5) losses.note("priority", row, "there is nothing above urgent");
  const at = dateOf(textIn(task, "due_date"));
  const due: Due | null = at === null ? null : { at, allDay: false, zone: null };
  const reminders = listIn(task, "reminders").flatMap((one) => {
    const seconds = Number(one.relative_period ?? 0);
    const before =
      textIn(one, "relative_to") === "due_date" && due && seconds <= 0 ? beforeMinutes(-seconds / 60) : null;
    const when = dateOf(textIn(one, "reminder"));
    return before ?? (when === null ? [] : { at: when });
  });
  const priority = priorities[textIn(task, "priority")];
  return itemOf(
    {
      row,
      id: textIn(task, "id") || null,
      title: textIn(task, "title"),
      description: plainText(textIn(task, "description")),
      ...(priority ? { priority } : {}),
      due,
      tags: [project, ...listIn(task, "labels").map((label) => textIn(label, "title"))],
      rule: due ? ruleOf(task, row, losses) : null,
      reminders,
      completed: task.done === true ? (dateOf(textIn(task, "done_at")) ?? true) : null,
      created: dateOf(textIn(task, "created")),
    },
    reader,
    losses,
  );
}

const isSaying = (value: unknown): boolean =>
  value !== null &&
  value !== "" &&
  value !== 0 &&
  value !== false &&
  !(typeof value === "string" && value.startsWith("0001-")) &&
  !(Array.isArray(value) && value.length === 0);

const daySeconds = 86_400;

function ruleOf(task: Fields, row: number, losses: Losses): Rule | null {
  const [after, mode] = [Number(task.repeat_after ?? 0), Number(task.repeat_mode ?? 0)];
  if (mode === 1) return { pattern: "FREQ=MONTHLY", source: "every month" };
  if (!(after > 0)) return null;
  if (after % daySeconds !== 0) {
    losses.note("repeat_after", row, "repeats within a day; the task does not repeat here");
    return null;
  }
  const days = after / daySeconds;
  const pattern = days % 7 === 0 ? `FREQ=WEEKLY;INTERVAL=${days / 7}` : `FREQ=DAILY;INTERVAL=${days}`;
  return {
    pattern,
    anchor: mode === 2 ? "completion" : "due_date",
    source: `every ${days} days${mode === 2 ? " from completion" : ""}`,
  };
}

/** Vikunja's descriptions are HTML: their text, a line for each block. */
const plainText = (html: string): string =>
  html
    .replaceAll(/<(?:br|\/p|\/li|\/h\d|\/div)\b[^>]*>/gi, "\n")
    .replaceAll(/<[^>]{0,1000}>/g, "")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .trim();
