import { clockChangeAt, type DayNumber, startOfDay, weekdayOf } from "../calendar.ts";
import type { Day } from "../meaning/day.ts";
import { during, minutesAlone, minutesOn, type Time } from "../meaning/time.ts";
import type { PartOfDay, Reference } from "../reference.ts";
import { isAhead } from "../reference.ts";

/** A day, and minutes after midnight; null: the whole day. */
export type Moment = { day: DayNumber; minutes: number | null };

/** The resolved day and time, or null when every reading is in the past. */
export function momentOf(day: Day | null, time: Time | null, reference: Reference): Moment | null {
  if (day === null) return time === null ? null : nextTime(time, reference);
  if (time === null) {
    const first = day.days(reference).find((each) => isAhead(each, null, reference));
    return first === undefined ? null : { day: first, minutes: null };
  }
  const all = minutesOn(time, reference);
  for (const each of day.days(reference)) {
    const minutes = all.find((option) => isAhead(each, option, reference));
    // Only today can have a past half; on other days the first reading applies.
    if (minutes !== undefined) return { day: each, minutes };
  }
  return null;
}

/** A time alone: today if still ahead, otherwise tomorrow. */
function nextTime(time: Time, reference: Reference): Moment | null {
  const all = minutesAlone(time, reference);
  for (const day of [reference.today, reference.today + 1]) {
    const minutes = all.find((option) => isAhead(day, option, reference));
    if (minutes !== undefined) return { day, minutes };
  }
  return null;
}

/** True when both can be one day: the weekday of a date, or the same date twice. */
export function agree(one: Day, other: Day, reference: Reference): boolean {
  const first = (day: Day): DayNumber | undefined => day.days(reference).find((each) => isAhead(each, null, reference));
  const [a, b] = [first(one), first(other)];
  if (a === undefined || b === undefined) return false;
  if (one.weekday !== undefined && one.weekday === weekdayOf(b)) return true;
  return a === b || (other.weekday !== undefined && other.weekday === weekdayOf(a));
}

/** Which hours a part of the day can hold. */
const hours: Record<PartOfDay, readonly [number, number]> = {
  morning: [180, 779],
  noon: [600, 899],
  afternoon: [720, 1_139],
  evening: [900, 1_440],
  night: [1_020, 1_800],
};

/** A time and a part of the day as one, or null when they exclude each other. */
export function joined(time: Time, part: PartOfDay): Time | null {
  if (time.minutes === null) return time.part === part ? time : null;
  if (time.open) return during(time, part);
  const [from, to] = hours[part];
  const minutes = part === "night" && time.minutes < 360 ? time.minutes + 1_440 : time.minutes;
  // "7:30" beside "this evening" is written with twelve hours.
  const fitting = [minutes, ...(minutes < 780 ? [minutes + 720] : [])].find((each) => each >= from && each <= to);
  return fitting === undefined ? null : { ...time, minutes: fitting };
}

/** What a clock change does to the moment, for the chip. */
export function clockNote({ day, minutes }: Moment, timeZone: string): string | null {
  if (minutes === null) return null;
  const later = Math.floor(minutes / 1_440);
  const change = clockChangeAt({ day: day + later, timeMs: (minutes - later * 1_440) * 60_000 }, timeZone);
  return change === "none" ? null : change;
}

/** The last millisecond of a day in the zone. */
export const endOfDay = (day: DayNumber, timeZone: string): Date =>
  new Date(startOfDay(day + 1, timeZone).getTime() - 1);
