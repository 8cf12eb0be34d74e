import { currentZones } from "../zone/current-zones.ts";
import type { DayNumber } from "../zone/day.ts";
import { instantOf, wallTimeOf } from "../zone/zone.ts";
import type { ZoneTable } from "../zone/zone-table.ts";

/**
 * How long before the due date a reminder rings. Days are calendar days in the task's zone (a week is
 * seven), minutes elapsed time (an hour is sixty): a day before 17:00 is 17:00 even across a clock
 * change, 24 hours before it is not.
 */
export type Before = { days: number } | { minutes: number };

const unitMinutes = { m: 1, h: 60 } as const;
const unitDays = { d: 1, w: 7 } as const;
const mostDays = 365;

/** What `15m`, `1h`, `1d`, `1w`, `90m`, … mean, from `0m` to `365d`; null for any other text. */
export function parseBefore(text: string): Before | null {
  const match = /^(0|[1-9][0-9]{0,5})([mhdw])$/.exec(text);
  if (match === null) return null;
  const amount = Number(match[1]);
  const unit = match[2];
  if (unit === "d" || unit === "w") {
    const days = amount * unitDays[unit];
    return days <= mostDays ? { days } : null;
  }
  const minutes = amount * unitMinutes[unit === "h" ? "h" : "m"];
  return minutes <= mostDays * 1_440 ? { minutes } : null;
}

/** One text per meaning, to recognise equal reminders: `60m` and `1h` are one, `24h` and `1d` are not. */
export function beforeKey(before: Before): string {
  const [size, unit] = "days" in before ? [before.days, "d"] : [before.minutes, "m"];
  return size === 0 ? "0m" : `${size}${unit}`;
}

export type Due = { dueAt: Date; allDay: boolean; timeZone: string };

/** Reminders of an all-day task count from nine in the morning of its day. */
const allDayTimeMs = 9 * 3_600_000;

/** The instant a reminder rings. It may be in the past, and before 1970. */
export function remindAt(before: Before, { dueAt, allDay, timeZone }: Due, zones: ZoneTable = currentZones()): Date {
  const due = wallTimeOf(dueAt, timeZone, zones);
  const timeMs = allDay ? allDayTimeMs : due.timeMs;
  const ringOn = (day: DayNumber): Date => instantOf({ day, timeMs }, timeZone, zones);
  const from = allDay ? ringOn(due.day) : dueAt;
  if ("days" in before) return before.days === 0 ? from : ringOn(due.day - before.days);
  return new Date(from.getTime() - before.minutes * 60_000);
}
