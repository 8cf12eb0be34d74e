import type { DayNumber } from "./day.ts";

/**
 * Wall time and instants of a zone, with the runtime's Temporal and its time zone data. Everything here expects a zone that `isTimeZone`
 * accepted; with another one Temporal throws a RangeError.
 */

/** A wall clock's reading: the calendar's day and the milliseconds since its midnight as the clock shows them. */
export type WallTime = { day: DayNumber; timeMs: number };

const known = new Map<string, boolean>();
const maxKnown = 2_000;

/**
 * True for an IANA zone name ("Europe/Berlin", "UTC", links such as "Asia/Calcutta") in its official spelling. Offsets ("+02:00"), other
 * capitals ("europe/berlin") and abbreviations that are no zone ("Z", "CET+1") are false: they would not mean the same everywhere.
 */
export function isTimeZone(name: string): boolean {
  if (name.length > 64) return false;
  const remembered = known.get(name);
  if (remembered !== undefined) return remembered;
  const answer = /^[A-Za-z]/.test(name) && spellingOf(name) === name;
  if (known.size >= maxKnown) known.clear();
  known.set(name, answer);
  return answer;
}

function spellingOf(name: string): string | null {
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch {
    return null;
  }
}

export function wallTimeOf(at: Date, timeZone: string): WallTime {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  return {
    day: Date.UTC(zoned.year, zoned.month - 1, zoned.day) / 86_400_000,
    timeMs: ((zoned.hour * 60 + zoned.minute) * 60 + zoned.second) * 1_000 + zoned.millisecond,
  };
}

/** The calendar day an instant falls on in the zone. */
export const dayIn = (at: Date, timeZone: string): DayNumber => wallTimeOf(at, timeZone).day;

/**
 * The instant at which the zone's clocks show this wall time. A time in the gap of a clock change moves forward by the gap; of a time that
 * happens twice it is the first (Temporal's `compatible`, RFC 5545 §3.3.5).
 */
export function instantOf(wall: WallTime, timeZone: string): Date {
  return new Date(plain(wall).toZonedDateTime(timeZone, { disambiguation: "compatible" }).epochMilliseconds);
}

/** What a clock change does to this wall time: it lies in a gap, happens twice, or neither. */
export function clockChangeAt(wall: WallTime, timeZone: string): "gap" | "overlap" | "none" {
  const reading = plain(wall);
  const first = reading.toZonedDateTime(timeZone, { disambiguation: "compatible" });
  if (!first.toPlainDateTime().equals(reading)) return "gap";
  const last = reading.toZonedDateTime(timeZone, { disambiguation: "later" });
  return last.epochMilliseconds === first.epochMilliseconds ? "none" : "overlap";
}

/** The first instant of the day in the zone, also where clocks skip midnight. */
export function startOfDay(day: DayNumber, timeZone: string): Date {
  const { year, month, day: dayOfMonth } = plain({ day, timeMs: 0 });
  return new Date(new Temporal.PlainDate(year, month, dayOfMonth).toZonedDateTime(timeZone).epochMilliseconds);
}

function plain({ day, timeMs }: WallTime): Temporal.PlainDateTime {
  const utc = new Date(day * 86_400_000 + timeMs);
  return new Temporal.PlainDateTime(
    utc.getUTCFullYear(),
    utc.getUTCMonth() + 1,
    utc.getUTCDate(),
    utc.getUTCHours(),
    utc.getUTCMinutes(),
    utc.getUTCSeconds(),
    utc.getUTCMilliseconds(),
  );
}
