import {
  type DayNumber,
  dayFromText,
  dayIn,
  dayText,
  instantOf as instantOfWall,
  isTimeZone,
  monthNames,
  offsetMsAt,
  startOfDay,
  wallTimeOf,
  weekdayNames,
  weekdayOf,
  ymdOf,
} from "@carillon/calendar/zone";

/** Instants on the wire and days on the page: everything the pages know about clocks. Zones are IANA names. */

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
export function dueText(task: Dated & { due_date: string }, now: Date, zone: string): string {
  const { date, time } = localMoment(task.due_date, zoneOfDue(task, zone));
  const day = dayName(date, now, zone);
  return task.all_day ? day : `${day}, ${time.slice(0, 5)}`;
}

/** Only the time of a due date, for places that already show its day: `14:00`, `All day`. */
export const dueTimeText = (task: Dated & { due_date: string }, zone: string): string =>
  task.all_day ? "All day" : localMoment(task.due_date, zone).time.slice(0, 5);

/** A date in words as seen today: `Yesterday`, `Today`, `Tomorrow`, `Mon 23 Nov`, with the year if it differs. */
export function dayName(date: string, now: Date, zone: string): string {
  const [day, today] = [dayFromText(date), dayIn(now, zone)];
  if (day === null) return date;
  const near = nearDays[day - today + 1];
  if (near) return near;
  const { year, month, dayOfMonth } = ymdOf(day);
  const text = `${dayOfMonth} ${shortMonthNames[month - 1]}`;
  return year === ymdOf(today).year ? `${weekdayNames[weekdayOf(day)]?.slice(0, 3)} ${text}` : `${text} ${year}`;
}

const nearDays = ["Yesterday", "Today", "Tomorrow"];
const shortMonthNames = "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split(" ");

/** Words of a date for the middle of a sentence: `tomorrow, 09:00`. */
export const inSentence = (words: string): string =>
  words.replace(/^(Yesterday|Today|Tomorrow)/, (day) => day.toLowerCase());

/** `Saturday 21 November`, with the year if it is not the present one. */
export function longDay(date: string, now: Date, zone: string): string {
  const day = dayFromText(date);
  if (day === null) return date;
  const { year, month, dayOfMonth } = ymdOf(day);
  const text = `${weekdayNames[weekdayOf(day)]} ${dayOfMonth} ${monthNames[month - 1]}`;
  return year === ymdOf(dayIn(now, zone)).year ? text : `${text} ${year}`;
}

/** An instant in words: `Today, 14:00`. */
export function momentText(instant: string, now: Date, zone: string): string {
  const { date, time } = localMoment(instant, zone);
  return `${dayName(date, now, zone)}, ${time.slice(0, 5)}`;
}
