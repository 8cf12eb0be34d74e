import { clockText, dateText, type Formats, usualFormats } from "@carillon/calendar/formats";
import { addDays, type WallTime, wallTimeOf, weekdayNames, weekdayOf, ymdOf } from "@carillon/calendar/zone";

/** A task's due date as its mail speaks of it. `timeZone`: the reader's; of an all-day task, the zone in which its day begins. */
export type DueDate = { dueAt: Date; allDay: boolean; timeZone: string; formats?: Formats };

const numbers = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

/**
 * `due in one day (Friday 17:00)`, as read at the instant `from`. Days are calendar days, whatever the
 * clocks do in between.
 */
export function dueWords({ dueAt, allDay, timeZone, formats = usualFormats }: DueDate, from: Date): string {
  const [now, due] = [wallTimeOf(from, timeZone), wallTimeOf(dueAt, timeZone)];
  const words = allDay ? wholeDayDistance(due.day - now.day) : distance(from, dueAt, timeZone);
  return `${words} (${when(now, due, allDay, formats)})`;
}

/** `Friday 27 November 2026, 17:00 (Europe/Berlin)`: what still says when, read or searched for months later. */
export function dueMoment({ dueAt, allDay, timeZone, formats = usualFormats }: DueDate): string {
  const { day, timeMs } = wallTimeOf(dueAt, timeZone);
  const date = dateText(day, formats, { names: "long", weekday: true, year: true });
  return allDay ? date : `${date}, ${clockText(timeMs, formats)} (${timeZone})`;
}

function distance(from: Date, dueAt: Date, timeZone: string): string {
  const sign = dueAt >= from ? 1 : -1;
  const words = spanWords(spanBetween(from, dueAt, sign, timeZone));
  if (words === "") return "due now";
  return sign > 0 ? `due in ${words}` : `was due ${words} ago`;
}

type Span = { days: number; hours: number; minutes: number };

/** Whole days on the zone's calendar, then elapsed time to the nearest minute, both unsigned. */
function spanBetween(from: Date, to: Date, sign: 1 | -1, timeZone: string): Span {
  const minutesLeft = (days: number): number => {
    // Adding zero days to the second of a repeated time must not return the first.
    const start = days === 0 ? from : addDays(from, sign * days, timeZone);
    return Math.round((sign * (to.getTime() - start.getTime())) / 60_000);
  };
  let days = Math.abs(wallTimeOf(to, timeZone).day - wallTimeOf(from, timeZone).day);
  while (days > 0 && minutesLeft(days) < 0) days--;
  // Rounding up the last minute of a day makes it one.
  if (minutesLeft(days + 1) === 0) days++;
  const minutes = Math.max(0, minutesLeft(days));
  return { days, hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}

/** The two largest units; with days left, minutes do not matter. */
function spanWords({ days, hours, minutes }: Span): string {
  const isWholeWeeks = days > 0 && days % 7 === 0 && hours === 0 && minutes === 0;
  const parts = isWholeWeeks
    ? [amount(days / 7, "week")]
    : days > 0
      ? [amount(days, "day"), amount(hours, "hour")]
      : [amount(hours, "hour"), amount(minutes, "minute")];
  return parts.filter((part) => part !== "").join(" and ");
}

const amount = (count: number, unit: string): string =>
  count === 0 ? "" : `${numbers[count] ?? count} ${unit}${count === 1 ? "" : "s"}`;

function wholeDayDistance(days: number): string {
  if (days === 0) return "due today";
  if (days === 1) return "due tomorrow";
  if (days === -1) return "was due yesterday";
  return days > 0 ? `due in ${amount(days, "day")}` : `was due ${amount(-days, "day")} ago`;
}

/** The weekday alone if it is unambiguous; otherwise with the date. */
function when(now: WallTime, due: WallTime, allDay: boolean, formats: Formats): string {
  const days = due.day - now.day;
  const time = allDay ? [] : [clockText(due.timeMs, formats)];
  if (days >= 0 && days < 7) return [weekdayNames[weekdayOf(due.day)], ...time].join(" ");
  const year = ymdOf(due.day).year !== ymdOf(now.day).year;
  const date = dateText(due.day, formats, { names: "long", weekday: true, year });
  return [date, ...time].join(formats.dateOrder === "dmy" ? " " : ", ");
}
