import { currentZones } from "./current-zones.ts";
import type { DayNumber } from "./day.ts";
import type { ZoneTable } from "./zone-table.ts";

/**
 * Wall time and instants of a zone, by the IANA rules of this process (`current-zones.ts`) and never
 * by the runtime's, which may be releases behind. Every function expects a zone that `isTimeZone`
 * accepts and throws a RangeError for another.
 */

/** A wall clock's reading: the calendar's day and the milliseconds since its midnight as the clock shows them. */
export type WallTime = { day: DayNumber; timeMs: number };

/**
 * True for an IANA zone name ("Europe/Berlin", "UTC", links such as "Asia/Calcutta") in its official
 * spelling. Offsets ("+02:00"), other capitals ("europe/berlin") and abbreviations that are not
 * zones ("Z", "CET+1") are false: they would not mean the same everywhere.
 */
export const isTimeZone = (name: string): boolean => currentZones().has(name);

export function wallTimeOf(at: Date, timeZone: string, zones: ZoneTable = currentZones()): WallTime {
  const local = at.getTime() + offsetMsAt(at, timeZone, zones);
  const day = Math.floor(local / dayMs);
  return { day, timeMs: local - day * dayMs };
}

/** How far the zone's clocks are ahead of UTC at the instant, in milliseconds; negative in the west. */
export function offsetMsAt(at: Date, timeZone: string, zones: ZoneTable = currentZones()): number {
  const { starts, offsets } = zones.offsetsOf(timeZone);
  return offsets[periodAt(starts, at.getTime())] ?? 0;
}

/** The calendar day an instant falls on in the zone. */
export const dayIn = (at: Date, timeZone: string): DayNumber => wallTimeOf(at, timeZone).day;

/**
 * The instant at which the zone's clocks show this wall time. A time in the gap of a clock change
 * moves forward by the gap; a repeated time is the first of the two (RFC 5545 §3.3.5).
 */
export function instantOf(wall: WallTime, timeZone: string, zones: ZoneTable = currentZones()): Date {
  return new Date(readingOf(wall, timeZone, zones).atMs);
}

/** What a clock change does to this wall time: it is skipped, repeated, or neither. */
export const clockChangeAt = (wall: WallTime, timeZone: string): "gap" | "overlap" | "none" =>
  readingOf(wall, timeZone, currentZones()).change;

/** The first instant of the day in the zone, also where clocks skip midnight. */
export function startOfDay(day: DayNumber, timeZone: string, zones: ZoneTable = currentZones()): Date {
  const midnight = readingOf({ day, timeMs: 0 }, timeZone, zones);
  return new Date(midnight.change === "gap" ? midnight.changeMs : midnight.atMs);
}

/** The instant `days` calendar days later (earlier when negative) at the same wall time. */
export function addDays(at: Date, days: number, timeZone: string): Date {
  const { day, timeMs } = wallTimeOf(at, timeZone);
  return instantOf({ day: day + days, timeMs }, timeZone);
}

/** The zone's next clock change after this instant; null when none is known before 2200. */
export function nextClockChange(after: Date, timeZone: string): Date | null {
  const { starts } = currentZones().offsetsOf(timeZone);
  const next = starts[periodAt(starts, after.getTime()) + 1];
  return next === undefined ? null : new Date(next);
}

const dayMs = 86_400_000;

/** No zone is, or was since 1970, further from UTC than this. */
const farthestMs = 26 * 3_600_000;

type Reading = { change: "gap" | "overlap" | "none"; atMs: number; changeMs: number };

/** The first instant that shows the wall time, what is special about it, and the last clock change before it. */
function readingOf({ day, timeMs }: WallTime, timeZone: string, zones: ZoneTable): Reading {
  const { starts, offsets } = zones.offsetsOf(timeZone);
  const local = day * dayMs + timeMs;
  const start = (period: number): number => starts[period] ?? Number.POSITIVE_INFINITY;
  const offset = (period: number): number => offsets[period] ?? 0;
  // The first period that has not ended when its clocks show the time: it shows it, or began beyond
  // it.
  let period = periodAt(starts, local - farthestMs);
  while (local >= start(period + 1) + offset(period)) period++;
  const changeMs = start(period);
  if (local < changeMs + offset(period)) return { change: "gap", atMs: local - offset(period - 1), changeMs };
  const isTwice = local >= start(period + 1) + offset(period + 1);
  return { change: isTwice ? "overlap" : "none", atMs: local - offset(period), changeMs };
}

/** The index of the period that contains the instant: the last one whose start is not after it. */
function periodAt(starts: Float64Array, atMs: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= atMs) low = middle;
    else high = middle;
  }
  return low;
}
