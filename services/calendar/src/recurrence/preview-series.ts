import { clockText, type Formats, usualFormats } from "../formats/formats.ts";
import { daysInMonth, ymdOf } from "../zone/day.ts";
import { clockChangeAt, dayIn, wallTimeOf } from "../zone/zone.ts";
import { type Anchor, dateAfterSkip } from "./next-date.ts";
import { type Occurrence, occurrencesAfter } from "./occurrences.ts";
import { planSeries, type SeriesError, type SeriesPlan } from "./plan-series.ts";
import { type Rule, rememberedDay, softened } from "./rule.ts";
import { numeral } from "./text.ts";

export type PreviewInput = {
  pattern: string;
  dueAt: Date;
  allDay: boolean;
  timeZone: string;
  anchor: Anchor;
  endsAt: Date | null;
  count: number;
  /** Of the times in notes. */
  hourCycle?: HourCycle;
};

type HourCycle = Formats["hourCycle"];

/** A future date; `note` explains in a sentence why it differs from the expected one. */
export type PreviewDate = { dueAt: Date; note?: string };

export type Preview = { ok: true; rrule: string; text: string; occurrences: PreviewDate[] };

/**
 * The `count` dates strictly after `dueAt`, the series' first, from the engine that dates the tasks:
 * past ones are not skipped, and there are fewer at the series' end or 2199-12-31. With the anchor
 * `completion` each is taken as completed on its own day.
 */
export function previewSeries(input: PreviewInput): Preview | { ok: false; errors: SeriesError[] } {
  const plan = planSeries({ ...input, now: input.dueAt });
  if (!plan.ok) return plan;
  const { count, hourCycle = usualFormats.hourCycle } = input;
  const dates = input.anchor === "completion" ? chain(plan, count, hourCycle) : fixedDates(plan, count, hourCycle);
  return { ok: true, rrule: plan.rrule, text: plan.text, occurrences: dates };
}

function fixedDates({ series, dueAt }: SeriesPlan, count: number, hourCycle: HourCycle): PreviewDate[] {
  const rule = softened(series.rule, dayIn(dueAt, series.timeZone));
  return occurrencesAfter(series, dueAt, count).map((date) =>
    previewDate(date, rule, { timeZone: series.timeZone, hourCycle }),
  );
}

function chain({ series, dueAt, firstOrdinal }: SeriesPlan, count: number, hourCycle: HourCycle): PreviewDate[] {
  const dates: PreviewDate[] = [];
  let occurrenceAt = dueAt;
  for (let ordinal: number = firstOrdinal; dates.length < count; ordinal++) {
    const next = dateAfterSkip({ series, anchor: "completion", occurrenceAt, ordinal });
    if (next.kind === "ended") break;
    const rule = softened(series.rule, dayIn(occurrenceAt, series.timeZone));
    dates.push(previewDate(next, rule, { timeZone: series.timeZone, hourCycle }));
    occurrenceAt = next.at;
  }
  return dates;
}

type Reading = { timeZone: string; hourCycle: HourCycle };

function previewDate({ at, wall }: Occurrence, rule: Rule, { timeZone, hourCycle }: Reading): PreviewDate {
  const clock = (timeMs: number): string => clockText(timeMs, { hourCycle });
  const change = clockChangeAt(wall, timeZone);
  const [asked, shown] = [clock(wall.timeMs), clock(wallTimeOf(at, timeZone).timeMs)];
  if (change === "gap") return { dueAt: at, note: `Clocks go forward: there is no ${asked}, it is ${shown} instead.` };
  if (change === "overlap") return { dueAt: at, note: `Clocks go back: this is the first ${asked} of that day.` };
  const { year, month, dayOfMonth } = ymdOf(wall.day);
  const remembered = rule.keyword === "yearly" && rule.byMonthDay[0] === -1 ? 29 : rememberedDay(rule);
  if (remembered === null || dayOfMonth >= remembered || dayOfMonth < daysInMonth(year, month)) return { dueAt: at };
  return { dueAt: at, note: `There is no ${numeral(remembered)} this time: it is the last day of the month.` };
}
