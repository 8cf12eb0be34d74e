import { isTimeZone, monthNames, wallTimeOf, weekdayNames, weekdayOf, ymdOf } from "@carillon/calendar/zone";

/** A zone that came with newer rules than this program has is shown in UTC. */
const known = (zone: string): string => (isTimeZone(zone) ? zone : "UTC");

const short = (name: string | undefined): string => (name ?? "").slice(0, 3);

function clock(timeMs: number): string {
  const minutes = Math.floor(timeMs / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** The instant as a person says it today: `today 09:00`, `Fri 17:00`, `1 Dec`. */
export function sayDate(instant: string, { zone, allDay, now }: { zone: string; allDay: boolean; now: Date }): string {
  const { day, timeMs } = wallTimeOf(new Date(instant), known(zone));
  const { day: today } = wallTimeOf(now, known(zone));
  const { year, month, dayOfMonth } = ymdOf(day);
  const near = ["yesterday", "today", "tomorrow"][day - today + 1];
  const date =
    near ??
    (day > today && day - today < 7
      ? short(weekdayNames[weekdayOf(day)])
      : `${dayOfMonth} ${short(monthNames[month - 1])}${year === ymdOf(today).year ? "" : ` ${year}`}`);
  return allDay ? date : `${date} ${clock(timeMs)}`;
}

/** The instant in full: `Tue 1 Dec 2026, 09:00 (Europe/Berlin)`. */
export function sayFullDate(instant: string, { zone, allDay }: { zone: string; allDay: boolean }): string {
  const { day, timeMs } = wallTimeOf(new Date(instant), known(zone));
  const { year, month, dayOfMonth } = ymdOf(day);
  const date = `${short(weekdayNames[weekdayOf(day)])} ${dayOfMonth} ${short(monthNames[month - 1])} ${year}`;
  return allDay ? date : `${date}, ${clock(timeMs)} (${known(zone)})`;
}
