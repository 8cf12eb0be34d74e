import type { Language } from "@carillon/contracts/http/quick-add";
import { type DayNumber, dayIn, endOfTimeMs, instantOf, startOfDay, wallTimeOf } from "./calendar.ts";

/** Minutes after midnight that each named part of the day stands for. */
export type PartsOfDay = { morning: number; noon: number; afternoon: number; evening: number; night: number };
export type PartOfDay = keyof PartsOfDay;

export const usualParts: PartsOfDay = { morning: 540, noon: 720, afternoon: 900, evening: 1_140, night: 1_260 };

/** The context of a parse. `now` and `timeZone` are the user's; `isTimeZone` must accept the zone. */
export type Options = {
  now: Date;
  timeZone: string;
  language: Language;
  /** Order of numeric dates such as `3/4`; `dmy` when absent. */
  dateOrder?: "dmy" | "mdy";
  /** First weekday of the week, Monday = 0 (the default). */
  weekStart?: number;
  partsOfDay?: Partial<PartsOfDay>;
};

/** `now` in the user's zone, as day and minutes. */
export type Reference = {
  now: Date;
  timeZone: string;
  today: DayNumber;
  minutes: number;
  weekStart: number;
  dateOrder: "dmy" | "mdy";
  parts: PartsOfDay;
};

export function referenceOf({ now, timeZone, dateOrder, weekStart, partsOfDay }: Options): Reference {
  return {
    now,
    timeZone,
    today: dayIn(now, timeZone),
    minutes: Math.floor(wallTimeOf(now, timeZone).timeMs / 60_000),
    weekStart: weekStart ?? 0,
    dateOrder: dateOrder ?? "dmy",
    parts: { ...usualParts, ...partsOfDay },
  };
}

/** The instant of a day and a time on it; null minutes: the day as a whole. Minutes beyond 24 hours belong to the next day. */
export function instantAt(day: DayNumber, minutes: number | null, timeZone: string): Date {
  if (minutes === null) return startOfDay(day, timeZone);
  const later = Math.floor(minutes / 1_440);
  return instantOf({ day: day + later, timeMs: (minutes - later * 1_440) * 60_000 }, timeZone);
}

/** True when the day, or the time on it, is not over yet and within the product's years. */
export function isAhead(day: DayNumber, minutes: number | null, reference: Reference): boolean {
  if (day < reference.today || day * 86_400_000 >= endOfTimeMs - 172_800_000) return false;
  if (minutes === null || day > reference.today + 1) return true;
  return instantAt(day, minutes, reference.timeZone) >= reference.now;
}
