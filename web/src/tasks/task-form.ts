import { priorities, type Task, type TaskPatch } from "@carillon/contracts/http/tasks";
import { field } from "../door/form.ts";
import { lastDayOf, patternOf, type RepeatForm, repeatFields, repeatOf, repeatTexts, settle } from "../repeat/index.ts";
import { instantOf, localMoment } from "../time.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { splitTags } from "./quick-task.ts";

/**
 * The edit form's fields, each as the text that users see and type. `kept_tags` are the ticked names,
 * `tags` new ones with commas, `scope` whether a date moves alone or with all later ones.
 */
export const textFields = [
  "title",
  "description",
  "due_day",
  "due_time",
  "time_zone",
  "priority",
  "tags",
  ...repeatTexts,
  "scope",
] as const;
export type TextField = (typeof textFields)[number];

const listFields = ["kept_tags", "weekdays"] as const;

export type TaskForm = Record<TextField, string> & RepeatForm & { all_day: boolean; kept_tags: string[] };

/** The name of each field, in labels, messages and comparisons. */
export const fieldLabels: Record<keyof TaskForm, string> = {
  title: "Title",
  description: "Description",
  due_day: "Due date",
  due_time: "Time",
  all_day: "All day",
  time_zone: "Time zone",
  priority: "Priority",
  kept_tags: "Tags",
  tags: "New tags",
  repeat: "Repeats",
  every: "Every",
  unit: "Days, weeks, months or years",
  weekdays: "On",
  recurring_pattern: "Rule",
  recurrence_anchor: "Counted from",
  ends: "Ends",
  recurrence_ends_day: "Last day",
  times: "How many times",
  scope: "Applies to",
};

/** A task as the form shows it. */
export function formOfTask(task: Task): TaskForm {
  const due = task.due_date === null ? null : localMoment(task.due_date, task.time_zone);
  return {
    title: task.title,
    description: task.description.replaceAll("\r\n", "\n"),
    due_day: due?.date ?? "",
    due_time: due === null || task.all_day ? "" : due.time,
    all_day: task.all_day,
    time_zone: task.time_zone,
    priority: task.priority,
    kept_tags: task.tags.map(({ name }) => name),
    tags: "",
    ...repeatOf(task),
    scope: "this",
  };
}

/** The form as it was sent. */
export function readTaskForm(form: URLSearchParams): TaskForm {
  const texts = Object.fromEntries(textFields.map((name) => [name, field(form, name)])) as Record<TextField, string>;
  return {
    ...texts,
    scope: movesLater(texts) ? "following" : "this",
    all_day: form.has("all_day"),
    kept_tags: form.getAll("kept_tags"),
    weekdays: form.getAll("weekdays"),
  };
}

/** Whether a changed date is that of all later ones too. */
export const movesLater = ({ scope }: Pick<TaskForm, "scope">): boolean => scope === "following";

/** The form as it was rendered, which the page carries along; null when it is missing or was tampered with. */
export function readOriginal(text: string): TaskForm | null {
  try {
    const value: unknown = JSON.parse(text);
    // A page that was open while the release changed has no scope.
    const form = typeof value === "object" ? { scope: "this", ...value } : value;
    return isTaskForm(form) ? form : null;
  } catch {
    return null;
  }
}

function isTaskForm(value: unknown): value is TaskForm {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  return (
    textFields.every((name) => typeof record[name] === "string") &&
    typeof record.all_day === "boolean" &&
    listFields.every((name) => isTexts(record[name]))
  );
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === "string");

/** The fields in which two forms differ. */
export function differences(a: TaskForm, b: TaskForm): (keyof TaskForm)[] {
  const names: (keyof TaskForm)[] = [...textFields, "all_day", ...listFields];
  return names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

const dueFields: (keyof TaskForm)[] = ["due_day", "due_time", "all_day", "time_zone"];

/**
 * Two edits of one original: `typed` in the fields it changed, `saved` in all others. A repetition
 * counts as one: its fields are not mixed. `theirs` are the fields that were saved meanwhile.
 */
export function mergeForms(
  original: TaskForm,
  typed: TaskForm,
  saved: TaskForm,
): { merged: TaskForm; theirs: (keyof TaskForm)[] } {
  const changed = differences(original, typed);
  const repeats = repeatFields.some((name) => changed.includes(name));
  const touched = repeats ? new Set([...changed, ...repeatFields]) : changed;
  const mine = Object.fromEntries([...touched].map((name) => [name, typed[name]]));
  return { merged: { ...saved, ...mine }, theirs: differences(original, saved) };
}

/**
 * api's PATCH for the changed fields only: an untouched field keeps what the form could not show
 * (seconds of a due time, a line end's kind). Or messages, where dates cannot be read.
 */
export function patchOf(original: TaskForm, typed: TaskForm): { patch: TaskPatch } | { errors: FieldErrors } {
  const changed = differences(original, typed);
  const touches = (...names: (keyof TaskForm)[]) => names.some((name) => changed.includes(name));
  if (touches("time_zone") && instantOf({ date: "2000-01-01", time: "00:00" }, typed.time_zone) === null) {
    return { errors: { time_zone: "Choose a time zone such as Europe/Berlin." } };
  }
  const errors: FieldErrors = {};
  const due = dueFields.some((name) => changed.includes(name)) ? readDue(original, typed, errors) : {};
  const repeat = touches(...repeatFields) ? readRepeat(original, typed, errors) : {};
  if (Object.keys(errors).length > 0) return { errors };
  const patch: TaskPatch = {
    ...(touches("title") ? { title: typed.title.trim() } : {}),
    ...(touches("description") ? { description: typed.description } : {}),
    ...(touches("priority") ? { priority: priorities.find((level) => level === typed.priority) ?? "medium" } : {}),
    ...(touches("tags", "kept_tags") ? { tags: tagsOf(typed) } : {}),
    ...due,
    ...repeat,
  };
  return { patch };
}

/** Ticked names as they are (they may hold commas), then the new ones. */
function tagsOf(typed: TaskForm): string[] {
  const kept = typed.kept_tags.map((name) => name.toLowerCase());
  return [...typed.kept_tags, ...splitTags(typed.tags).filter((name) => !kept.includes(name.toLowerCase()))];
}

/** All day: ticked, or no time. A new time typed beside the tick wins. */
function readDue(original: TaskForm, typed: TaskForm, errors: FieldErrors): TaskPatch {
  if (typed.due_day === "") {
    if (typed.due_time !== "") errors.due_day = "A time needs a date beside it.";
    return { due_date: null, all_day: false, time_zone: typed.time_zone };
  }
  const newTime = typed.due_time !== "" && typed.due_time !== original.due_time;
  const allDay = typed.due_time === "" || (typed.all_day && !newTime);
  const due = instantOf({ date: typed.due_day, time: allDay ? "00:00" : typed.due_time }, typed.time_zone);
  if (due === null) {
    errors.due_day = "Enter the date as 2026-11-27 and the time as 14:30.";
    return {};
  }
  return { due_date: due, all_day: allDay, time_zone: typed.time_zone };
}

/** The changes of the repetition. Its end counts as a whole: the series ends with its last second. */
function readRepeat(original: TaskForm, typed: TaskForm, errors: FieldErrors): TaskPatch {
  const settled = settle(original, typed);
  const before = patternOf(original, typed.due_day);
  const after = patternOf(settled, typed.due_day);
  if ("errors" in after) Object.assign(errors, after.errors);
  if (!("pattern" in after)) return {};
  if (after.pattern === null) return { recurring_pattern: null, recurrence_anchor: null, recurrence_ends_at: null };
  const same = "pattern" in before && before.pattern === after.pattern;
  return {
    ...(same ? {} : { recurring_pattern: after.pattern }),
    ...(settled.recurrence_anchor === original.recurrence_anchor
      ? {}
      : { recurrence_anchor: settled.recurrence_anchor === "completion" ? "completion" : "due_date" }),
    ...(lastDayOf(settled) === lastDayOf(original) && settled.ends === original.ends ? {} : readEnds(settled, errors)),
  };
}

function readEnds(settled: TaskForm, errors: FieldErrors): TaskPatch {
  const day = lastDayOf(settled);
  if (settled.ends === "on" && day === "") errors.recurrence_ends_day = "Choose the last day.";
  if (day === "") return { recurrence_ends_at: null };
  const ends = instantOf({ date: day, time: "23:59:59" }, settled.time_zone);
  if (ends === null) errors.recurrence_ends_day = "Enter the date as 2026-11-27.";
  return ends === null ? {} : { recurrence_ends_at: ends };
}
