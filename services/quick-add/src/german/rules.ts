import type { Bound, GroupRow } from "../grammar.ts";
import { each, often, parts, rule } from "../meaning/bound-rule.ts";
import { isDayOfMonth } from "../meaning/day.ts";
import { byWeekdays, codeOf, every, inQuarters, joinedRule, numbered, type Rule, workdays } from "../meaning/rule.ts";
import { partTime } from "../meaning/time.ts";

const frequency: readonly GroupRow[] = [
  ["{each} {unit}", rule(each(() => 1))],
  ["{each} {n} {unit}", rule(each(({ n }) => n))],
  ["{each} {ord} {unit}", rule(each(({ ord }) => ord))],
  ["{each} halbe|halben jahr", often("MONTHLY", 6)],
  ["{once} {unit}", rule(each(() => 1))],
  ["täglich", often("DAILY")],
  ["wöchentlich", often("WEEKLY")],
  ["vierzehntäglich|vierzehntägig|zweiwöchentlich|zweiwöchig", often("WEEKLY", 2)],
  ["14 -? täglich|tägig", often("WEEKLY", 2)],
  ["monatlich", often("MONTHLY")],
  ["zweimonatlich", often("MONTHLY", 2)],
  ["vierteljährlich|quartalsweise", often("MONTHLY", 3)],
  ["halbjährlich", often("MONTHLY", 6)],
  ["jährlich|alljährlich", often("YEARLY")],
];

/** "tägliche" is an adjective: it counts only behind "Erstelle eine". */
const inflected: readonly GroupRow[] = [
  ["tägliche|täglichen|tägliches", often("DAILY")],
  ["wöchentliche|wöchentlichen|wöchentliches", often("WEEKLY")],
  ["monatliche|monatlichen|monatliches", often("MONTHLY")],
  ["jährliche|jährlichen|jährliches", often("YEARLY")],
];

const validDays = (days: readonly number[]): boolean => days.every(isDayOfMonth);
const monthDays = (days: readonly number[]): number[] => [...new Set(days)].sort((a, b) => a - b);

const on: readonly GroupRow[] = [
  ["am|an|jeweils? {weekdays}", parts(({ weekdays }) => ({ byDay: byWeekdays(weekdays) }))],
  ["am|jeweils|zum? {ords}", parts(({ ords }) => (validDays(ords) ? { byMonthDay: monthDays(ords) } : null))],
  ["am {places} {weekdays}", parts(nthDays)],
  ["am letzten tag", parts(() => ({ byMonthDay: [-1] }))],
  ["zum|am monatsende", parts(() => ({ byMonthDay: [-1] }))],
  ["am {places} {workday}", parts(({ places }) => ({ byDay: workdays, bySetPos: places }))],
  ["am {ord} {month}", parts(onDate)],
  ["am {dayNumber} {month}", parts(onDate)],
  ["am {places} {weekdays} im|des {month}", parts((bound) => ({ ...nthDays(bound), byMonth: [bound.month] }))],
];

function nthDays({ places, weekdays }: Bound): Partial<Rule> {
  return { byDay: numbered(places, weekdays) };
}

function onDate({ ord, month }: Bound): Partial<Rule> | null {
  return isDayOfMonth(ord) ? { byMonth: [month], byMonthDay: [ord] } : null;
}

const weekly = (interval: number) => rule(({ weekdays }) => every("WEEKLY", interval, { byDay: byWeekdays(weekdays) }));
const plainPlaces = rule((bound) => every("MONTHLY", 1, nthDays(bound)));
const onWorkday = rule(({ places }) => every("MONTHLY", 1, { byDay: workdays, bySetPos: places }));
const nthWorkday = rule(({ ord }) => every("MONTHLY", 1, { byDay: workdays, bySetPos: [ord] }));
const onDays = rule(({ ords }) => every("MONTHLY", 1, { byMonthDay: monthDays(ords) }));
const firstDay = rule(() => every("MONTHLY", 1, { byMonthDay: [1] }));
const onDaysAnd = (days: readonly number[], last: number): Rule =>
  every("MONTHLY", 1, { byMonthDay: [...monthDays(days), last] });
const lastDay = rule(() => every("MONTHLY", 1, { byMonthDay: [-1] }));

const weekdayNames = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(" ");
const placeNames = ["", "ersten", "zweiten", "dritten", "vierten", "fünften"];

/** "jeden zweiten Dienstag" is every other one; the second of the month is offered. A first or last one can only be the month's. */
const everyNth = rule((bound) => {
  const [place = 0] = bound.places;
  const [weekday = 0] = bound.weekdays;
  if (bound.places.length > 1 || place < 2) return every("MONTHLY", 1, nthDays(bound));
  const other = bound.weekdays.length === 1 ? [`jeden ${placeNames[place]} ${weekdayNames[weekday]} im Monat`] : [];
  return every("WEEKLY", place, { byDay: byWeekdays(bound.weekdays), others: other });
});

const yearlyDate = rule((bound) => {
  const when = onDate(bound);
  return when === null ? null : every("YEARLY", 1, when);
});

const yearlyPlaces = rule((bound) => every("YEARLY", 1, { ...nthDays(bound), byMonth: [bound.month] }));

const rules: readonly GroupRow[] = [
  ["{frequency}", ({ rule: read }) => ({ rule: read })],
  ["{frequency} ,? {on}", rule((bound) => joinedRule(bound.rule, bound.parts))],
  ["{on} {frequency}", rule((bound) => joinedRule(bound.rule, bound.parts))],
  ["{each} {weekdays}", weekly(1)],
  ["{frequency} {habits}", rule((bound) => joinedRule(bound.rule, { byDay: byWeekdays(bound.weekdays) }))],
  ["{each} {n} wochen {habits}", rule(({ n, weekdays }) => every("WEEKLY", n, { byDay: byWeekdays(weekdays) }))],
  ["{habits}", weekly(1)],
  ["immer|jeweils am|an? {weekdays}", weekly(1)],
  ["immer|jeweils am|zum {ords} {ofMonth}?", onDays],
  [
    "{weekdaySlashes}",
    ({ weekdays }) => ({ rule: every("WEEKLY", 1, { byDay: byWeekdays(weekdays) }), place: "beside" }),
  ],
  [
    "{each} {dayPart}",
    rule(({ weekday, part }) => every("WEEKLY", 1, { byDay: [codeOf(weekday)], time: partTime(part) })),
  ],
  [
    "{each} {weekdays} {part}",
    rule(({ weekdays, part }) => every("WEEKLY", 1, { byDay: byWeekdays(weekdays), time: partTime(part) })),
  ],
  ["{each} {workday}", rule(() => every("WEEKLY", 1, { byDay: workdays, note: "Montag bis Freitag" }))],
  ["unter der woche", rule(() => every("WEEKLY", 1, { byDay: workdays, note: "Montag bis Freitag" }))],
  ["werktags|wochentags|arbeitstags", rule(() => every("WEEKLY", 1, { byDay: workdays, note: "Montag bis Freitag" }))],
  [
    "an werktagen|wochentagen|arbeitstagen",
    rule(() => every("WEEKLY", 1, { byDay: workdays, note: "Montag bis Freitag" })),
  ],
  ["{each} wochenende", rule(() => every("WEEKLY", 1, { byDay: ["SA"] }))],
  ["wochenends", rule(() => every("WEEKLY", 1, { byDay: ["SA"] }))],
  ["an wochenenden", rule(() => every("WEEKLY", 1, { byDay: ["SA"] }))],
  ["{each} {ord} wochenende", rule(({ ord }) => every("WEEKLY", ord, { byDay: ["SA"] }))],
  ["{each} {part}", rule(({ part }) => every("DAILY", 1, { time: partTime(part) }))],
  ["allmorgendlich", rule(() => every("DAILY", 1, { time: partTime("morning") }))],
  ["allabendlich", rule(() => every("DAILY", 1, { time: partTime("evening") }))],
  ["{each} tag {exception}", rule(({ weekdays }) => except([0, 1, 2, 3, 4, 5, 6], weekdays))],
  ["täglich {exception}", rule(({ weekdays }) => except([0, 1, 2, 3, 4, 5, 6], weekdays))],
  ["{each} tag {time} {exception}", rule(({ weekdays, time }) => except([0, 1, 2, 3, 4, 5, 6], weekdays, { time }))],
  ["täglich {time} {exception}", rule(({ weekdays, time }) => except([0, 1, 2, 3, 4, 5, 6], weekdays, { time }))],
  ["werktags|wochentags {exception}", rule(({ weekdays }) => except([0, 1, 2, 3, 4], weekdays))],
  ["{each} {workday} {exception}", rule(({ weekdays }) => except([0, 1, 2, 3, 4], weekdays))],
  ["{each} {workday} {time} {exception}", rule(({ weekdays, time }) => except([0, 1, 2, 3, 4], weekdays, { time }))],
  ["{each} {places} {weekdays}", everyNth],
  ["{each} {places} {weekdays} {ofMonth}", plainPlaces],
  ["am|an|der? jedem? {places} {weekdays} {ofMonth}", plainPlaces],
  ["{each} {places} {workday}", onWorkday],
  ["{each} {ord} {workday}", nthWorkday],
  ["{each} {places} {workday} {ofMonth}", onWorkday],
  ["{each} {ord} {workday} {ofMonth}", nthWorkday],
  ["am|zum|der? {places} {workday} {ofMonth}", onWorkday],
  ["am|zum? {ord} {workday} {ofMonth}", nthWorkday],
  ["{each} letzten tag", lastDay],
  ["{each} letzten tag {ofMonth}", lastDay],
  ["am|der? {place} tag {ofMonth}", rule(({ places }) => every("MONTHLY", 1, { byMonthDay: places }))],
  ["{each} monatsende|monatsletzten", lastDay],
  ["immer|jeweils am|zum monatsende|monatsletzten", lastDay],
  ["am|zum? ende jedes|jeden|eines monats", lastDay],
  ["am|zum? ende eines jeden monats", lastDay],
  ["{each} monatsersten", firstDay],
  ["immer|jeweils am|zum monatsersten|monatsanfang", firstDay],
  ["am|zum? anfang jedes|jeden|eines monats", firstDay],
  ["{each} {ords} und letzten tag", rule(({ ords }) => onDaysAnd(ords, -1))],
  ["am {ords} und letzten tag {ofMonth}", rule(({ ords }) => onDaysAnd(ords, -1))],
  ["{each} {ords}", onDays],
  ["{each} {ords} {ofMonth}", onDays],
  ["am|zum|der? {ords} {ofMonth}", onDays],
  ["am|zum ersten {ofMonth}", rule(() => every("MONTHLY", 1, { byMonthDay: [1] }))],
  ["{each} {ord} {month}", yearlyDate],
  ["{each} {dayNumber} {month}", yearlyDate],
  ["am? {ord} {month} {yearly}", yearlyDate],
  ["am? {dayNumber} {month} {yearly}", yearlyDate],
  ["{each} {places} {weekdays} im|des {month}", yearlyPlaces],
  ["am? {places} {weekdays} im|des {month} {yearly}", yearlyPlaces],
  ["{each} {month}", rule(({ month }) => every("YEARLY", 1, { byMonth: [month], byMonthDay: [1] }))],
  ...inLongStretches("{each}", "{ofYear}"),
  ...inLongStretches("am|zum|an|der? jedem?", "{ofEachYear}"),
];

/** Days of a quarter or a year: "jeden ersten Freitag im Quartal", "am letzten Werktag jedes Jahres". */
function inLongStretches(lead: string, ofYear: string): GroupRow[] {
  return [
    [`${lead} {places} {weekdays} {ofQuarter}`, rule((bound) => inQuarters(bound.places, nthDays(bound)))],
    [
      `${lead} {places} {workday} {ofQuarter}`,
      rule(({ places }) => inQuarters(places, { byDay: workdays, bySetPos: places })),
    ],
    [`${lead} {place} tag {ofQuarter}`, rule(({ places }) => inQuarters(places, { byMonthDay: places }))],
    [
      `${lead} {ords} {ofQuarter}`,
      rule(({ ords }) => (validDays(ords) ? inQuarters(ords, { byMonthDay: monthDays(ords) }) : null)),
    ],
    [`${lead} {places} {weekdays} ${ofYear}`, rule((bound) => every("YEARLY", 1, nthDays(bound)))],
    [
      `${lead} {places} {workday} ${ofYear}`,
      rule(({ places }) => every("YEARLY", 1, { byDay: workdays, bySetPos: places })),
    ],
    [`${lead} ersten|erster tag ${ofYear}`, rule(() => every("YEARLY", 1, { byMonth: [1], byMonthDay: [1] }))],
    [`${lead} letzten|letzter tag ${ofYear}`, rule(() => every("YEARLY", 1, { byMonth: [12], byMonthDay: [31] }))],
  ];
}

function except(days: readonly number[], without: readonly number[], parts: Partial<Rule> = {}): Rule | null {
  const left = days.filter((day) => !without.includes(day)).map(codeOf);
  return left.length === 0 ? null : every("WEEKLY", 1, { ...parts, byDay: left });
}

export const ruleGroups: Record<string, readonly GroupRow[]> = {
  each: [
    ["jeden|jede|jedes|jeder|jedem|alle|aller", () => ({ completion: false })],
    ["jeden|jede|jedes|alle ~!", () => ({ completion: true })],
  ],
  exception: [
    ["außer|ausser|ohne am|an? {weekdays}", ({ weekdays }) => ({ weekdays })],
    ["bis auf den|die|am? {weekdays}", ({ weekdays }) => ({ weekdays })],
    ["außer|ausser am|an? wochenende|wochenenden|wochenends", () => ({ weekdays: [5, 6] })],
  ],
  once: [
    ["einmal pro|im|am|je|jeden|jede|jedes", () => ({})],
    ["einmal in der", () => ({})],
    ["1 ~?x|mal pro|im|am|je", () => ({})],
    ["1 -? mal pro|im|am|je", () => ({})],
    ["1 x pro|im|am|je", () => ({})],
  ],
  workday: [["werktag|wochentag|arbeitstag|werktags|geschäftstag|bankarbeitstag|werktages", () => ({})]],
  ofMonth: [
    ["im|des|jeden|pro|eines monat|monats", () => ({})],
    ["in|eines|im jedem|jeden monat|monats", () => ({})],
    ["des jeweiligen monats", () => ({})],
  ],
  ofQuarter: [
    ["im|des|jedes|jeden|pro quartal|quartals", () => ({})],
    ["eines jeden quartals", () => ({})],
    ["in jedem quartal", () => ({})],
  ],
  ofYear: [
    ["im|des jahr|jahres", () => ({})],
    ["{ofEachYear}", () => ({})],
  ],
  ofEachYear: [
    ["jedes|jeden|pro jahr|jahres", () => ({})],
    ["eines jeden jahres", () => ({})],
    ["in jedem jahr", () => ({})],
  ],
  yearly: [
    ["jedes|jeden jahr|jahres", () => ({})],
    ["eines jeden jahres", () => ({})],
    ["jährlich", () => ({})],
  ],
  place: [
    ["{ord}", ({ ord }) => (ord <= 5 ? { places: [ord] } : null)],
    ["letzten|letzte|letzter|letztes|letztem", () => ({ places: [-1] })],
    ["vorletzten|vorletzte|vorletzter|vorletztes|vorletztem", () => ({ places: [-2] })],
  ],
  inflected,
  frequency,
  on,
  rule: rules,
};
