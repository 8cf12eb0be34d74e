import { expect, test } from "bun:test";
import { anyDay, anyPattern, random } from "../testing/index.ts";
import { currentZones, instantOf, wallTimeOf } from "../zone/index.ts";
import { movedSkips } from "./moved-skips.ts";
import { occurrencesAfter, type Series } from "./occurrences.ts";
import { planSeries } from "./plan-series.ts";

const from = random(20_261_201);
const zones = currentZones().names();
const simple = ["daily", "weekly", "monthly", "yearly", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TH"];
/** Times of day that no zone's clocks skip. */
const anyTime = () => from.int(5, 19) * 3_600_000;

/** A series that begins on its first date, and a date that it has later, or none. */
function anySeries(): { series: Series; later: Date[] } {
  const timeZone = from.pick(zones);
  const pattern = from.chance(0.4) ? from.pick(simple) : anyPattern(from, 2030);
  const dueAt = instantOf({ day: anyDay(from, 2026, 2029), timeMs: anyTime() }, timeZone);
  const plan = planSeries({ pattern, dueAt, allDay: from.chance(0.2), timeZone, endsAt: null, now: dueAt });
  if (!plan.ok) return anySeries();
  return { series: plan.series, later: occurrencesAfter(plan.series, plan.series.startsAt, 8).map(({ at }) => at) };
}

const dayIn = (date: Date, { timeZone }: Series): number => wallTimeOf(date, timeZone).day;

test("by another time of day, dates that were left out stay out and all others stay in, for any rule in any zone", () => {
  for (let asked = 0; asked < 400; asked++) {
    const { series, later } = anySeries();
    const skipped = later.filter(() => from.chance(0.4));
    const { day } = wallTimeOf(series.startsAt, series.timeZone);
    const startsAt = series.allDay ? series.startsAt : instantOf({ day, timeMs: anyTime() }, series.timeZone);
    const begin = { ...series, startsAt, skipped: [] };
    const position = {
      series: { ...series, skipped },
      anchor: "due_date" as const,
      occurrenceAt: series.startsAt,
      ordinal: 1,
    };
    const moved = movedSkips(position, begin);
    const days = (of: Series, limit: number) => occurrencesAfter(of, of.startsAt, limit).map(({ at }) => dayIn(at, of));
    const left = later.length - skipped.length;
    expect(days({ ...begin, skipped: moved }, left)).toEqual(days({ ...series, skipped }, left));
  }
});

test("by some days, what was left out of a rule that goes with the date moves by as many", () => {
  for (let asked = 0; asked < 200; asked++) {
    const timeZone = from.pick(zones);
    const [day, byDays] = [anyDay(from, 2026, 2029), from.int(1, 6)];
    const at = (of: number) => instantOf({ day: of, timeMs: 9 * 3_600_000 }, timeZone);
    const every = from.pick([1, 7, 14]);
    const pattern = every === 1 ? "daily" : `FREQ=WEEKLY;INTERVAL=${every / 7}`;
    const plan = planSeries({ pattern, dueAt: at(day), allDay: false, timeZone, endsAt: null, now: at(day) });
    if (!plan.ok) throw new Error("a simple rule was rejected");
    const skipped = [2, 3].map((n) => at(day + n * every));
    // A daily series that begins later has no date in front of its beginning.
    const wanted = skipped.map((date) => dayIn(date, plan.series) + byDays);
    const position = {
      series: { ...plan.series, skipped },
      anchor: "due_date" as const,
      occurrenceAt: at(day),
      ordinal: 1,
    };
    const moved = movedSkips(position, { ...plan.series, startsAt: at(day + byDays), skipped: [] });
    expect(moved.map((date) => dayIn(date, plan.series))).toEqual(wanted);
  }
});
