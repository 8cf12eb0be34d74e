import type { ParsedText } from "@carillon/contracts/http/quick-add";
import type { NewTask } from "@carillon/contracts/http/tasks";
import { priorities } from "@carillon/contracts/http/tasks";
import { field } from "../door/form.ts";
import { dayOf, instantOf } from "../time.ts";
import type { FieldErrors } from "../ui/field.tsx";

/** The input of the quick-add form, unchanged. */
export type QuickTask = { title: string; date: string; time: string; priority: string; tags: string };

export const emptyQuickTask = (date: string): QuickTask => ({
  title: "",
  date,
  time: "",
  priority: "medium",
  tags: "",
});

export const readQuickTask = (form: URLSearchParams): QuickTask => ({
  title: field(form, "title"),
  date: field(form, "date"),
  time: field(form, "time"),
  priority: field(form, "priority") || "medium",
  tags: field(form, "tags"),
});

/** The user's present moment; `usualDate` is the form's default date. */
type Setting = { now: Date; zone: string; usualDate: string };

/**
 * api's body for it: what the words say, and the form's own fields where the words say nothing. A date
 * chosen in the form stays when the words name only a time. `parsed` is null when the line cannot
 * be parsed: api's own rejection says why.
 */
export function newTaskOf(
  quick: QuickTask,
  parsed: ParsedText | null,
  setting: Setting,
): NewTask | { errors: FieldErrors } {
  const isChosen = (quick.date !== "" && quick.date !== setting.usualDate) || quick.time !== "";
  if (parsed?.title === "" && !isChosen) {
    return { errors: { "new-title": "Enter what has to be done as well: the line only says when." } };
  }
  // Time words alone, next to a date in the form, are the task's name.
  const said = parsed?.title === "" ? null : parsed;
  const due = dueOf(quick, said, isChosen, setting);
  if ("errors" in due) return due;
  return {
    title: said?.title ?? quick.title.trim(),
    priority: said?.priority ?? priorities.find((level) => level === quick.priority) ?? "medium",
    tags: splitTags([...(said?.tags ?? []), ...splitTags(quick.tags)].join(",")),
    ...due,
    ...(said?.recurring_pattern ? { recurring_pattern: said.recurring_pattern } : {}),
    ...(said?.recurrence_anchor ? { recurrence_anchor: said.recurrence_anchor } : {}),
    ...(said?.recurrence_ends_at ? { recurrence_ends_at: said.recurrence_ends_at } : {}),
    ...(said?.reminders ? { reminders: said.reminders } : {}),
  };
}

type Due = Pick<NewTask, "due_date" | "all_day" | "time_zone">;

function dueOf(
  quick: QuickTask,
  parsed: ParsedText | null,
  isChosen: boolean,
  setting: Setting,
): Due | { errors: FieldErrors } {
  const time = timeOnly(parsed);
  if (time !== null && isChosen && quick.date !== "") return formDue({ ...quick, time: quick.time || time }, setting);
  if (parsed?.due_date === null) return {};
  if (parsed?.due_date === undefined) return formDue(quick, setting);
  const { due_date, all_day = false, time_zone = setting.zone } = parsed;
  return { due_date, all_day, time_zone };
}

/** The time of day, if the words say nothing else about when. */
function timeOnly(parsed: ParsedText | null): string | null {
  const when = parsed?.pieces.filter(({ kind }) => kind === "due" || kind === "time" || kind === "recurrence") ?? [];
  const [piece] = when;
  return when.length === 1 && piece?.kind === "time" && typeof piece.value === "string" ? piece.value : null;
}

/** A day without a time is an all-day task, a time without a day is today's. */
function formDue({ date: typed, time }: QuickTask, { now, zone }: Setting): Due | { errors: FieldErrors } {
  const date = typed || (time ? dayOf(now, zone).date : "");
  const due = date ? instantOf({ date, time: time || "00:00" }, zone) : null;
  if (date && due === null) return { errors: { "new-date": "Enter the date as 2026-11-27 and the time as 14:30." } };
  return due === null ? {} : { due_date: due, all_day: time === "", time_zone: zone };
}

/** Names from a comma list, in order, each once, ignoring case. */
export function splitTags(text: string): string[] {
  const names = new Map<string, string>();
  for (const name of text.split(",").map((part) => part.trim()))
    if (name && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

/** api's field → this form's field and its label. */
export const quickAddFields = {
  title: { field: "new-title", label: "The title" },
  due_date: { field: "new-date", label: "The date" },
  priority: { field: "new-priority", label: "The priority" },
  tags: { field: "new-tags", label: "The list of tags", each: "Each tag" },
};
