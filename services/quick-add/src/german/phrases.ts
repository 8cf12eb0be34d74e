import type { Priority } from "@carillon/contracts/http/tasks";
import type { Bound, GroupRow, PhraseRow } from "../grammar.ts";
import {
  dayOfMonthToCome,
  fromToday,
  isDayOfMonth,
  placeInMonth,
  plusDays,
  weekdayOfWeek,
  weekdayToCome,
  weekend,
  wholeMonth,
} from "../meaning/day.ts";
import type { Meaning } from "../meaning/meaning.ts";
import { daysAndHours } from "../meaning/offset.ts";
import { byWeekdays, every, type Rule, workdays } from "../meaning/rule.ts";
import { partTime, until } from "../meaning/time.ts";
import { reminderGroups, reminders } from "./reminders.ts";

const due = ({ day, time }: Partial<Bound>): Meaning => ({ kind: "due", day: day ?? null, time: time ?? null });
const theDay = ({ day }: Bound): Meaning => due({ day });
const ordinalDay = ({ ord }: Bound): Meaning | null => (isDayOfMonth(ord) ? due({ day: dayOfMonthToCome(ord) }) : null);
const past = (): Meaning => ({ kind: "fault", reason: "past" });
const unsupported = (): Meaning => ({ kind: "fault", reason: "unsupported" });
const filler =
  (reminds = false) =>
  (): Meaning => ({ kind: "filler", reminds });
const priority = (level: Priority) => (): Meaning => ({ kind: "priority", priority: level });

const recurs = (rule: Rule): Meaning => ({ kind: "recurrence", rule });

const dates: readonly PhraseRow[] = [
  ["{day}", theDay],
  ["am|an|den|dem|zum|zu|im {day}", theDay, "anywhere"],
  ["der {ord}", ordinalDay, "beside"],
  ["{dayPart}", ({ weekday, part }) => due({ day: weekdayToCome(weekday), time: partTime(part) })],
  ["nächsten {dayPart}", ({ weekday, part }) => due({ day: weekdayOfWeek(weekday, 1), time: partTime(part) })],
  ["{n} {unit} vor {named}", daysBefore],
  ["{n} {unit} vor {feast}", daysBefore],
  ["am? {part} vor {occasion}", ({ day, part }) => due({ day: plusDays(day, -1), time: partTime(part) })],
  ["am? {part} nach {occasion}", ({ day, part }) => due({ day: plusDays(day, 1), time: partTime(part) })],
  ["bis {day} {part}", ({ day, part }) => due({ day, time: partTime(part) })],
  ["am tag vor {named}", (bound) => daysBefore({ ...bound, n: 1 })],
  ["am tag vor {feast}", (bound) => daysBefore({ ...bound, n: 1 })],
  ["am|diesen|kommenden {dayPart}", ({ weekday, part }) => due({ day: weekdayToCome(weekday), time: partTime(part) })],
  ["am? {day} {part}", ({ day, part }) => due({ day, time: partTime(part) }), "anywhere"],
  ["am? {day} {adverb}", ({ day, part }) => due({ day, time: partTime(part) }), "anywhere"],
  ["am? {day} am {part}", ({ day, part }) => due({ day, time: partTime(part) }), "anywhere"],
  ["{isoTime}", ({ day, time }) => due({ day, time })],
  ["am|den|dem|zum {ord}", ordinalDay, "uncounted"],
  ["am|den|dem|zum {shortDotDay}", theDay, "anywhere"],
  ["am|den|dem|zum {shortSlashDay}", theDay, "anywhere"],
  ["{shortSlashDay}", theDay, "last"],
  ["{feast}", theDay, "apart"],
  ["an|am|zu|zum {feast}", theDay, "anywhere"],
  ["im {month} {year}?", ({ month, year }) => due({ day: wholeMonth(placeInMonth(month, "first", year)) }), "anywhere"],
  ["{month} {year}", ({ month, year }) => due({ day: wholeMonth(placeInMonth(month, "first", year)) }), "apart"],
  ["am|übers wochenende", () => due({ day: weekend(0) })],
  ["heute nacht", () => due({ day: fromToday(0), time: partTime("night") })],
  ["kein datum", () => ({ kind: "none" }), "apart"],
  ["ohne datum|termin", () => ({ kind: "none" }), "apart"],
  ["gestern|vorgestern", past],
  ["am? letzten|letzte|letzter|vergangenen|vorigen {weekday}", past],
  ["am? letzte|letzter|vorige|voriger|vergangene|vergangener woche", past, "apart"],
  ["letzten|letztes|vorigen|voriges|vergangenen|vergangenes monat|jahr", past, "apart"],
  ["vor {n} {unit}", past],
  ["vor {elapsed}", past],
];

function daysBefore({ n, unit: { unit, times: factor }, day }: Bound): Meaning | null {
  if (!Number.isInteger(n) || n > 999 || unit === "month" || unit === "year") return null;
  return due({ day: plusDays(day, -n * factor * (unit === "week" ? 7 : 1)) });
}

const times: readonly PhraseRow[] = [
  ["{time}", ({ time }) => due({ time })],
  ["zu mittag", () => due({ time: partTime("noon") })],
  ["mittags", () => due({ time: partTime("noon") }), "last"],
  ["{hour}", ({ time }) => due({ time }), "hour"],
  ["{hour} -|bis {hour2}", ({ time, time2 }) => due({ time: until(time, time2) }), "hour"],
  ["am|gegen {part}", ({ part }) => due({ time: partTime(part) }), "anywhere"],
  ["in der nacht", () => due({ time: partTime("night") }), "beside"],
  ["in der früh", () => due({ time: partTime("morning") })],
  ["{adverb}", ({ part }) => due({ time: partTime(part) }), "beside"],
  ["nachts", () => due({ time: partTime("night") }), "beside"],
  ["früh", () => due({ time: partTime("morning") }), "hour"],
  ["in {elapsed}", ({ elapsed }) => ({ kind: "elapsed", milliseconds: elapsed }), "anywhere"],
  ["in {n} {unit} und? {n2} {span2}", daysAndHours],
  ["+ ~{elapsed}", ({ elapsed }) => ({ kind: "elapsed", milliseconds: elapsed })],
  ["{badClock}", () => ({ kind: "fault", reason: "impossible" })],
  ["{badClock} uhr", () => ({ kind: "fault", reason: "impossible" })],
  ["{n} uhr", ({ n }) => (n > 24 && n < 100 ? { kind: "fault", reason: "impossible" } : null)],
];

const series: readonly PhraseRow[] = [
  ["{rule}", ({ rule }) => ({ kind: "recurrence", rule })],
  ["{weekdayRange}", ({ weekdays }) => recurs(every("WEEKLY", 1, { byDay: byWeekdays(weekdays) })), "beside"],
  [
    "am|der? {place} {workday}",
    ({ places }) => recurs(every("MONTHLY", 1, { byDay: workdays, bySetPos: places })),
    "sole",
  ],
  ["{inflected}", ({ rule }) => ({ kind: "recurrence", rule }), "tail"],
  ["{rule} {adverb}", ({ rule, part }) => ({ kind: "recurrence", rule: { ...rule, time: partTime(part) } })],
  ["{rule} nachts", ({ rule }) => ({ kind: "recurrence", rule: { ...rule, time: partTime("night") } })],
  ["{rule} am {part}", ({ rule, part }) => ({ kind: "recurrence", rule: { ...rule, time: partTime(part) } })],
  ["{each} {span}", unsupported],
  ["{each} {n} {span}", unsupported],
  ["{each} halbe stunde", unsupported],
  ["stündlich", unsupported],
  ["{times} pro|am|im|je {unit}", unsupported],
  ["{times} in der woche", unsupported],
  ["{times} täglich|wöchentlich|monatlich|jährlich", unsupported],
  ["bis|endet|endend einschließlich? {end}", ({ day }) => ({ kind: "until", day, from: null, alone: true })],
  ["zwischen {end} und {end2}", ({ day, day2 }) => ({ kind: "until", day: day2, from: day, alone: false })],
  ["vom|von|ab {end} bis {end2}", ({ day, day2 }) => ({ kind: "until", day: day2, from: day, alone: false })],
  ["ab|startend|beginnend|beginn|start mit|ab? {end}", ({ day }) => ({ kind: "start", day, alone: true })],
  ["für die? nächsten? {n} {unit}", ({ n, unit }) => lasting(n, unit)],
  ["die nächsten {n} {unit}", ({ n, unit }) => lasting(n, unit)],
  ["{n} {unit} lang", ({ n, unit }) => lasting(n, unit)],
  ["insgesamt|noch? {times}", ({ n }) => counted(n)],
  ["{n} wiederholungen", ({ n }) => counted(n)],
  ["x {n}", ({ n }) => counted(n)],
  ["nach jeder|der|dem? erledigung|abschluss|fertigstellung|erledigen|abschließen", () => ({ kind: "anchor" })],
  ["gerechnet? ab|seit erledigung|abschluss", () => ({ kind: "anchor" })],
  ["wenn|sobald|nachdem es? erledigt ist?", () => ({ kind: "anchor" })],
];

function lasting(amount: number, { unit, times: factor }: Bound["unit"]): Meaning | null {
  return Number.isInteger(amount) && amount <= 9_999 ? { kind: "lasting", amount: amount * factor, unit } : null;
}

const counted = (count: number): Meaning | null =>
  Number.isInteger(count) && count >= 1 && count <= 9_999 ? { kind: "count", count } : null;

const marks: readonly PhraseRow[] = [
  ["! ~dringend|urgent|kritisch", priority("urgent")],
  ["! ~hoch|wichtig|high", priority("high")],
  ["! ~mittel|normal|medium", priority("medium")],
  ["! ~niedrig|gering|low", priority("low")],
  ["p ~1", priority("urgent")],
  ["p ~2", priority("high")],
  ["p ~3", priority("medium")],
  ["p ~4", priority("low")],
  ["! ~1", priority("urgent")],
  ["! ~2", priority("high")],
  ["! ~3", priority("medium")],
  ["! ~4", priority("low")],
  ["dringende|dringenden aufgabe|todo an|hinzu? :?", priority("urgent"), "tail"],
  ["wichtige|wichtigen aufgabe|todo an|hinzu? :?", priority("high"), "tail"],
  ["mit? höchste|höchster|dringende {prio}", priority("urgent")],
  ["mit? hohe|hoher|hohen {prio}", priority("high")],
  ["mit? mittlere|mittlerer|normale|normaler {prio}", priority("medium")],
  ["mit? niedrige|niedriger|geringe|geringer {prio}", priority("low")],
  ["{prio} :? dringend|urgent|höchste|1", priority("urgent")],
  ["{prio} :? hoch|high|2", priority("high")],
  ["{prio} :? mittel|normal|medium|3", priority("medium")],
  ["{prio} :? niedrig|gering|low|4", priority("low")],
];

const fillers: readonly PhraseRow[] = [
  ["bitte? erinnere|erinner mich bitte? daran|dran? ,? an|dass|zu?", filler(true), "start"],
  ["bitte? vergiss nicht ,? zu?", filler(), "start"],
  ["nicht vergessen :|,?", filler(), "start"],
  ["denk|denke daran|dran|an ,?", filler(), "start"],
  ["ich muss|möchte|will|sollte", filler(), "start"],
  ["aufgabe|todo|frist|termin|fällig :", filler(), "start"],
  ["trag|trage ein :", filler(), "start"],
  ["notiere|notier|merke|merk :", filler(), "start"],
  ["neue|neues aufgabe|todo :?", filler(), "start"],
  ["erinnerung :? an?", filler(true), "start"],
  ["bitte? {make} eine|ein? neue|neues? aufgabe|todo an|hinzu? :|,?", filler(), "start"],
  ["bitte? {make} eine erinnerung an|hinzu? :|,?", filler(true), "start"],
  ["bitte? {make} eine|ein", filler(), "lead"],
  ["aufgabe|todo|erinnerung an|hinzu? :", filler(), "tail"],
  ["aufgabe|todo|erinnerung", filler(), "tail"],
  ["an|daran|dass|zu", filler(), "tail"],
  ["fällig|spätestens|bis|frist|deadline :?", filler(), "lead"],
  ["bis spätestens", filler(), "lead"],
  ["für|vor", filler(), "lead"],
  ["immer|jeweils", filler(), "lead"],
];

export const phraseGroups: Record<string, readonly GroupRow[]> = {
  make: [["erstelle|erstell|lege|leg|mache|mach|füge|plane", () => ({})]],
  prio: [["priorität|prio", () => ({})]],
  times: [
    ["{n} -? mal", ({ n }) => ({ n })],
    ["{n} ~x", ({ n }) => ({ n })],
    ["zweimal", () => ({ n: 2 })],
    ["dreimal", () => ({ n: 3 })],
    ["viermal", () => ({ n: 4 })],
    ["fünfmal", () => ({ n: 5 })],
    ["sechsmal", () => ({ n: 6 })],
    ["siebenmal", () => ({ n: 7 })],
    ["achtmal", () => ({ n: 8 })],
    ["neunmal", () => ({ n: 9 })],
    ["zehnmal", () => ({ n: 10 })],
    ["zwölfmal", () => ({ n: 12 })],
    ["zwanzigmal", () => ({ n: 20 })],
  ],
  ...reminderGroups,
};

export const phrases: readonly PhraseRow[] = [...dates, ...times, ...series, ...reminders, ...marks, ...fillers];
