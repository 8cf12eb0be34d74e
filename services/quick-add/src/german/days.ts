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

/** Half a year is six months; half of anything else is no day. */
function laterFrom(from: Day, n: number, { unit, times }: Bound["unit"]): Day | null {
  if (unit === "year" && !Number.isInteger(n) && n < 100) return later(n * 12, "month", from);
  return Number.isInteger(n) && n <= 9_999 ? later(n * times, unit, from) : null;
}

/** "Freitag in acht Tagen" counts the Friday: it is a week. */
const countedFrom = (from: Day, n: number, unit: Bound["unit"]): Day | null =>
  laterFrom(from, n === 8 && unit.unit === "day" ? 7 : n, unit);

const dayOfMonth = (make: (bound: Bound) => Day) => day((bound) => (isDayOfMonth(bound.ord) ? make(bound) : null));
/** A day of a named month; one just beyond its end is said to be impossible, higher numbers count something else. */
const dated = day(({ month, ord, year }) => (ord < 40 ? monthDay(month, ord, year) : null));
const fixed = (month: number, dayNumber: number) => day(() => monthDay(month, dayNumber));

const named: readonly GroupRow[] = [
  ["heute|heut", day(() => fromToday(0))],
  ["morgen", day(() => fromToday(1))],
  ["übermorgen", day(() => fromToday(2))],
  ["überübermorgen", day(() => fromToday(3))],
  ["{bareWeekday}", day(({ weekday }) => weekdayToCome(weekday))],
  [
    "diesen|dieser|diesem|dieses|kommenden|kommende|kommender|kommendem {weekday}",
    day(({ weekday }) => weekdayToCome(weekday)),
  ],
  ["nächsten|nächste|nächster|nächstem {weekday}", day(({ weekday }) => weekdayOfWeek(weekday, 1))],
  ["übernächsten|übernächste|übernächster|übernächstem {weekday}", day(({ weekday }) => weekdayOfWeek(weekday, 2))],
  ["{isoDay}", ({ day: read }) => ({ day: read })],
  ["{dotDay}", ({ day: read }) => ({ day: read })],
  ["{slashDay}", ({ day: read }) => ({ day: read })],
  ["der|den|dem? {ord} {month} {year}?", dated],
  ["{dayNumber} {month} {year}?", dated],
];

const nextWeek = "nächste|nächster|kommende|kommender woche";

const counted: readonly GroupRow[] = [
  ["{named}", ({ day: read }) => ({ day: read })],
  [`${nextWeek} am? {weekday}`, day(({ weekday }) => weekdayOfWeek(weekday, 1))],
  [`{weekday} in? der? ${nextWeek}`, day(({ weekday }) => weekdayOfWeek(weekday, 1))],
  ["übernächste|übernächster woche am? {weekday}", day(({ weekday }) => weekdayOfWeek(weekday, 2))],
  ["{weekday} in? der? übernächste|übernächster|übernächsten woche", day(({ weekday }) => weekdayOfWeek(weekday, 2))],
  ["diese|dieser woche am? {weekday}", day(({ weekday }) => weekdayOfWeek(weekday, 0))],
  ["{weekday} diese|dieser woche", day(({ weekday }) => weekdayOfWeek(weekday, 0))],
  ["{named} in {n} {unit}", day(({ day: from, n, unit }) => countedFrom(from, n, unit))],
  ["in {n} {unit}", day(({ n, unit }) => laterFrom(fromToday(0), n, unit))],
  ["in {n} {unit} am {weekday}", day(({ n, unit, weekday }) => inWeeksOn(n, unit, weekday))],
  ["innerhalb|binnen von? {n} {unit}", day(({ n, unit }) => laterFrom(fromToday(0), n, unit))],
  ["in einem halben jahr", day(() => later(6, "month"))],
  ["in einem dreiviertel jahr", day(() => later(9, "month"))],
  ["in einem dreivierteljahr", day(() => later(9, "month"))],
  ["{n} {unit} nach {feast}", day(({ n, unit, day: from }) => laterFrom(from, n, unit))],
  ["tag nach {occasion}", day(({ day: from }) => later(1, "day", from))],
  ["{weekday} vor {occasion}", day(({ weekday, day: from }) => weekdayBeside(weekday, "before", from))],
  ["{weekday} nach {occasion}", day(({ weekday, day: from }) => weekdayBeside(weekday, "after", from))],
  ["{n} {unit} ab heute|jetzt", day(({ n, unit }) => laterFrom(fromToday(0), n, unit))],
  ["{n} {unit} nach {named}", day(({ n, unit, day: from }) => laterFrom(from, n, unit))],
  ["+ {n} {unit}", day(({ n, unit }) => laterFrom(fromToday(0), n, unit))],
  ["+ ~{n} ~t|d", day(({ n }) => later(n, "day"))],
  ["+ ~{n} ~w", day(({ n }) => later(n, "week"))],
];

const inWeeksOn = (n: number, { unit, times }: Bound["unit"], weekday: number): Day | null =>
  unit === "week" && Number.isInteger(n) ? weekdayOfWeek(weekday, n * times) : null;

const stretches: readonly GroupRow[] = [
  [nextWeek, day(() => weekOn(1))],
  ["in der nächsten|kommenden woche", day(() => weekOn(1))],
  ["übernächste|übernächster woche", day(() => weekOn(2))],
  ["übernächstes|übernächsten wochenende", day(() => weekend(2))],
  ["der|dem? {ord} des? nächsten|kommenden monats", dayOfMonth(({ ord }) => dayInMonthOn(1, ord))],
  ["der|dem? {ord} dieses monats", dayOfMonth(({ ord }) => dayInMonthOn(0, ord))],
  ["letzter|letzten tag des|dieses jahres", day(() => placeInYearOn(0, "last"))],
  ["letzter|letzten tag im jahr", day(() => placeInYearOn(0, "last"))],
  ["letzter|letzten tag des? nächsten monats", day(() => placeInMonthOn(1, "last"))],
  ["dieses|diesem|kommendes|kommenden wochenende", day(() => weekend(0))],
  ["nächstes|nächsten wochenende", day(() => weekend(1))],
  ["nächsten|nächster|nächstem|kommenden monat", day(() => wholeMonth(placeInMonthOn(1, "first")))],
  ["übernächsten|übernächster monat", day(() => wholeMonth(placeInMonthOn(2, "first")))],
  ["nächstes|nächsten|kommendes quartal", day(() => wholeQuarter(placeInQuarterOn(1, "first")))],
  ["ende des|dieses quartals", day(() => placeInQuarterOn(null, "last"))],
  ["quartalsende", day(() => placeInQuarterOn(null, "last"))],
  ["ende nächsten|kommenden quartals", day(() => placeInQuarterOn(1, "last"))],
  ["anfang des quartals", day(() => placeInQuarterOn(null, "first"))],
  ["quartalsanfang", day(() => placeInQuarterOn(null, "first"))],
  ["anfang nächsten|kommenden quartals", day(() => placeInQuarterOn(1, "first"))],
  ["nächsten|kommenden monat am|zum {ord}", dayOfMonth(({ ord }) => dayInMonthOn(1, ord))],
  ["nächstes|nächsten|kommendes jahr", day(() => wholeYear(placeInYearOn(1, "first")))],
  ["ende des|dieses tages", day(() => fromToday(0))],
  ["tagesende", day(() => fromToday(0))],
  ["ende der|dieser woche", day(() => endOfWeek(0))],
  ["ende nächster|kommender woche", day(() => endOfWeek(1))],
  ["mitte nächster|kommender woche", day(() => weekdayOfWeek(2, 1))],
  ["anfang nächster|kommender woche", day(() => weekOn(1))],
  ["ende des|dieses monats", day(() => placeInMonthOn(null, "last"))],
  ["monatsende", day(() => placeInMonthOn(null, "last"))],
  ["ende nächsten|kommenden monats", day(() => placeInMonthOn(1, "last"))],
  ["ende des|dieses jahres", day(() => placeInYearOn(0, "last"))],
  ["jahresende", day(() => placeInYearOn(0, "last"))],
  ["ende nächsten|kommenden jahres", day(() => placeInYearOn(1, "last"))],
  ["ende {month} {year}?", day(({ month, year }) => placeInMonth(month, "last", year))],
  ["letzter|letzten tag im {month} {year}?", day(({ month, year }) => placeInMonth(month, "last", year))],
  ["mitte {month} {year}?", day(({ month, year }) => placeInMonth(month, "middle", year))],
  ["mitte des|dieses monats", day(() => placeInMonthOn(null, "middle"))],
  ["monatsmitte", day(() => placeInMonthOn(null, "middle"))],
  ["mitte nächsten|kommenden monats", day(() => placeInMonthOn(1, "middle"))],
  ["anfang {month} {year}?", day(({ month, year }) => placeInMonth(month, "first", year))],
  ["anfang nächsten|kommenden monats", day(() => placeInMonthOn(1, "first"))],
  ["anfang des monats", day(() => placeInMonthOn(null, "first"))],
  ["monatsersten", day(() => placeInMonthOn(null, "first"))],
  ["monatsanfang", day(() => placeInMonthOn(null, "first"))],
  ["anfang des|dieses jahres", day(() => placeInYearOn(1, "first"))],
  ["anfang nächsten|kommenden jahres", day(() => placeInYearOn(1, "first"))],
  ["jahresanfang", day(() => placeInYearOn(1, "first"))],
  ["{place} {weekday} {stretch}", day(({ places, weekday, day: of }) => nthIn(places[0] ?? 1, weekday, of))],
  ["{place} {workday} {stretch}", day(({ places, day: of }) => nthIn(places[0] ?? 1, "workday", of))],
];

const feasts: readonly GroupRow[] = [
  ["heiligabend", fixed(12, 24)],
  ["heilig abend", fixed(12, 24)],
  ["weihnachten", fixed(12, 25)],
  ["ersten|erster|1 .? weihnachtstag|weihnachtsfeiertag", fixed(12, 25)],
  ["zweiten|zweiter|2 .? weihnachtstag|weihnachtsfeiertag", fixed(12, 26)],
  ["karfreitag", day(() => fromEaster(-2))],
  ["ostern|ostersonntag", day(() => fromEaster(0))],
  ["ostermontag", day(() => fromEaster(1))],
  ["himmelfahrt|christihimmelfahrt", day(() => fromEaster(39))],
  ["christi himmelfahrt", day(() => fromEaster(39))],
  ["pfingsten|pfingstsonntag", day(() => fromEaster(49))],
  ["pfingstmontag", day(() => fromEaster(50))],
  ["silvester", fixed(12, 31)],
  ["neujahr", fixed(1, 1)],
  ["nikolaus", fixed(12, 6)],
];

/** Words that may precede a day. */
const prefix = "am|den|dem|zum|zu|der?";

export const dayGroups: Record<string, readonly GroupRow[]> = {
  named,
  day: [...counted, ...stretches],
  feast: feasts,
  /** What other days are counted from. */
  occasion: [
    ["dem? {feast}", ({ day: read }) => ({ day: read })],
    ["dem? {named}", ({ day: read }) => ({ day: read })],
  ],
  /** In which days of a month or a year are counted. */
  stretch: [
    ["im|des monat? {month} {year}?", day(({ month, year }) => monthsNamed(month, year))],
    ["dieses|diesen monats|monat", day(() => wholeMonth(placeInMonthOn(0, "first")))],
    ["des|im nächsten|kommenden monats|monat", day(() => wholeMonth(placeInMonthOn(1, "first")))],
    ["nächsten|kommenden monats", day(() => wholeMonth(placeInMonthOn(1, "first")))],
    ["des|im|dieses jahres|jahr", day(() => thisYear)],
    ["des|im nächsten|kommenden jahres|jahr", day(() => wholeYear(placeInYearOn(1, "first")))],
    ["nächsten|kommenden jahres", day(() => wholeYear(placeInYearOn(1, "first")))],
  ],
  end: [
    [`${prefix} {day}`, ({ day: read }) => ({ day: read, place: "anywhere" })],
    ["zum|am wochenende", day(() => weekend(0))],
    [`${prefix} {feast}`, ({ day: read }) => ({ day: read })],
    ["{month} {year}?", day(({ month, year }) => wholeMonth(placeInMonth(month, "first", year)))],
    ["einschließlich {month}", day(({ month }) => wholeMonth(placeInMonth(month, "first")))],
    ["{year}", day(({ year }) => (year === undefined ? null : wholeYear(monthDay(1, 1, year))))],
    [`${prefix} {ord}`, dayOfMonth(({ ord }) => dayOfMonthToCome(ord))],
    [`${prefix} {shortSlashDay}`, ({ day: read }) => ({ day: read })],
    [`${prefix} {shortDotDay}`, ({ day: read }) => ({ day: read })],
  ],
};
