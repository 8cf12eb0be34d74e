import type { Bound, GroupRow } from "../grammar.ts";
import {
  type Day,
  dayInMonthOn,
  dayOfMonthToCome,
  endOfWeek,
  fromEaster,
  fromToday,
  isDayOfMonth,
  later,
  monthDay,
  monthsNamed,
  nthIn,
  placeInMonth,
  placeInMonthOn,
  placeInQuarterOn,
  placeInYearOn,
  plusDays,
  thisYear,
  weekdayBeside,
  weekdayOfWeek,
  weekdayToCome,
  weekend,
  weekOn,
  wholeMonth,
  wholeQuarter,
  wholeYear,
} from "../meaning/day.ts";

const day = (make: (bound: Bound) => Day | null) => (bound: Bound) => {
  const made = make(bound);
  return made === null ? null : { day: made };
};

const inUnits = ({ n, unit }: Bound): Day | null => laterFrom(fromToday(0), n, unit);

const dayOfMonth = (make: (bound: Bound) => Day) => day((bound) => (isDayOfMonth(bound.ord) ? make(bound) : null));
/** A day of a named month; one just beyond its end is said to be impossible, higher numbers count something else. */
const dated = day(({ month, ord, year }) => (ord < 40 ? monthDay(month, ord, year) : null));
const fixed = (month: number, dayNumber: number) => day(() => monthDay(month, dayNumber));

/** Days that a name stands for, before anything is counted from them. */
const named: readonly GroupRow[] = [
  ["today|tod", day(() => fromToday(0))],
  ["tomorrow|tmr|tmrw|tmw|tomorow|tommorow|tommorrow", day(() => fromToday(1))],
  ["the? day after tomorrow|tmr|tmrw", day(() => fromToday(2))],
  ["2 ~morrow|moro|mro", day(() => fromToday(1))],
  ["later today", day(() => fromToday(0))],
  ["overmorrow", day(() => fromToday(2))],
  ["{bareWeekday}", day(({ weekday }) => weekdayToCome(weekday))],
  ["this|coming|upcoming coming? {weekday}", day(({ weekday }) => weekdayToCome(weekday))],
  ["next {weekday}", day(({ weekday }) => weekdayOfWeek(weekday, 1))],
  ["{isoDay}", ({ day: read }) => ({ day: read })],
  ["{dotDay}", ({ day: read }) => ({ day: read })],
  ["{slashDay}", ({ day: read }) => ({ day: read })],
  ["{dayNumber} {month} ,? {year}?", dated],
  ["{dayNumber} - {month} - {year}", dated],
  ["the? {ord} of? {month} ,? {year}?", dated],
  ["{month} {dayNumber}", dated],
  ["{month} {dayNumber} ,? {year}", dated],
  ["{month} the? {ord} ,? {year}?", dated],
];

const counted: readonly GroupRow[] = [
  ["{named}", ({ day: read }) => ({ day: read })],
  ["the? {weekday} after next", day(({ weekday }) => weekdayOfWeek(weekday, 2))],
  ["{weekday} of|, next week", day(({ weekday }) => weekdayOfWeek(weekday, 1))],
  ["{weekday} next week", day(({ weekday }) => weekdayOfWeek(weekday, 1))],
  ["next week on? {weekday}", day(({ weekday }) => weekdayOfWeek(weekday, 1))],
  ["{weekday} the? week after next", day(({ weekday }) => weekdayOfWeek(weekday, 2))],
  ["{weekday} this week", day(({ weekday }) => weekdayOfWeek(weekday, 0))],
  ["this week on? {weekday}", day(({ weekday }) => weekdayOfWeek(weekday, 0))],
  ["{weekday} week", day(({ weekday }) => plusDays(weekdayToCome(weekday), 7))],
  ["{weekday} fortnight", day(({ weekday }) => plusDays(weekdayToCome(weekday), 14))],
  ["today week", day(() => fromToday(7))],
  ["tomorrow week", day(() => fromToday(8))],
  ["{weekday} in {n} {unit}", day(({ weekday, n, unit }) => laterFrom(weekdayToCome(weekday), n, unit))],
  ["in {n} {unit} ,? on {weekday}", day(({ n, unit, weekday }) => inWeeksOn(n, unit, weekday))],
  ["the? {weekday} before {occasion}", day(({ weekday, day: from }) => weekdayBeside(weekday, "before", from))],
  ["the? {weekday} after {occasion}", day(({ weekday, day: from }) => weekdayBeside(weekday, "after", from))],
  ["the? {n} {unit} after {feast}", day(({ n, unit, day: from }) => laterFrom(from, n, unit))],
  ["the? day after {occasion}", day(({ day: from }) => later(1, "day", from))],
  ["{n} of? {unit} on|from|after {named}", day(({ n, unit, day: from }) => laterFrom(from, n, unit))],
  ["in|within {n} of? {unit} time?", day(inUnits)],
  ["in {n} of? {unit} ' time", day(inUnits)],
  ["in|within a couple of {unit}", day(({ unit }) => later(2 * unit.times, unit.unit))],
  ["a couple of {unit} from now", day(({ unit }) => later(2 * unit.times, unit.unit))],
  ["in {n} and a half {unit}", day(({ n, unit }) => laterFrom(fromToday(0), n + 0.5, unit))],
  ["in {n} {unit} and a half", day(({ n, unit }) => laterFrom(fromToday(0), n + 0.5, unit))],
  ["in half a year", day(() => later(6, "month"))],
  ["{n} of? {unit} from now", day(inUnits)],
  ["{n} of? {unit} hence", day(inUnits)],
  ["in {n} ~d", day(({ n }) => later(n, "day"))],
  ["in {n} ~w", day(({ n }) => later(n, "week"))],
  ["{n} {habits} from now", day(({ n, weekdays: [weekday = 0] }) => plusDays(weekdayToCome(weekday), (n - 1) * 7))],
  ["+ {n} {unit}", day(inUnits)],
  ["+ ~{n} ~d", day(({ n }) => later(n, "day"))],
  ["+ ~{n} ~w", day(({ n }) => later(n, "week"))],
  ["{n} {unit} today", day(inUnits)],
  ["{n} {unit} tomorrow", day(({ n, unit }) => laterFrom(fromToday(1), n, unit))],
];

/** Half a year is six months; half of anything else is no day. */
function laterFrom(from: Day, n: number, { unit, times }: Bound["unit"]): Day | null {
  if (unit === "year" && !Number.isInteger(n) && n < 100) return later(n * 12, "month", from);
  return Number.isInteger(n) && n <= 9_999 ? later(n * times, unit, from) : null;
}

/** "in 2 weeks on friday": the Friday of that week. */
const inWeeksOn = (n: number, { unit, times }: Bound["unit"], weekday: number): Day | null =>
  unit === "week" && Number.isInteger(n) && n <= 999 ? weekdayOfWeek(weekday, n * times) : null;

const stretches: readonly GroupRow[] = [
  ["next week|wk", day(() => weekOn(1))],
  ["the? week after next", day(() => weekOn(2))],
  ["this|the|coming weekend", day(() => weekend(0))],
  ["this coming weekend", day(() => weekend(0))],
  ["next weekend", day(() => weekend(1))],
  ["next month", day(() => wholeMonth(placeInMonthOn(1, "first")))],
  ["the? month after next", day(() => wholeMonth(placeInMonthOn(2, "first")))],
  ["next quarter", day(() => wholeQuarter(placeInQuarterOn(1, "first")))],
  ["the? end of the|this? quarter", day(() => placeInQuarterOn(null, "last"))],
  ["eoq", day(() => placeInQuarterOn(null, "last"))],
  ["the? end of next quarter", day(() => placeInQuarterOn(1, "last"))],
  ["the? beginning|start of the quarter", day(() => placeInQuarterOn(null, "first"))],
  ["the? beginning|start of next quarter", day(() => placeInQuarterOn(1, "first"))],
  ["the? first day of next quarter", day(() => placeInQuarterOn(1, "first"))],
  ["the? last day of next quarter", day(() => placeInQuarterOn(1, "last"))],
  ["next month on? the? {ord}", dayOfMonth(({ ord }) => dayInMonthOn(1, ord))],
  ["next year", day(() => wholeYear(placeInYearOn(1, "first")))],
  ["the? end of the|this? day", day(() => fromToday(0))],
  ["eod|cob", day(() => fromToday(0))],
  ["eod|cob on? {named}", ({ day: read }) => ({ day: read })],
  ["the? end|close of day|business on? {named}", ({ day: read }) => ({ day: read })],
  ["the? end|close of business", day(() => fromToday(0))],
  ["the? {ord} of next month", dayOfMonth(({ ord }) => dayInMonthOn(1, ord))],
  ["the? {ord} of this month", dayOfMonth(({ ord }) => dayInMonthOn(0, ord))],
  ["the? last day of the|this year", day(() => placeInYearOn(0, "last"))],
  ["the? last day of next month", day(() => placeInMonthOn(1, "last"))],
  ["the? first day of next month", day(() => placeInMonthOn(1, "first"))],
  ["the? first day of next year", day(() => placeInYearOn(1, "first"))],
  ["the? end of the|this? week", day(() => endOfWeek(0))],
  ["eow", day(() => endOfWeek(0))],
  ["the? end of next week", day(() => endOfWeek(1))],
  ["the? weekend after next", day(() => weekend(2))],
  ["the? end of the|this? month", day(() => placeInMonthOn(null, "last"))],
  ["the? last day of this month", day(() => placeInMonthOn(0, "last"))],
  ["the? month end", day(() => placeInMonthOn(null, "last"))],
  ["month - end", day(() => placeInMonthOn(null, "last"))],
  ["eom", day(() => placeInMonthOn(null, "last"))],
  ["the? end of next month", day(() => placeInMonthOn(1, "last"))],
  ["the? end of the|this? year", day(() => placeInYearOn(0, "last"))],
  ["the? year -? end", () => ({ day: placeInYearOn(0, "last"), place: "apart" as const })],
  ["eoy", day(() => placeInYearOn(0, "last"))],
  ["the? end of next year", day(() => placeInYearOn(1, "last"))],
  ["the? end of {month} {year}?", day(({ month, year }) => placeInMonth(month, "last", year))],
  ["the? last day of {month} {year}?", day(({ month, year }) => placeInMonth(month, "last", year))],
  ["the? first day of {month} {year}?", day(({ month, year }) => placeInMonth(month, "first", year))],
  ["mid -? {month} {year}?", day(({ month, year }) => placeInMonth(month, "middle", year))],
  ["the? middle of {month} {year}?", day(({ month, year }) => placeInMonth(month, "middle", year))],
  ["the? middle of the|this? month", day(() => placeInMonthOn(null, "middle"))],
  ["mid -? month", day(() => placeInMonthOn(null, "middle"))],
  ["mid next month", day(() => placeInMonthOn(1, "middle"))],
  ["the? middle of next month", day(() => placeInMonthOn(1, "middle"))],
  ["the? beginning|start of {month} {year}?", day(({ month, year }) => placeInMonth(month, "first", year))],
  ["the? beginning|start of next week", day(() => weekOn(1))],
  ["the? middle of next week", day(() => weekdayOfWeek(2, 1))],
  ["the? beginning|start of next month", day(() => placeInMonthOn(1, "first"))],
  ["the? beginning|start of the month", day(() => placeInMonthOn(null, "first"))],
  ["the? beginning|start of next year", day(() => placeInYearOn(1, "first"))],
  ["the? {place} {weekday} of|in {stretch}", day(({ places, weekday, day: of }) => nthIn(places[0] ?? 1, weekday, of))],
  ["the? {place} {workday} of|in {stretch}", day(({ places, day: of }) => nthIn(places[0] ?? 1, "workday", of))],
];

/** Holidays, which are also names of other things: only where the context is unambiguous. */
const feasts: readonly GroupRow[] = [
  ["christmas|xmas eve", fixed(12, 24)],
  ["christmas|xmas day?", fixed(12, 25)],
  ["boxing day", fixed(12, 26)],
  ["new year ' s eve", fixed(12, 31)],
  ["new years eve", fixed(12, 31)],
  ["nye", fixed(12, 31)],
  ["new year ' s day?", fixed(1, 1)],
  ["new years day?", fixed(1, 1)],
  ["good friday", day(() => fromEaster(-2))],
  ["easter sunday?", day(() => fromEaster(0))],
  ["easter monday", day(() => fromEaster(1))],
  ["halloween", fixed(10, 31)],
  ["valentine ' s day", fixed(2, 14)],
  ["valentines day", fixed(2, 14)],
];

export const dayGroups: Record<string, readonly GroupRow[]> = {
  named,
  day: [...counted, ...stretches],
  feast: feasts,
  /** What other days are counted from. */
  occasion: [
    ["{feast}", ({ day: read }) => ({ day: read })],
    ["{named}", ({ day: read }) => ({ day: read })],
  ],
  /** In which days of a month or a year are counted. */
  stretch: [
    ["{month} {year}?", day(({ month, year }) => monthsNamed(month, year))],
    ["this month", day(() => wholeMonth(placeInMonthOn(0, "first")))],
    ["next month", day(() => wholeMonth(placeInMonthOn(1, "first")))],
    ["next quarter", day(() => wholeQuarter(placeInQuarterOn(1, "first")))],
    ["the|this year", day(() => thisYear)],
    ["next year", day(() => wholeYear(placeInYearOn(1, "first")))],
  ],
  /** Where something ends may be a whole month or year; "the 24th" and "24/12" need no proof there. */
  end: [
    ["{day}", ({ day: read }) => ({ day: read, place: "anywhere" })],
    ["{feast}", ({ day: read }) => ({ day: read })],
    ["{month} {year}?", day(({ month, year }) => wholeMonth(placeInMonth(month, "first", year)))],
    ["{year}", day(({ year }) => (year === undefined ? null : wholeYear(monthDay(1, 1, year))))],
    ["the? {ord}", dayOfMonth(({ ord }) => dayOfMonthToCome(ord))],
    ["{shortSlashDay}", ({ day: read }) => ({ day: read })],
    ["{shortDotDay}", ({ day: read }) => ({ day: read })],
  ],
};
