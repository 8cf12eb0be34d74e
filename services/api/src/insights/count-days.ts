import { dayFromText, dayIn, dayText, weekdayOf } from "@carillon/calendar/zone";

export type DayCount = { date: string; count: number };

/** The counts by days of the zone, ascending, days without any left out. `at` is in seconds. */
export function byDay(quarters: readonly { at: number; count: number }[], timeZone: string): DayCount[] {
  return summed(quarters.map(({ at, count }) => ({ day: dayIn(new Date(at * 1_000), timeZone), count })));
}

/** The counts by weeks, each under its first day; `weekStart` counts from Monday = 0. */
export const byWeek = (days: readonly DayCount[], weekStart: number): DayCount[] =>
  summed(
    days.map(({ date, count }) => {
      const day = dayFromText(date) ?? 0;
      return { day: day - ((weekdayOf(day) - weekStart + 7) % 7), count };
    }),
  );

function summed(counts: readonly { day: number; count: number }[]): DayCount[] {
  const sums = new Map<number, number>();
  for (const { day, count } of counts) sums.set(day, (sums.get(day) ?? 0) + count);
  return [...sums].sort(([a], [b]) => a - b).map(([day, count]) => ({ date: dayText(day), count }));
}

/** The longest run of days with a count, and the one that reaches today, or yesterday while today has none yet. */
export function streakOf(
  days: readonly DayCount[],
  { now, timeZone }: { now: Date; timeZone: string },
): { current: number; longest: number } {
  let longest = 0;
  let run = 0;
  let last: number | null = null;
  for (const { date } of days) {
    const day = dayFromText(date) ?? 0;
    run = last !== null && day === last + 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
    last = day;
  }
  const isCurrent = last !== null && last >= dayIn(now, timeZone) - 1;
  return { current: isCurrent ? run : 0, longest };
}
