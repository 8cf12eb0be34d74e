import { type NewTask, priorities } from "@carillon/contracts/http/tasks";
import { field } from "../door/form.ts";
import { dayOf, instantOf } from "../time.ts";
import type { FieldErrors } from "../ui/field.tsx";

/** What somebody typed into the quick-add form, exactly. */
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

/** api's body for it; a day without a time is an all-day task, a time without a day is today's. */
export function newTaskOf(
  quick: QuickTask,
  { now, zone }: { now: Date; zone: string },
): NewTask | { errors: FieldErrors } {
  const date = quick.date || (quick.time ? dayOf(now, zone).date : "");
  const due = date ? instantOf({ date, time: quick.time || "00:00" }, zone) : null;
  if (date && due === null) return { errors: { "new-date": "Write the date as 2026-11-27 and the time as 14:30." } };
  return {
    title: quick.title.trim(),
    priority: priorities.find((level) => level === quick.priority) ?? "medium",
    tags: splitTags(quick.tags),
    ...(due ? { due_date: due, all_day: quick.time === "", time_zone: zone } : {}),
  };
}

/** Names from a comma list, in order, each once without regard to case. */
export function splitTags(text: string): string[] {
  const names = new Map<string, string>();
  for (const name of text.split(",").map((part) => part.trim()))
    if (name && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

/** api's field → this form's field and what it is called. */
export const quickAddFields = {
  title: { field: "new-title", label: "The title" },
  due_date: { field: "new-date", label: "The date" },
  priority: { field: "new-priority", label: "The priority" },
  tags: { field: "new-tags", label: "The list of tags", each: "Each tag" },
};
