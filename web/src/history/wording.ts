import type { AuditEntry } from "@carillon/contracts/http/audit";
import { priorities } from "@carillon/contracts/http/tasks";
import { momentText, type Reader } from "../time.ts";
import { priorityLabels } from "../ui/badges.tsx";

/** One change in words: who and what in a sentence, then a field's old and new value; null means nothing. */
export type Telling = { sentence: string; details: { label: string; before: string | null; after: string | null }[] };

const actors: Record<string, string> = {
  user: "You",
  token: "One of your access tokens",
  assistant: "The assistant",
  recurring: "The repetition",
  notification: "The reminder service",
  system: "Carillon",
};

const deeds: Record<string, string> = {
  "task.created": "created the task",
  "task.updated": "changed the task",
  "task.completed": "completed the task",
  "task.reopened": "reopened the task",
  "task.deleted": "moved the task to the trash",
  "task.restored": "restored the task from the trash",
  "task.skipped": "skipped this date",
  "task.purged": "removed the task permanently",
  "tag.created": "created a tag",
  "tag.updated": "changed a tag",
  "tag.deleted": "deleted a tag",
  "reminder.scheduled": "set a reminder",
  "reminder.cancelled": "cancelled a reminder",
  "reminder.sent": "sent a reminder",
  "reminder.failed": "could not send a reminder",
  "reminder.missed": "marked a reminder as missed",
  "reminder.snoozed": "snoozed a reminder",
  "occurrence.generated": "created the next occurrence",
  "series.ended": "ended the series",
};

const labels: Record<string, string> = {
  title: "Title",
  description: "Description",
  priority: "Priority",
  due_date: "Due",
  time_zone: "Time zone",
  all_day: "All day",
  tags: "Tags",
  recurring_pattern: "Repeats",
  recurrence_anchor: "Counted from",
  recurrence_ends_at: "Repeats until",
  skipped_date: "Skipped date",
  skipped_dates: "Skipped dates",
  zone_rules: "Rules of the time zone",
  reminder_at: "Reminder",
  reminders: "Reminders",
  remind_at: "Reminder",
  name: "Name",
  color: "Colour",
};

const excerptLength = 120;

/** A history entry in words. `now` is the user's. */
export function tell(entry: AuditEntry, now: Date, reader: Reader): Telling {
  const who = actors[entry.actor] ?? "Another program";
  const details = entry.action === "task.created" ? [] : detailsOf(entry, now, reader);
  const [only, ...others] = details;
  const deed =
    entry.action === "task.updated" && only && others.length === 0
      ? `changed the ${only.label.toLowerCase()}`
      : deeds[entry.action];
  return { sentence: `${who} ${deed ?? `did something (${entry.action})`}.`, details };
}

function detailsOf(entry: AuditEntry, now: Date, reader: Reader): Telling["details"] {
  return Object.entries(entry.changes).flatMap(([field, [before, after]]) => {
    const label = labels[field];
    if (!label) return [];
    const words = { before: value(field, before, now, reader), after: value(field, after, now, reader) };
    return words.before === words.after ? [] : [{ label, ...words }];
  });
}

function value(field: string, given: unknown, now: Date, reader: Reader): string | null {
  if (given === null || given === undefined || given === "") return null;
  if (typeof given === "boolean") return given ? "yes" : "no";
  if (Array.isArray(given)) return given.map((item) => element(item, now, reader)).join(", ") || null;
  if (field === "priority") return priorityLabels[priorities.find((level) => level === given) ?? "medium"];
  if (typeof given === "string") return moment(given, now, reader) ?? excerpt(given);
  return excerpt(JSON.stringify(given));
}

/** A tag, a reminder, or any other entry of a list. */
function element(item: unknown, now: Date, reader: Reader): string {
  if (typeof item === "string") return moment(item, now, reader) ?? excerpt(item);
  if (typeof item !== "object" || item === null) return String(item);
  if ("name" in item) return excerpt(String(item.name));
  if ("before" in item && item.before) return `${String(item.before)} before`;
  const at = "remind_at" in item ? item.remind_at : "at" in item ? item.at : null;
  return typeof at === "string" ? (moment(at, now, reader) ?? at) : excerpt(JSON.stringify(item));
}

function moment(text: string, now: Date, reader: Reader): string | null {
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  try {
    return momentText(text, now, reader);
  } catch {
    return null;
  }
}

const excerpt = (text: string): string =>
  text.length > excerptLength ? `${[...text].slice(0, excerptLength - 1).join("")}…` : text;
