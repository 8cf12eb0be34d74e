import { clockText, type Formats, spokenDate, usualFormats } from "@carillon/calendar/formats";
import {
  dayFromText,
  dayIn,
  dayText,
  instantOf,
  parseInstant,
  startOfDay,
  wallTimeOf,
  weekdayNames,
  weekdayOf,
} from "@carillon/calendar/zone";
import type { Language } from "@carillon/contracts/http/quick-add";
import { Type } from "@sinclair/typebox";

/** The moment as the user's clock shows it. */
export function momentOf(now: Date, timeZone: string) {
  const { day, timeMs } = wallTimeOf(now, timeZone);
  return {
    date: dayText(day),
    weekday: weekdayNames[weekdayOf(day)] ?? "",
    time: clockText(timeMs, usualFormats),
    time_zone: timeZone,
  };
}

/** `Friday 2026-12-04 17:00`, for programs; without a time for a whole day. */
export function localText(at: Date, { timeZone, allDay }: Place): string {
  const { day, timeMs } = wallTimeOf(at, timeZone);
  const date = `${weekdayNames[weekdayOf(day)]} ${dayText(day)}`;
  return allDay ? date : `${date} ${clockText(timeMs, usualFormats)}`;
}

/** How a sentence for a user is worded. */
export type Speaking = Formats & { language: Language };

type Place = { timeZone: string; allDay: boolean };

/** `Friday 4 December 2026, 17:00`, as the reader is used to; without a time for a whole day. */
export const spokenText = (at: Date, place: Place, reader: Speaking): string =>
  spokenDate(localText(at, place), reader, reader.language);

/** A date as a model writes it. With an offset it is that instant; without, the wall clock of the task's zone; bare, a whole day. */
export const DateInput = Type.String({
  minLength: 10,
  maxLength: 64,
  description:
    "2026-12-04T17:00 (local time of the task's zone), 2026-12-04 (a whole day), or with an offset 2026-12-04T17:00:00+01:00",
  examples: ["2026-12-04T17:00"],
});

/** `allDay` is null where an instant does not say. */
export type ReadDate = { at: Date; allDay: boolean | null };

/** The date a `DateInput` means in the zone; null when it means none. */
export function readDate(text: string, timeZone: string): ReadDate | null {
  const local = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (!local) {
    const at = parseInstant(text);
    return at === null ? null : { at, allDay: null };
  }
  const [, date = "", hours, minutes = "0", seconds = "0"] = local;
  const day = dayFromText(date);
  if (day === null) return null;
  if (hours === undefined) return { at: startOfDay(day, timeZone), allDay: true };
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const timeMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return { at: instantOf({ day, timeMs }, timeZone), allDay: false };
}

/** The instant of a wall time that stays the same on another day. */
export function sameTimeOn(day: Date, like: Date, timeZone: string): Date {
  return instantOf({ day: dayIn(day, timeZone), timeMs: wallTimeOf(like, timeZone).timeMs }, timeZone);
}
