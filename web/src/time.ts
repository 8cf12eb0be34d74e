import { clockText, type DateShape, dateText, spokenDate } from "@carillon/calendar/formats";
import {
  type DayNumber,
  dayFromText,
  dayIn,
  dayText,
  instantOf as instantOfWall,
  isTimeZone,
  offsetMsAt,
  startOfDay,
  wallTimeOf,
  weekdayNames,
  weekdayOf,
  ymdOf,
} from "@carillon/calendar/zone";
import type { User } from "@carillon/contracts/http/auth";

/** Instants on the wire and days on the page: everything the pages know about clocks. Zones are IANA names. */

/** Whose clock and habits the words follow: a user, as api answers one. */
export type Reader = Pick<User, "time_zone" | "hour_cycle" | "date_order">;

export type LocalMoment = { date: string; time: string };

/** Date (`2026-11-21`) and time (`09:00`, with seconds only where there are some) of an instant on the wall clock of `zone`. */
export function localMoment(instant: string, zone: string): LocalMoment {
  const { day, timeMs } = wallTimeOf(new Date(instant), zone);
  const time = new Date(timeMs).toISOString().slice(11, 19);
  return { date: dayText(day), time: time.endsWith(":00") ? time.slice(0, 5) : time };
}

/**
 * The RFC 3339 instant, with offset, at which the wall clock of `zone` shows this date and time; null
 * when they are invalid. A time in a daylight-saving gap moves forward, a repeated one is the
 * first.
 */
export function instantOf({ date, time }: LocalMoment, zone: string): string | null {
  const day = dayFromText(date);
  const clock = /^([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?$/.exec(time);
  if (day === null || clock === null || !isTimeZone(zone)) return null;
  const [hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0));
  return withOffset(instantOfWall({ day, timeMs: ((hours * 60 + minutes) * 60 + seconds) * 1_000 }, zone), zone);
}

/** `2026-11-21T09:00:00+01:00`; in UTC where the zone's offset has seconds, which RFC 3339 cannot express. */
function withOffset(at: Date, zone: string): string {
  const offsetMs = offsetMsAt(at, zone);
  if (offsetMs % 60_000 !== 0) return at.toISOString();
  const local = new Date(at.getTime() + offsetMs).toISOString().slice(0, 19);
  return `${local}${offsetMs < 0 ? "-" : "+"}${new Date(Math.abs(offsetMs)).toISOString().slice(11, 16)}`;
}

export type Day = { date: string; start: string; end: string };

/** The local day, `offset` days from that of `now`: its date, and the instants of its first moment and of the next day's. */
export function dayOf(now: Date, zone: string, offset = 0): Day {
  const day = dayIn(now, zone) + offset;
  const first = (of: DayNumber) => withOffset(startOfDay(of, zone), zone);
  return { date: dayText(day), start: first(day), end: first(day + 1) };
}

type Dated = { due_date: string | null; time_zone: string; all_day: boolean };

/** The zone in which a due date is read: for an all-day task, the zone of its midnight. */
const zoneOfDue = (task: Dated, zone: string): string => (task.all_day ? task.time_zone : zone);

/** The local day a task is due on, as a date; null without a due date. */
export function dueDay(task: Dated, zone: string): string | null {
  return task.due_date === null ? null : localMoment(task.due_date, zoneOfDue(task, zone)).date;
}

/** Past its due instant; an all-day task from the next midnight of its own zone. */
export function isOverdue(task: Dated & { completed: boolean }, now: Date): boolean {
  if (task.due_date === null || task.completed) return false;
  const due = new Date(task.due_date);
  const end = task.all_day ? startOfDay(dayIn(due, task.time_zone) + 1, task.time_zone) : due;
  return end <= now;
}

/** How long an overdue task has been so: `20 min late`, `3 h late`, `2 d late`, by calendar days from the second on. */
export function lateText(task: Dated & { due_date: string }, now: Date, zone: string): string {
  const dueOn = dayFromText(dueDay(task, zone) ?? "");
  const days = dueOn === null ? 0 : dayIn(now, zone) - dueOn;
  const minutes = Math.floor((now.getTime() - Date.parse(task.due_date)) / 60_000);
  if (days > 1 || (days > 0 && (task.all_day || minutes >= 1_440))) return `${days} d late`;
  return minutes < 60 ? `${Math.max(1, minutes)} min late` : `${Math.floor(minutes / 60)} h late`;
}

/** A due date in words: `Today, 14:00`, `Mon 23 Nov`, `2 Jan 2028, 09:00`. */
export function dueText(task: Dated & { due_date: string }, now: Date, reader: Reader): string {
  const moment = localMoment(task.due_date, zoneOfDue(task, reader.time_zone));
  const day = dayName(moment.date, now, reader);
  return task.all_day ? day : `${day}, ${timeText(moment, reader)}`;
}

/** Only the time of a due date, for places that already show its day: `14:00`, `All day`. */
export const dueTimeText = (task: Dated & { due_date: string }, reader: Reader): string =>
  task.all_day ? "All day" : timeText(localMoment(task.due_date, reader.time_zone), reader);

/** A time of day as the reader is used to it: `14:00`, `2:00 PM`. */
export function timeText({ time }: Pick<LocalMoment, "time">, { hour_cycle: hourCycle }: Reader): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return clockText((hours * 60 + minutes) * 60_000, { hourCycle });
}

/** The same where there is little room: on the hour, a clock of 12 hours says only `2 PM`. */
export const shortTimeText = (moment: Pick<LocalMoment, "time">, reader: Reader): string =>
  timeText(moment, reader).replace(/:00(?= )/, "");

/** A date in words as seen today: `Yesterday`, `Today`, `Tomorrow`, `Mon 23 Nov`, with the year if it differs. */
export function dayName(date: string, now: Date, reader: Reader): string {
  const [day, today] = [dayFromText(date), dayIn(now, reader.time_zone)];
  if (day === null) return date;
  const near = nearDays[day - today + 1];
  if (near) return near;
  const year = ymdOf(day).year !== ymdOf(today).year;
  return dayWords(day, reader, { names: "short", weekday: !year, year });
}

/** The weekday that begins a week of the user's, Monday = 0. */
const firstOfWeek = { monday: 0, saturday: 5, sunday: 6 } as const;

type WeekReader = Pick<User, "week_start">;

/** The first day of the week that a day is in. */
export const weekOf = (day: DayNumber, { week_start }: WeekReader): DayNumber =>
  day - ((weekdayOf(day) - firstOfWeek[week_start] + 7) % 7);

/** The names of a week's days, from the user's first on. */
export const weekdaysFrom = ({ week_start }: WeekReader): string[] => {
  const begins = firstOfWeek[week_start];
  return [...weekdayNames.slice(begins), ...weekdayNames.slice(0, begins)];
};

const nearDays = ["Yesterday", "Today", "Tomorrow"];

/** A date of an answer for programs (`Friday 2026-12-04 17:00`) in the reader's words. */
export const spoken = (text: string, { hour_cycle: hourCycle, date_order: dateOrder }: Reader): string =>
  spokenDate(text, { hourCycle, dateOrder });

/** A rule in words, its last day in the reader's order. */
export const ruleText = (text: string, { date_order }: Pick<Reader, "date_order">): string =>
  date_order === "dmy" ? text : text.replace(/, until (\d{1,2}) (\p{L}+) (\d{4})$/u, ", until $2 $1, $3");

/** The day with the parts that are asked for, in the reader's order. */
export const dayWords = (day: DayNumber, { date_order: dateOrder }: Reader, shape: DateShape): string =>
  dateText(day, { dateOrder }, shape);

/** Words of a date for the middle of a sentence: `tomorrow, 09:00`. */
export const inSentence = (words: string): string =>
  words.replace(/^(Yesterday|Today|Tomorrow)/, (day) => day.toLowerCase());

/** `Saturday 21 November`, with the year if it is not the present one. */
export function longDay(date: string, now: Date, reader: Reader): string {
  const day = dayFromText(date);
  if (day === null) return date;
  const year = ymdOf(day).year !== ymdOf(dayIn(now, reader.time_zone)).year;
  return dayWords(day, reader, { names: "long", weekday: true, year });
}

/** An instant in words: `Today, 14:00`. */
export function momentText(instant: string, now: Date, reader: Reader): string {
  const moment = localMoment(instant, reader.time_zone);
  return `${dayName(moment.date, now, reader)}, ${timeText(moment, reader)}`;
}
