import type { PartOfDay, Reference } from "../reference.ts";

/**
 * A time of day as words name it. `open`: the half of the day was not said. `part` alone stands for a named part of the day; beside an open
 * time it says which half is meant.
 */
export type Time = {
  minutes: number | null;
  open: boolean;
  part: PartOfDay | null;
  /** Where the stretch ends, as the clock shows it. */
  until: string | null;
};

export const exactly = (minutes: number): Time => ({ minutes, open: false, part: null, until: null });
export const openTime = (minutes: number): Time => ({
  minutes,
  // 13 to 24 say their half; so does 0.
  open: minutes >= 60 && minutes < 780,
  part: null,
  until: null,
});
export const partTime = (part: PartOfDay): Time => ({ minutes: null, open: true, part, until: null });

/** The time in that part of the day, also where only the clock's twelve hours were said: "8 in the evening", "8 Uhr abends". */
export function during(time: Time, part: PartOfDay): Time {
  const minutes = time.minutes ?? 0;
  return { ...time, part, open: time.open || (minutes >= 60 && minutes < 780) };
}

/** "3 at night" is early on that day, "11 at night" late on it. */
export function atNight(time: Time): Time {
  const minutes = time.minutes ?? 0;
  if (minutes >= 720 && minutes < 780) return { ...time, minutes: minutes + 720, open: false };
  return minutes < 360 || minutes >= 780 ? { ...time, open: false } : { ...time, minutes: minutes + 720, open: false };
}

export const until = (time: Time, end: Time): Time => {
  const half =
    time.open && time.part === null && !end.open && end.minutes !== null ? halfBefore(time, end.minutes) : time;
  return { ...half, until: end.minutes === null ? null : clockOf(endMinutes(half, end)) };
};

/** "7 to 9pm": the start is in the half of the day that brings it nearest before the end. */
function halfBefore(time: Time, end: number): Time {
  const minutes = time.minutes ?? 0;
  const inAfternoon = (minutes % 720) + 720;
  return { ...time, minutes: inAfternoon < end ? inAfternoon : minutes % 720, open: false };
}

function endMinutes(start: Time, end: Time): number {
  const [from, to] = [start.minutes ?? 0, end.minutes ?? 0];
  return end.open && to <= from && to + 720 > from ? to + 720 : to;
}

export const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/**
 * The minutes this time can mean on a day, best first. With a day, open hours from 1 to 6 are the afternoon's and 7 to 12 as written;
 * the other half comes second, for a day whose first half is over.
 */
export function minutesOn(time: Time, { parts }: Reference): number[] {
  const { minutes, open, part } = time;
  if (minutes === null) return part === null ? [] : [parts[part]];
  if (!open) return [minutes];
  if (part !== null) return [inPart(minutes, part)];
  const written = minutes < 420 ? minutes + 720 : minutes;
  const other = written >= 720 ? written - 720 : written + 720;
  return written === minutes && minutes >= 720 ? [written] : [written, other];
}

/** Alone, an open time is the next to come of both halves of the day. */
export function minutesAlone(time: Time, reference: Reference): number[] {
  if (time.minutes === null || !time.open || time.part !== null) return minutesOn(time, reference);
  const first = time.minutes % 720;
  return [first, first + 720];
}

function inPart(minutes: number, part: PartOfDay): number {
  const hour = minutes % 720;
  if (part === "morning") return minutes === 720 ? 0 : minutes;
  if (part === "noon") return minutes < 600 ? minutes + 720 : minutes;
  if (part === "night" && (hour < 300 || minutes >= 720)) return 1_440 + hour;
  return hour + 720;
}
