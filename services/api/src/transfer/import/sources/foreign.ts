import { dayFromText, endOfTimeMs, isTimeZone, parseInstant, startOfDay } from "@carillon/calendar/zone";
import type { ImportItem, Losses } from "../item.ts";

/** A task of another program, in that program's own terms as far as they are text. */
export type ForeignTask = {
  row: number;
  id: string | null;
  title: string;
  description?: string;
  priority?: "low" | "medium" | "high" | "urgent";
  due?: Due | null;
  tags?: readonly string[];
  rule?: Rule | null;
  reminders?: readonly ({ before: string } | { at: string })[];
  /** An instant; true: done, at a time unknown. */
  completed?: string | boolean | null;
  created?: string | null;
};

/** When a task is due: an instant, or a whole day; in the zone named, if it is one. */
export type Due = { at: string; allDay: boolean; zone: string | null };
/** A rule as RFC 5545 has it, and the words of the file for it. */
export type Rule = { pattern: string; anchor?: "completion" | "due_date"; endsAt?: string | null; source: string };

const maxTitle = 500;

/** The task as POST takes it. What only looks wrong here is put right: line breaks in titles, and titles of many lines. */
export function itemOf(
  task: ForeignTask,
  { now, timeZone }: { now: Date; timeZone: string },
  losses: Losses,
): ImportItem {
  const line = task.title.replaceAll(/\s+/g, " ").trim();
  const points = [...line];
  const isLong = points.length > maxTitle;
  if (isLong) losses.note("title", task.row, "is longer than 500 characters; the rest is in the description");
  const description = [isLong ? line : "", task.description ?? ""].filter((part) => part !== "").join("\n\n");
  const { due, rule } = task;
  const zone = due?.zone && isTimeZone(due.zone) ? due.zone : timeZone;
  if (due?.zone && due.zone !== zone) losses.note("time zone", task.row, "is unknown; times are read in your own zone");
  return {
    row: task.row,
    sourceId: task.id,
    body: {
      title: isLong ? `${points.slice(0, maxTitle - 1).join("")}…` : line,
      description: description.replaceAll(/\r\n?/g, "\n"),
      ...(task.priority ? { priority: task.priority } : {}),
      ...(due ? { due_date: due.at, all_day: due.allDay, time_zone: zone } : {}),
      tags: [
        ...new Set((task.tags ?? []).map((tag) => tag.replaceAll(/\s+/g, " ").trim()).filter((tag) => tag !== "")),
      ],
      ...(rule ? { recurring_pattern: rule.pattern, recurrence_anchor: rule.anchor ?? "due_date" } : {}),
      ...(rule?.endsAt ? { recurrence_ends_at: rule.endsAt } : {}),
      reminders: [...(task.reminders ?? [])],
    },
    completedAt: task.completed === true ? now.toISOString() : task.completed || null,
    createdAt: task.created ?? null,
    ...(rule ? { rule: rule.source } : {}),
  };
}

/** The whole day of this text's date (`2026-12-01…`) in the zone, or null where it has none. */
export function wholeDay(text: string, zone: string): Due | null {
  const day = dayFromText(text.slice(0, 10));
  return day === null ? null : { at: startOfDay(day, zone).toISOString(), allDay: true, zone };
}

/** The text as an instant that we read, or null: offsets may lack their colon, and fractions may be long. */
export function instantText(text: string): string | null {
  const plain = text
    .trim()
    .replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, "$1T")
    .replace(/(\.\d{3})\d+/, "$1")
    .replace(/([+-]\d\d)(\d\d)$/, "$1:$2");
  return parseInstant(plain)?.toISOString() ?? null;
}

/** An instant of this number of milliseconds since 1970, or null where that is none of ours. */
export const instantOfMs = (ms: unknown): string | null =>
  typeof ms === "number" && ms > 0 && ms < endOfTimeMs ? new Date(Math.floor(ms)).toISOString() : null;

/** A reminder these minutes before the due date; null for one after it. */
export function beforeMinutes(minutes: number): { before: string } | null {
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > 365 * 1_440) return null;
  return { before: minutes > 0 && minutes % 1_440 === 0 ? `${minutes / 1_440}d` : `${minutes}m` };
}

/** `-PT15M`, `P0DT9H0M0S` … as minutes, negative for before; null for any other text. */
export function durationMinutes(text: string): number | null {
  const match = /^([+-]?)P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/.exec(
    text.trim(),
  );
  if (!match) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0] = match.slice(2, 6).map((part) => Number(part ?? 0));
  const total = weeks * 10_080 + days * 1_440 + hours * 60 + minutes;
  return match[1] === "-" ? -total : total;
}

/** Whole days ring from nine in the morning on. */
export const reminderOf = (minutes: number, allDay: boolean): { before: string } | null =>
  beforeMinutes((allDay ? 540 : 0) - minutes);

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const textIn = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
};

export const listIn = (fields: Fields, name: string): Fields[] => {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isFields) : [];
};
