import { instantOf, startOfDay, wallTimeOf } from "../zone/zone.ts";
import type { Position } from "./next-date.ts";
import { occurrencesAfter, type Series } from "./occurrences.ts";

/**
 * The dates that a moved series leaves out because it left them out before: each as many days further as the series
 * itself, or, where the rule holds the days in place, on its own day. `begin` is the series from its new date on.
 */
export function movedSkips({ series, occurrenceAt }: Position, begin: Series): Date[] {
  const [was, is] = [wallTimeOf(occurrenceAt, series.timeZone), wallTimeOf(begin.startsAt, begin.timeZone)];
  const dateOn = (day: number): Date | null => {
    const { allDay, timeZone } = begin;
    const at = allDay ? startOfDay(day, timeZone) : instantOf({ day, timeMs: is.timeMs }, timeZone);
    const [found] = occurrencesAfter(begin, new Date(at.getTime() - 1), 1);
    return found?.at.getTime() === at.getTime() ? at : null;
  };
  return series.skipped.flatMap((date) => {
    if (date <= occurrenceAt) return [];
    const { day } = wallTimeOf(date, series.timeZone);
    return dateOn(day + is.day - was.day) ?? dateOn(day) ?? [];
  });
}
