import type { ReminderInput, Task, TaskPatch } from "@carillon/contracts/http/tasks";
import { priorities } from "@carillon/contracts/http/tasks";
import { field } from "../door/form.ts";
import { instantOf, localMoment } from "../time.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { splitTags } from "./quick-task.ts";

/** The edit form's fields, each as the text a person sees and types. `kept_tags` are the ticked names, `tags` new ones with commas. */
export const textFields = [
  "title",
  "description",
  "due_day",
  "due_time",
  "time_zone",
  "priority",
  "tags",
  "recurring_pattern",
  "recurrence_anchor",
  "recurrence_ends_day",
  "reminders",
] as const;
export type TextField = (typeof textFields)[number];

export type TaskForm = Record<TextField, string> & { all_day: boolean; kept_tags: string[] };

/** What each field is called, in labels, messages and comparisons. */
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
  recurring_pattern: "Repeats",
  recurrence_anchor: "Counted from",
  recurrence_ends_day: "Repeats until",
  reminders: "Reminders",
};

/** A task as the form shows it. */
export function formOfTask(task: Task): TaskForm {
  const due = task.due_date === null ? null : localMoment(task.due_date, task.time_zone);
  const ends = task.recurrence?.ends_at ?? null;
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
    recurring_pattern: task.recurring_pattern ?? "",
    recurrence_anchor: task.recurrence?.anchor ?? "due_date",
    recurrence_ends_day: ends === null ? "" : localMoment(ends, task.time_zone).date,
    reminders: task.reminders
      .map((reminder) => reminder.before ?? momentWord(reminder.remind_at, task.time_zone))
      .filter(Boolean)
      .join(", "),
  };
}

function momentWord(instant: string | null, zone: string): string {
  if (instant === null) return "";
  const { date, time } = localMoment(instant, zone);
  return `${date} ${time}`;
}

/** The form as it was sent. */
export function readTaskForm(form: URLSearchParams): TaskForm {
  const texts = Object.fromEntries(textFields.map((name) => [name, field(form, name)])) as Record<TextField, string>;
  return { ...texts, all_day: form.has("all_day"), kept_tags: form.getAll("kept_tags") };
}

/** The form as it was rendered, which the page carries along; null when it is missing or was tampered with. */
export function readOriginal(text: string): TaskForm | null {
  try {
    const value: unknown = JSON.parse(text);
    return isTaskForm(value) ? value : null;
  } catch {
    return null;
  }
}

function isTaskForm(value: unknown): value is TaskForm {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  const tags = record.kept_tags;
  return (
    textFields.every((name) => typeof record[name] === "string") &&
    typeof record.all_day === "boolean" &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === "string")
  );
}

/** The fields in which two forms differ. */
export function differences(a: TaskForm, b: TaskForm): (keyof TaskForm)[] {
  const names: (keyof TaskForm)[] = [...textFields, "all_day", "kept_tags"];
  return names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

const dueFields: (keyof TaskForm)[] = ["due_day", "due_time", "all_day", "time_zone"];

/**
 * Two people's edits of one original: `typed` wherever it was touched, `saved` everywhere else. `theirs` are the fields that were saved
 * meanwhile.
 */
export function mergeForms(
  original: TaskForm,
  typed: TaskForm,
  saved: TaskForm,
): { merged: TaskForm; theirs: (keyof TaskForm)[] } {
  const touched = differences(original, typed);
  const mine = Object.fromEntries(touched.map((name) => [name, typed[name]]));
  return { merged: { ...saved, ...mine }, theirs: differences(original, saved) };
}

/**
 * api's PATCH for what was changed on the page, and nothing else: a field nobody touched keeps what the form could not show (seconds of
 * a due time, a line end's kind). Or messages, where dates cannot be read.
 */
export function patchOf(original: TaskForm, typed: TaskForm): { patch: TaskPatch } | { errors: FieldErrors } {
  const changed = differences(original, typed);
  const touches = (...names: (keyof TaskForm)[]) => names.some((name) => changed.includes(name));
  if (touches("time_zone") && instantOf({ date: "2000-01-01", time: "00:00" }, typed.time_zone) === null) {
    return { errors: { time_zone: "Choose a time zone such as Europe/Berlin." } };
  }
  const errors: FieldErrors = {};
  const due = dueFields.some((name) => changed.includes(name)) ? readDue(original, typed, errors) : {};
  const ends = touches("recurrence_ends_day") ? readEnds(typed, errors) : {};
  const reminders = touches("reminders") ? readReminders(typed, errors) : {};
  if (Object.keys(errors).length > 0) return { errors };
  const patch: TaskPatch = {
    ...(touches("title") ? { title: typed.title.trim() } : {}),
    ...(touches("description") ? { description: typed.description } : {}),
    ...(touches("priority") ? { priority: priorities.find((level) => level === typed.priority) ?? "medium" } : {}),
    ...(touches("tags", "kept_tags") ? { tags: tagsOf(typed) } : {}),
    ...due,
    ...(touches("recurring_pattern") ? { recurring_pattern: typed.recurring_pattern.trim() || null } : {}),
    ...(touches("recurrence_anchor")
      ? { recurrence_anchor: typed.recurrence_anchor === "completion" ? "completion" : "due_date" }
      : {}),
    ...ends,
    ...reminders,
  };
  return { patch };
}

/** Ticked names as they are (they may hold commas), then the new ones. */
function tagsOf(typed: TaskForm): string[] {
  const kept = typed.kept_tags.map((name) => name.toLowerCase());
  return [...typed.kept_tags, ...splitTags(typed.tags).filter((name) => !kept.includes(name.toLowerCase()))];
}

/** All day: ticked, or no time. Who wrote a new time beside the tick meant the time. */
function readDue(original: TaskForm, typed: TaskForm, errors: FieldErrors): TaskPatch {
  if (typed.due_day === "") {
    if (typed.due_time !== "") errors.due_day = "A time needs a date beside it.";
    return { due_date: null, all_day: false, time_zone: typed.time_zone };
  }
  const newTime = typed.due_time !== "" && typed.due_time !== original.due_time;
  const allDay = typed.due_time === "" || (typed.all_day && !newTime);
  const due = instantOf({ date: typed.due_day, time: allDay ? "00:00" : typed.due_time }, typed.time_zone);
  if (due === null) {
    errors.due_day = "Write the date as 2026-11-27 and the time as 14:30.";
    return {};
  }
  return { due_date: due, all_day: allDay, time_zone: typed.time_zone };
}

/** The last day counts whole: the series ends with its last second. */
function readEnds(typed: TaskForm, errors: FieldErrors): TaskPatch {
  if (typed.recurrence_ends_day === "") return { recurrence_ends_at: null };
  const ends = instantOf({ date: typed.recurrence_ends_day, time: "23:59:59" }, typed.time_zone);
  if (ends === null) errors.recurrence_ends_day = "Write the date as 2026-11-27.";
  return ends === null ? {} : { recurrence_ends_at: ends };
}

/** `1d, 15m, 2026-11-27 09:00` as api's list. */
function readReminders(typed: TaskForm, errors: FieldErrors): TaskPatch {
  const reminders: ReminderInput[] = [];
  for (const word of typed.reminders
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean)) {
    const [date = "", time = ""] = word.split(/[ T]+/);
    const at = /^\d{4}-/.test(word) ? instantOf({ date, time }, typed.time_zone) : null;
    if (at !== null) reminders.push({ at });
    else if (/^\d+[mhdw]$/.test(word)) reminders.push({ before: word });
    else
      errors.reminders = `“${word}” is no reminder. Write 15m, 2h, 1d or 1w before, or a moment such as 2026-11-27 09:00.`;
  }
  return { reminders };
}
