import { beforeKey, parseBefore } from "@carillon/calendar/reminder";
import { dayIn, isTimeZone, parseInstant, startOfDay } from "@carillon/calendar/zone";
import { type NewTask, priorities, type ReminderInput, type TaskPatch } from "@carillon/contracts/http/tasks";
import type { InputError } from "@carillon/contracts/problem";
import type { TaskState } from "./task-row.ts";

/** A wished reminder: an offset before the due date, or an instant; `pointer` is its place in the request. */
export type WantedReminder = ({ before: string } | { at: Date }) & { pointer: string };

/** The user's input for a task, read and complete: no field is absent any more. */
export type TaskFields = {
  title: string;
  description: string;
  priority: number;
  dueAt: Date | null;
  timeZone: string;
  allDay: boolean;
  tagNames: string[];
  pattern: string | null;
  anchor: "due_date" | "completion";
  endsAt: Date | null;
  reminders: WantedReminder[];
};

export type Read<Value> = { value: Value; errors: InputError[] };

/** The fields of POST's or PUT's body: absent and null both mean the default. */
export function newFields(body: NewTask, userZone: string): Read<TaskFields> {
  const sentZone = body.time_zone ?? userZone;
  const errors = zoneErrors(sentZone);
  const allDay = body.all_day ?? false;
  const pattern = body.recurring_pattern ?? null;
  const timeZone = floats(allDay, { isDated: body.due_date != null, pattern }) ? userZone : sentZone;
  const dueAt = errors.length === 0 ? dueDate(instant(body.due_date), { sentZone, timeZone, allDay }) : null;
  const value: TaskFields = {
    title: body.title,
    description: body.description ?? "",
    priority: priorities.indexOf(body.priority ?? "medium"),
    dueAt,
    timeZone,
    allDay,
    tagNames: body.tags ?? [],
    pattern,
    anchor: body.recurrence_anchor ?? "due_date",
    endsAt: instant(body.recurrence_ends_at),
    reminders: wanted(body.reminders ?? [], instant(body.reminder_at)),
  };
  return { value, errors };
}

/** The fields after a PATCH: absent keeps the present value, null means POST's default. */
export function patchedFields(before: TaskState, patch: TaskPatch, userZone: string): Read<TaskFields> {
  const old = fieldsOf(before);
  const keep = <Value>(sent: Value | undefined, kept: Value): Value => (sent === undefined ? kept : sent);
  const sentZone = keep(patch.time_zone, old.timeZone) ?? userZone;
  const errors = zoneErrors(sentZone);
  const allDay = keep(patch.all_day, old.allDay) ?? false;
  const pattern = keep(patch.recurring_pattern, old.pattern);
  const isDated = old.dueAt !== null || patch.due_date != null;
  const timeZone = floats(allDay, { isDated, pattern }) ? userZone : sentZone;
  const value: TaskFields = {
    title: patch.title ?? old.title,
    description: keep(patch.description, old.description) ?? "",
    priority: patch.priority === undefined ? old.priority : priorities.indexOf(patch.priority ?? "medium"),
    dueAt: errors.length === 0 ? patchedDueDate(old, patch, { sentZone, timeZone, allDay }) : old.dueAt,
    timeZone,
    allDay,
    tagNames: keep(patch.tags, old.tagNames) ?? [],
    pattern,
    // A rule's end and anchor go with the rule.
    anchor: keep(patch.recurrence_anchor, pattern === null ? "due_date" : old.anchor) ?? "due_date",
    endsAt:
      patch.recurrence_ends_at === undefined
        ? pattern === null
          ? null
          : old.endsAt
        : instant(patch.recurrence_ends_at),
    reminders: patchedReminders(old.reminders, patch),
  };
  return { value, errors };
}

/** The present fields of a task. */
export function fieldsOf({ row, tags, reminders }: TaskState): TaskFields {
  return {
    title: row.title,
    description: row.description,
    priority: row.priority,
    dueAt: row.due_at,
    timeZone: row.time_zone,
    allDay: row.all_day,
    tagNames: tags.map((tag) => tag.name),
    pattern: row.recurring_pattern,
    anchor: row.recurrence_anchor,
    endsAt: row.recurrence_ends_at,
    reminders: reminders.flatMap((reminder): WantedReminder[] =>
      reminder.before !== null
        ? [{ before: reminder.before, pointer: keptPointer }]
        : reminder.remind_at
          ? [{ at: reminder.remind_at, pointer: keptPointer }]
          : [],
    ),
  };
}

/** A field that the request does not name can only be wrong because its due date goes. */
export const keptPointer = "/due_date";

/** The zone in the request decides which day it means; the all-day task is then stored in the user's. */
type Place = { sentZone: string; timeZone: string; allDay: boolean };

function patchedDueDate(old: TaskFields, patch: TaskPatch, place: Place): Date | null {
  if (patch.due_date !== undefined) return dueDate(instant(patch.due_date), place);
  // A whole day stays the same calendar day when only the zone changes.
  return dueDate(old.dueAt, old.allDay ? { ...place, sentZone: old.timeZone } : place);
}

const dueDate = (at: Date | null, { sentZone, timeZone, allDay }: Place): Date | null =>
  at && allDay ? startOfDay(dayIn(at, sentZone), timeZone) : at;

/**
 * True for what becomes a whole day, which has no zone of its own: also a rule without a first date
 * (RFC 5545 §3.3.4).
 */
const floats = (allDay: boolean, { isDated, pattern }: { isDated: boolean; pattern: string | null }): boolean =>
  allDay || (!isDated && pattern !== null);

/**
 * `reminder_at` adds one absolute reminder; its null clears only absolute ones. `reminders` replaces
 * the list as a whole.
 */
function patchedReminders(old: readonly WantedReminder[], patch: TaskPatch): WantedReminder[] {
  const list = patch.reminders === undefined ? old : wanted(patch.reminders ?? [], null);
  if (patch.reminder_at === null) return list.filter((reminder) => !("at" in reminder));
  return distinct([...list, ...absolute(instant(patch.reminder_at))]);
}

function wanted(list: readonly ReminderInput[], reminderAt: Date | null): WantedReminder[] {
  const read = list.map((reminder, index): WantedReminder => {
    const pointer = `/reminders/${index}`;
    return "before" in reminder ? { before: reminder.before, pointer } : { at: instantOf(reminder.at), pointer };
  });
  return distinct([...read, ...absolute(reminderAt)]);
}

const absolute = (at: Date | null): WantedReminder[] => (at === null ? [] : [{ at, pointer: "/reminder_at" }]);

/** Two equal reminders are one: it rings once. */
function distinct(list: readonly WantedReminder[]): WantedReminder[] {
  const seen = new Set<string>();
  return list.filter((reminder) => {
    const key = reminderKey(reminder);
    return !seen.has(key) && seen.add(key);
  });
}

/** Equal for reminders with the same meaning. */
export const reminderKey = (reminder: { before: string } | { at: Date }): string =>
  "before" in reminder ? `before ${meaningOf(reminder.before)}` : `at ${reminder.at.getTime()}`;

/** `60m` and `1h` are one reminder; unreadable text is rejected elsewhere and equals only itself. */
function meaningOf(text: string): string {
  const before = parseBefore(text);
  return before ? beforeKey(before) : text;
}

const zoneErrors = (timeZone: string): InputError[] =>
  isTimeZone(timeZone) ? [] : [{ pointer: "/time_zone", detail: "must be an IANA time zone such as Europe/Berlin" }];

const instant = (text: string | null | undefined): Date | null => (text == null ? null : instantOf(text));

/** The schema has already rejected anything that is not an instant. */
function instantOf(text: string): Date {
  const at = parseInstant(text);
  if (!at) throw new Error("An instant passed the schema and cannot be read.");
  return at;
}
