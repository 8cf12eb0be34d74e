import type { Bound, GroupRow } from "../grammar.ts";
import { each, often, parts, rule } from "../meaning/bound-rule.ts";
import { isDayOfMonth } from "../meaning/day.ts";
import { byWeekdays, codeOf, every, inQuarters, joinedRule, numbered, type Rule, workdays } from "../meaning/rule.ts";
import { exactly, partTime } from "../meaning/time.ts";

/** How often: what a day of the month or of the week may follow. */
const frequency: readonly GroupRow[] = [
  ["{each} {unit}", rule(each(() => 1))],
  ["{each} single {unit}", rule(each(() => 1))],
  ["{each} {n} {unit}", rule(each(({ n }) => n))],
  ["{each} couple of {unit}", rule(each(() => 2))],
  ["{each} other|alternate|second|2nd {unit}", rule(each(() => 2))],
  ["{each} {ord} {unit}", rule(each(({ ord }) => ord))],
  ["{each} half -? year", often("MONTHLY", 6)],
  ["once a|per|every|each {unit}", rule(each(() => 1))],
  ["once every {n} {unit}", rule(each(({ n }) => n))],
  ["{keyword}", ({ rule: read }) => ({ rule: read, place: "apart" })],
];

/** Adjectives as much as adverbs: "monthly report". */
const keyword: readonly GroupRow[] = [
  ["daily", often("DAILY")],
  ["weekly", often("WEEKLY")],
  ["biweekly|fortnightly", often("WEEKLY", 2)],
  ["bi - weekly", often("WEEKLY", 2)],
  ["bi - monthly", often("MONTHLY", 2)],
  ["semi - annually|yearly", often("MONTHLY", 6)],
  ["monthly", often("MONTHLY")],
  ["bimonthly", often("MONTHLY", 2)],
  ["quarterly", often("MONTHLY", 3)],
  ["semiannually|biannually", often("MONTHLY", 6)],
  ["half -? yearly", often("MONTHLY", 6)],
  ["yearly|annually", often("YEARLY")],
  ["biennially", often("YEARLY", 2)],
];

const validDays = (days: readonly number[]): boolean => days.every(isDayOfMonth);

/** On which days of a week, a month or a year. */
const on: readonly GroupRow[] = [
  ["on? {weekdays}", parts(({ weekdays }) => ({ byDay: byWeekdays(weekdays) }))],
  ["on the? {ords}", parts(({ ords }) => (validDays(ords) ? { byMonthDay: monthDays(ords) } : null))],
  // As the rule's own words say what becomes of the 29th to the 31st.
  [
    "on the? {ord} , or the last day",
    parts(({ ord }) => (ord > 28 && isDayOfMonth(ord) ? { byMonthDay: [ord] } : null)),
  ],
  ["on? the last day of {month}", parts(({ month }) => ({ byMonth: [month], byMonthDay: [-1] }))],
  ["on? the {ord} {workday}", parts(({ ord }) => ({ byDay: workdays, bySetPos: [ord] }))],
  [
    "on? the {places} {workday} of|in {month}",
    parts(({ places, month }) => ({ byDay: workdays, bySetPos: places, byMonth: [month] })),
  ],
  ["on day {n}", parts(({ n }) => (isDayOfMonth(n) ? { byMonthDay: [n] } : null))],
  ["on? the {places} {weekdays}", parts(nthDays)],
  ["on? the last day", parts(() => ({ byMonthDay: [-1] }))],
  ["on? the {places} {workday}", parts(({ places }) => ({ byDay: workdays, bySetPos: places }))],
  ["on {dayNumber} {month}", parts(onDate)],
  ["on {month} {dayNumber}", parts(onDate)],
  ["on {month} the? {ord}", parts(onDate)],
  ["on the? {ord} of? {month}", parts(onDate)],
  ["on the {places} {weekdays} of|in {month}", parts((bound) => ({ ...nthDays(bound), byMonth: [bound.month] }))],
];

function nthDays({ places, weekdays }: Bound): Partial<Rule> {
  return { byDay: numbered(places, weekdays) };
}

const onDays = (days: readonly number[]): Rule => every("MONTHLY", 1, { byMonthDay: days });

const monthDays = (days: readonly number[]): number[] => [...new Set(days)].sort((a, b) => a - b);

function onDate({ ord, month }: Bound): Partial<Rule> | null {
  return isDayOfMonth(ord) ? { byMonth: [month], byMonthDay: [ord] } : null;
}

const weekly = (interval: number) => rule(({ weekdays }) => every("WEEKLY", interval, { byDay: byWeekdays(weekdays) }));

/** "every 2nd tuesday" is one of the month; every other one is offered. */
const monthlyPlaces = rule((bound) => {
  const [place = 0] = bound.places;
  const [weekday = 0] = bound.weekdays;
  const single = bound.places.length === 1 && bound.weekdays.length === 1 && place > 1;
  const spoken = weekdayNames[weekday] ?? "";
  const other = place === 2 ? `every other ${spoken}` : `every ${place} weeks on ${spoken}`;
  return every("MONTHLY", 1, { ...nthDays(bound), ...(single ? { others: [other] } : {}) });
});

const weekdayNames = "monday tuesday wednesday thursday friday saturday sunday".split(" ");

/** A numbered weekday of a named or any month, said outright: nothing else is offered. */
const plainPlaces = rule((bound) => every("MONTHLY", 1, nthDays(bound)));

const yearlyDate = rule((bound) => {
  const when = onDate(bound);
  return when === null ? null : every("YEARLY", 1, when);
});

const ofMonth = "of|in|on the|every|each|a month";

const rules: readonly GroupRow[] = [
  ["{frequency}", ({ rule: read }) => ({ rule: read })],
  ["{frequency} ,? {on}", rule((bound) => joinedRule(bound.rule, bound.parts))],
  ["{on} {frequency}", rule((bound) => joinedRule(bound.rule, bound.parts))],
  ["{each} {weekdays}", weekly(1)],
  ["{each} single {weekdays}", weekly(1)],
  ["{each} other|alternate {weekdays}", weekly(2)],
  ["on? alternate {habits}", weekly(2)],
  ["{each} {n} {habits}", rule(({ n, weekdays }) => every("WEEKLY", n, { byDay: byWeekdays(weekdays) }))],
  [
    "{each} {weekdays} {part}",
    rule(({ weekdays, part }) => every("WEEKLY", 1, { byDay: byWeekdays(weekdays), time: partTime(part) })),
  ],
  ["{each} {workday}", rule(() => every("WEEKLY", 1, { byDay: workdays }))],
  ["on|all? {workdays}", rule(() => every("WEEKLY", 1, { byDay: workdays }))],
  ["{each} weekend", rule(() => every("WEEKLY", 1, { byDay: ["SA"] }))],
  ["{each} other weekend", rule(() => every("WEEKLY", 2, { byDay: ["SA"] }))],
  ["on|all? weekends", rule(() => every("WEEKLY", 1, { byDay: ["SA"] }))],
  ["on|all? {habits}", weekly(1)],
  [
    "{weekdaySlashes}",
    ({ weekdays }) => ({ rule: every("WEEKLY", 1, { byDay: byWeekdays(weekdays) }), place: "beside" }),
  ],
  ["{each} {part}", rule(({ part }) => every("DAILY", 1, { time: partTime(part) }))],
  ["{each} noon|midday", rule(() => every("DAILY", 1, { time: exactly(720) }))],
  ["{each} other {part}", rule(({ part }) => every("DAILY", 2, { time: partTime(part) }))],
  ["nightly", rule(() => every("DAILY", 1, { time: partTime("night") }))],
  ["{each} day|night {exception}", rule(({ weekdays }) => except([0, 1, 2, 3, 4, 5, 6], weekdays))],
  ["daily {exception}", rule(({ weekdays }) => except([0, 1, 2, 3, 4, 5, 6], weekdays))],
  [
    "{each} day|night {time} {exception}",
    rule(({ weekdays, time }) => except([0, 1, 2, 3, 4, 5, 6], weekdays, { time })),
  ],
  ["daily {time} {exception}", rule(({ weekdays, time }) => except([0, 1, 2, 3, 4, 5, 6], weekdays, { time }))],
  ["on? {workdays} {exception}", rule(({ weekdays }) => except([0, 1, 2, 3, 4], weekdays))],
  ["{each} {workday} {exception}", rule(({ weekdays }) => except([0, 1, 2, 3, 4], weekdays))],
  ["{each} {workday} {time} {exception}", rule(({ weekdays, time }) => except([0, 1, 2, 3, 4], weekdays, { time }))],
  ["{each} {places} {weekdays}", monthlyPlaces],
  [`{each} {places} {weekdays} ${ofMonth}`, plainPlaces],
  [`on? the? {places} {weekdays} ${ofMonth}`, plainPlaces],
  ["{each} {places} {workday}", rule(({ places }) => every("MONTHLY", 1, { byDay: workdays, bySetPos: places }))],
  ["{each} {ord} {workday}", rule(({ ord }) => every("MONTHLY", 1, { byDay: workdays, bySetPos: [ord] }))],
  [
    `{each} {places} {workday} ${ofMonth}`,
    rule(({ places }) => every("MONTHLY", 1, { byDay: workdays, bySetPos: places })),
  ],
  [
    `on? the? {places} {workday} ${ofMonth}`,
    rule(({ places }) => every("MONTHLY", 1, { byDay: workdays, bySetPos: places })),
  ],
  [`on? the? {place} day ${ofMonth}`, rule(({ places }) => every("MONTHLY", 1, { byMonthDay: places }))],
  ["{each} last day", rule(() => every("MONTHLY", 1, { byMonthDay: [-1] }))],
  [`{each} last day ${ofMonth}`, rule(() => every("MONTHLY", 1, { byMonthDay: [-1] }))],
  ["{each} month end", rule(() => every("MONTHLY", 1, { byMonthDay: [-1] }))],
  ["{each} {ords}", rule(({ ords }) => every("MONTHLY", 1, { byMonthDay: monthDays(ords) }))],
  ["{each} {ords} and the? last day", rule(({ ords }) => onDays([...monthDays(ords), -1]))],
  [`on? the? {ords} and the? last day ${ofMonth}`, rule(({ ords }) => onDays([...monthDays(ords), -1]))],
  ["at? the? end of|in every|each month", rule(() => onDays([-1]))],
  ["at? the? start|beginning of|in every|each month", rule(() => onDays([1]))],
  [`{each} {ords} ${ofMonth}`, rule(({ ords }) => every("MONTHLY", 1, { byMonthDay: monthDays(ords) }))],
  [`on? the? {ords} ${ofMonth}`, rule(({ ords }) => every("MONTHLY", 1, { byMonthDay: monthDays(ords) }))],
  ["{each} {month} {dayNumber}", yearlyDate],
  ["{each} {month} the? {ord}", yearlyDate],
  ["{each} {dayNumber} {month}", yearlyDate],
  ["{each} {ord} of? {month}", yearlyDate],
  ["on? {dayNumber} {month} {yearly}", yearlyDate],
  ["on? {month} {dayNumber} {yearly}", yearlyDate],
  ["on? {month} the? {ord} {yearly}", yearlyDate],
  ["on? the? {ord} of? {month} {yearly}", yearlyDate],
  ["{each} {places} {weekdays} of|in {month}", yearlyPlaces()],
  ["on? the? {places} {weekdays} of|in every|each {month}", yearlyPlaces()],
  ["on? the? {places} {weekdays} of|in {month} {yearly}", yearlyPlaces()],
  ["{each} {month}", rule(({ month }) => every("YEARLY", 1, { byMonth: [month], byMonthDay: [1] }))],
  ...inLongStretches("{each}"),
  ...inLongStretches("on? the?"),
];

/** Days of a quarter or a year: "first friday of every quarter", "last workday of every year". */
function inLongStretches(lead: string): GroupRow[] {
  return [
    [`${lead} {places} {weekdays} {ofQuarter}`, rule((bound) => inQuarters(bound.places, nthDays(bound)))],
    [
      `${lead} {places} {workday} {ofQuarter}`,
      rule(({ places }) => inQuarters(places, { byDay: workdays, bySetPos: places })),
    ],
    [`${lead} {place} day {ofQuarter}`, rule(({ places }) => inQuarters(places, { byMonthDay: places }))],
    [
      `${lead} {ords} {ofQuarter}`,
      rule(({ ords }) => (validDays(ords) ? inQuarters(ords, { byMonthDay: monthDays(ords) }) : null)),
    ],
    [`${lead} {places} {weekdays} {ofYear}`, rule((bound) => every("YEARLY", 1, nthDays(bound)))],
    [
      `${lead} {places} {workday} {ofYear}`,
      rule(({ places }) => every("YEARLY", 1, { byDay: workdays, bySetPos: places })),
    ],
    [`${lead} first day {ofYear}`, rule(() => every("YEARLY", 1, { byMonth: [1], byMonthDay: [1] }))],
    [`${lead} last day {ofYear}`, rule(() => every("YEARLY", 1, { byMonth: [12], byMonthDay: [31] }))],
  ];
}

function yearlyPlaces() {
  return rule((bound) => every("YEARLY", 1, { ...nthDays(bound), byMonth: [bound.month] }));
}

function except(days: readonly number[], without: readonly number[], parts: Partial<Rule> = {}): Rule | null {
  const left = days.filter((day) => !without.includes(day)).map(codeOf);
  return left.length === 0 ? null : every("WEEKLY", 1, { ...parts, byDay: left });
}

export const ruleGroups: Record<string, readonly GroupRow[]> = {
  each: [
    ["every|each|ev|evry", () => ({ completion: false })],
    ["every|each|ev ~!", () => ({ completion: true })],
  ],
  exception: [
    ["except|but|excluding on|for? {weekdays}", ({ weekdays }) => ({ weekdays })],
    ["except|but|excluding on|at|for? the? weekends|weekend", () => ({ weekdays: [5, 6] })],
  ],
  workday: [
    ["weekday|workday", () => ({})],
    ["working|business|work|week day", () => ({})],
  ],
  workdays: [
    ["weekdays|workdays", () => ({})],
    ["working|business days", () => ({})],
  ],
  ofQuarter: [["of|in the|every|each|a quarter", () => ({})]],
  ofYear: [["of|in every|each|a year", () => ({})]],
  yearly: [
    ["every|each year", () => ({})],
    ["yearly|annually", () => ({})],
  ],
  place: [
    ["{ord}", ({ ord }) => (ord <= 5 ? { places: [ord] } : null)],
    ["last", () => ({ places: [-1] })],
    ["second|2nd|next to last", () => ({ places: [-2] })],
    ["second - to - last", () => ({ places: [-2] })],
    ["penultimate", () => ({ places: [-2] })],
  ],
  keyword,
  frequency,
  on,
  rule: rules,
};
