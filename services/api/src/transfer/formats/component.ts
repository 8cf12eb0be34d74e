import { parseBefore } from "@carillon/calendar/reminder";
import { dayText, type WallTime, wallTimeOf } from "@carillon/calendar/zone";
import type { ReminderRow, TaskState } from "../../tasks/index.ts";
import { line, text, utc, wall } from "./ics.ts";
import { seriesOf } from "./ics-series.ts";

/** What a task is in a calendar: a to-do, or, where calendars show no to-dos, an event. */
export type ComponentKind = "VTODO" | "VEVENT";

/** A task's components, and the zones that they name. */
export type Components = { text: string; zones: string[] };

/** RFC 5545 §3.8.1.9: 1 is the highest of nine. */
const priorities = [9, 5, 3, 1];

/**
 * The task as a component; with one more where its date was moved away from the series. An event needs a
 * date: without one, nothing.
 */
export function componentsOf(state: TaskState, kind: ComponentKind): Components {
  const { row } = state;
  const { due_at: due } = row;
  if (due === null) {
    const lines = [...headOf(state, kind), ...alarms(state, kind)];
    return { text: kind === "VEVENT" ? "" : component(kind, lines), zones: [] };
  }
  const head = headOf(state, kind);
  const tail = [...lasting(kind, row), ...alarms(state, kind)];
  const series = row.completed_at ? null : seriesOf(row);
  const at = (date: string): string[] => (kind === "VTODO" ? [`DTSTART${date}`, `DUE${date}`] : [`DTSTART${date}`]);
  if (series === null) {
    const date = ownDate(due, row, false);
    return { text: component(kind, [...head, kind === "VTODO" ? `DUE${date}` : `DTSTART${date}`, ...tail]), zones: [] };
  }
  const first = seriesDate(series.wall, row);
  const rule = [`RRULE:${series.rrule}`, ...series.skipped.map((skipped) => `EXDATE${seriesDate(skipped, row)}`)];
  const zones = row.all_day || row.time_zone === "UTC" ? [] : [row.time_zone];
  if (due.getTime() === series.at.getTime())
    return { text: component(kind, [...head, ...at(first), ...rule, ...tail]), zones };
  const master = component(kind, [...head, ...at(first), ...rule, ...lasting(kind, row)]);
  const moved = component(kind, [...head, `RECURRENCE-ID${first}`, ...at(ownDate(due, row, true)), ...tail]);
  return { text: master + moved, zones };
}

const headOf = (state: TaskState, kind: ComponentKind): string[] => [
  `UID:${state.row.id}`,
  `DTSTAMP:${utc(state.row.updated_at)}`,
  ...described(state, kind),
];

const component = (kind: ComponentKind, lines: readonly string[]): string =>
  [`BEGIN:${kind}`, ...lines, `END:${kind}`].map(line).join("");

function described({ row, tags }: TaskState, kind: ComponentKind): string[] {
  const isDone = row.completed_at !== null;
  return [
    `CREATED:${utc(row.created_at)}`,
    `LAST-MODIFIED:${utc(row.updated_at)}`,
    `SUMMARY:${text(kind === "VEVENT" && isDone ? `✓ ${row.title}` : row.title)}`,
    ...(row.description === "" ? [] : [`DESCRIPTION:${text(row.description)}`]),
    ...(tags.length === 0 ? [] : [`CATEGORIES:${tags.map(({ name }) => text(name)).join(",")}`]),
    `PRIORITY:${priorities[row.priority] ?? 5}`,
    ...(kind === "VEVENT" ? ["TRANSP:TRANSPARENT"] : [`STATUS:${isDone ? "COMPLETED" : "NEEDS-ACTION"}`]),
    ...(kind === "VTODO" && row.completed_at ? [`COMPLETED:${utc(row.completed_at)}`, "PERCENT-COMPLETE:100"] : []),
    `X-CARILLON-TIME-ZONE:${row.time_zone}`,
    ...(row.recurring_pattern !== null && !isDone && row.recurrence_anchor === "completion"
      ? ["X-CARILLON-ANCHOR:completion", `X-CARILLON-RRULE:${row.rrule}`]
      : []),
  ];
}

/** An event of a time lasts half an hour: calendars draw one without length as nothing. */
const lasting = (kind: ComponentKind, { all_day }: TaskState["row"]): string[] =>
  kind === "VEVENT" && !all_day ? ["DURATION:PT30M"] : [];

const dayMs = 86_400_000;

const reading = ({ day, timeMs }: WallTime): string => wall(day * dayMs + timeMs);

/** The wall time that the rule asks for, which a clock change may have moved. */
function seriesDate(at: WallTime, { all_day, time_zone }: TaskState["row"]): string {
  if (all_day) return `;VALUE=DATE:${basicDay(at.day)}`;
  return time_zone === "UTC" ? `:${reading(at)}Z` : `;TZID=${time_zone}:${reading(at)}`;
}

/** A date of its own: a day, or an instant; in a series by the same clock as the series. */
function ownDate(date: Date, row: TaskState["row"], inSeries: boolean): string {
  const { all_day, time_zone } = row;
  if (!all_day && !inSeries) return `:${utc(date)}`;
  return seriesDate(wallTimeOf(date, time_zone), row);
}

const basicDay = (day: number): string => dayText(day).replaceAll("-", "");

function alarms({ row, reminders }: TaskState, kind: ComponentKind): string[] {
  if (row.completed_at) return [];
  return reminders.flatMap((reminder) => {
    const trigger = triggerOf(reminder, row, kind);
    if (trigger === null) return [];
    const before = reminder.before === null ? [] : [`X-CARILLON-BEFORE:${reminder.before}`];
    return ["BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${text(row.title)}`, trigger, ...before, "END:VALARM"];
  });
}

/** Whole days count from nine in the morning, which a trigger cannot say: it counts from midnight. */
const allDayMinutes = 9 * 60;

function triggerOf(
  { before, remind_at, state }: ReminderRow,
  { all_day, due_at }: TaskState["row"],
  kind: ComponentKind,
): string | null {
  if (before === null) return state === "pending" && remind_at ? `TRIGGER;VALUE=DATE-TIME:${utc(remind_at)}` : null;
  const parsed = parseBefore(before);
  if (parsed === null || due_at === null) return null;
  const name = kind === "VTODO" ? "TRIGGER;RELATED=END" : "TRIGGER";
  if ("days" in parsed && !all_day) return `${name}:-P${parsed.days}D`;
  const minutes = "days" in parsed ? parsed.days * 1_440 : parsed.minutes;
  const after = (all_day ? allDayMinutes : 0) - minutes;
  return `${name}:${after > 0 ? "" : "-"}PT${Math.abs(after)}M`;
}
