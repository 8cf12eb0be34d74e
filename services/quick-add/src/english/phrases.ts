import type { Priority } from "@carillon/contracts/http/tasks";
import type { Bound, PhraseRow } from "../grammar.ts";
import {
  dayOfMonthToCome,
  fromToday,
  isDayOfMonth,
  placeInMonth,
  plusDays,
  weekend,
  wholeMonth,
} from "../meaning/day.ts";
import type { Meaning } from "../meaning/meaning.ts";
import { daysAndHours } from "../meaning/offset.ts";
import { byWeekdays, every, type Rule, workdays } from "../meaning/rule.ts";
import { during, partTime, until } from "../meaning/time.ts";
import { reminders } from "./reminders.ts";

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
  ["on|this {day}", theDay, "anywhere"],
  ["{day} {part}", ({ day, part }) => due({ day, time: partTime(part) })],
  ["on {day} {part}", ({ day, part }) => due({ day, time: partTime(part) }), "anywhere"],
  ["on? {day} in the {part}", ({ day, part }) => due({ day, time: partTime(part) })],
  ["on? {day} at night", ({ day }) => due({ day, time: partTime("night") })],
  ["{isoTime}", ({ day, time }) => due({ day, time })],
  ["{ord}", ordinalDay, "apart"],
  ["the {ord}", ordinalDay, "apart"],
  ["on the? {ord}", ordinalDay, "apart"],
  ["on the? {numeral}", ordinalDay, "uncounted"],
  ["{shortSlashDay}", theDay, "last"],
  ["on {shortSlashDay}", theDay, "anywhere"],
  ["on {shortDotDay}", theDay, "apart"],
  ["{feast}", theDay, "apart"],
  ["on|at {feast}", theDay, "apart"],
  [
    "in|next {month} {year}?",
    ({ month, year }) => due({ day: wholeMonth(placeInMonth(month, "first", year)) }),
    "apart",
  ],
  ["{month} {year}", ({ month, year }) => due({ day: wholeMonth(placeInMonth(month, "first", year)) }), "apart"],
  ["on|at|over the? weekend", () => due({ day: weekend(0) }), "anywhere"],
  ["at the? {day}", theDay, "anywhere"],
  ["tom", () => due({ day: fromToday(1) }), "small"],
  ["this {part}", ({ part }) => due({ day: fromToday(0), time: partTime(part) })],
  ["first thing on? {day}", ({ day }) => due({ day, time: partTime("morning") })],
  ["on? {day} first thing", ({ day }) => due({ day, time: partTime("morning") })],
  ["first thing in the morning", () => due({ day: fromToday(1), time: partTime("morning") })],
  ["the? {n} {unit} before|prior {named}", daysBefore],
  ["the? {n} {unit} before|prior {feast}", daysBefore],
  ["on? the? {part} before {occasion}", ({ day, part }) => due({ day: plusDays(day, -1), time: partTime(part) })],
  ["on? the? {part} after {occasion}", ({ day, part }) => due({ day: plusDays(day, 1), time: partTime(part) })],
  ["on? the day before {named}", (bound) => daysBefore({ ...bound, n: 1 })],
  ["on? the day before {feast}", (bound) => daysBefore({ ...bound, n: 1 })],
  ["{hour} tonight|tonite", ({ time }) => due({ day: fromToday(0), time: during(time, "night") })],
  ["tonight|tonite", () => due({ day: fromToday(0), time: partTime("night") })],
  ["no date|deadline", () => ({ kind: "none" }), "apart"],
  ["no due date", () => ({ kind: "none" }), "apart"],
  ["yesterday", past],
  ["the? day before yesterday", past],
  ["last|past|previous {weekday}", past],
  ["last|previous week|month|year", past, "apart"],
  ["{n} {unit} ago", past],
  ["{elapsed} ago", past],
];

function daysBefore({ n, unit: { unit, times: factor }, day }: Bound): Meaning | null {
  if (!Number.isInteger(n) || n > 999 || unit === "month" || unit === "year") return null;
  return due({ day: plusDays(day, -n * factor * (unit === "week" ? 7 : 1)) });
}

const times: readonly PhraseRow[] = [
  ["{time}", ({ time }) => due({ time })],
  ["{tenTo}", ({ time }) => due({ time }), "last"],
  [
    "half {hour}",
    ({ n, time }) => (n <= 12 && time.minutes !== null ? due({ time: { ...time, minutes: time.minutes + 30 } }) : null),
    "last",
  ],
  ["{hour}", ({ time }) => due({ time }), "hour"],
  ["{hour} -|to {hour2}", ({ time, time2 }) => due({ time: until(time, time2) }), "hour"],
  ["at lunch|lunchtime", () => due({ time: partTime("noon") }), "last"],
  ["in the {part}", ({ part }) => due({ time: partTime(part) }), "anywhere"],
  ["at night", () => due({ time: partTime("night") }), "beside"],
  ["{part}", ({ part }) => due({ time: partTime(part) }), "hour"],
  ["in|within|after {elapsed}", ({ elapsed }) => ({ kind: "elapsed", milliseconds: elapsed }), "anywhere"],
  ["in {n} {unit} and? {n2} {span2}", daysAndHours],
  ["in {elapsed} time?", ({ elapsed }) => ({ kind: "elapsed", milliseconds: elapsed }), "anywhere"],
  ["{elapsed} from now", ({ elapsed }) => ({ kind: "elapsed", milliseconds: elapsed })],
  ["+ ~{elapsed}", ({ elapsed }) => ({ kind: "elapsed", milliseconds: elapsed })],
  ["{badClock}", () => ({ kind: "fault", reason: "impossible" })],
  ["{hour} {am}", ({ n }) => (n > 12 || n === 0 ? { kind: "fault", reason: "impossible" } : null)],
  ["{hour} {pm}", ({ n }) => (n > 12 || n === 0 ? { kind: "fault", reason: "impossible" } : null)],
];

const series: readonly PhraseRow[] = [
  ["{rule}", ({ rule }) => ({ kind: "recurrence", rule })],
  ["{rule} in the {part}", ({ rule, part }) => ({ kind: "recurrence", rule: { ...rule, time: partTime(part) } })],
  ["{rule} at night", ({ rule }) => ({ kind: "recurrence", rule: { ...rule, time: partTime("night") } })],
  ["{weekdayRange}", ({ weekdays }) => recurs(every("WEEKLY", 1, { byDay: byWeekdays(weekdays) })), "beside"],
  [
    "on? the? {place} {workday}",
    ({ places }) => recurs(every("MONTHLY", 1, { byDay: workdays, bySetPos: places })),
    "sole",
  ],
  ["{each} {span}", unsupported],
  ["{each} {n} {span}", unsupported],
  ["{each} half -? hour", unsupported],
  ["{each} other|second {span}", unsupported],
  ["hourly", unsupported, "apart"],
  ["{each} other|alternate {workday}", unsupported],
  ["twice a|per|every|each {unit}", unsupported],
  ["{n} times a|per|every|each {unit}", unsupported],
  ["twice daily|weekly|monthly|yearly", unsupported],
  ["{n} times daily|weekly|monthly|yearly", unsupported],
  [
    "until|till|til|through|thru|ending|ends|- on|in? {end}",
    ({ day }) => ({ kind: "until", day, from: null, alone: false }),
  ],
  ["up to {end}", ({ day }) => ({ kind: "until", day, from: null, alone: false })],
  ["until|till|til the {end}", ({ day }) => ({ kind: "until", day, from: null, alone: false })],
  [
    "from {end} to|until|till|til|through|thru|- {end2}",
    ({ day, day2 }) => ({ kind: "until", day: day2, from: day, alone: false }),
  ],
  ["between {end} and {end2}", ({ day, day2 }) => ({ kind: "until", day: day2, from: day, alone: false })],
  ["starting|beginning|commencing|start|starts on|from|in? {end}", ({ day }) => ({ kind: "start", day, alone: true })],
  ["from {end}", ({ day }) => ({ kind: "start", day, alone: false })],
  ["as of {end}", ({ day }) => ({ kind: "start", day, alone: true })],
  ["for the? next? {n} {unit}", ({ n, unit }) => lasting(n, unit)],
  ["for the? next? {n} times|occurrences|repetitions|repeats", ({ n }) => counted(n)],
  ["{n} times|occurrences|repetitions", ({ n }) => counted(n)],
  ["{n} ~x", ({ n }) => counted(n)],
  ["x {n}", ({ n }) => counted(n)],
  ["after each|every|the|last? completion", () => ({ kind: "anchor" })],
  ["after completing|finishing|doing it|them?", () => ({ kind: "anchor" })],
  ["after|when|once i|it|it's|its? done|complete|completed|finished|finish", () => ({ kind: "anchor" })],
  ["after|when|once it ' s done|complete|completed|finished", () => ({ kind: "anchor" })],
  ["from|on completion", () => ({ kind: "anchor" })],
];

function lasting(amount: number, { unit, times }: Bound["unit"]): Meaning | null {
  return Number.isInteger(amount) && amount > 0 && amount <= 9_999
    ? { kind: "lasting", amount: amount * times, unit }
    : null;
}

const counted = (count: number): Meaning | null =>
  Number.isInteger(count) && count >= 1 && count <= 9_999 ? { kind: "count", count } : null;

const marks: readonly PhraseRow[] = [
  ["! ~urgent|critical|dringend", priority("urgent")],
  ["! ~high|important|hoch|wichtig", priority("high")],
  ["! ~medium|normal|mittel", priority("medium")],
  ["! ~low|niedrig|gering", priority("low")],
  ["p ~1", priority("urgent")],
  ["p ~2", priority("high")],
  ["p ~3", priority("medium")],
  ["p ~4", priority("low")],
  ["! ~1", priority("urgent")],
  ["! ~2", priority("high")],
  ["! ~3", priority("medium")],
  ["! ~4", priority("low")],
  ["urgent|critical task|todo|item :|to|called|named|for?", priority("urgent"), "tail"],
  ["important task|todo|item :|to|called|named|for?", priority("high"), "tail"],
  ["high - priority", priority("high")],
  ["low - priority", priority("low")],
  ["urgent|top priority|prio", priority("urgent")],
  ["high priority|prio", priority("high")],
  ["medium|normal priority|prio", priority("medium")],
  ["low priority|prio", priority("low")],
  ["priority|prio :? urgent|1", priority("urgent")],
  ["priority|prio :? high|2", priority("high")],
  ["priority|prio :? medium|normal|3", priority("medium")],
  ["priority|prio :? low|4", priority("low")],
];

const fillers: readonly PhraseRow[] = [
  ["{please}? remind me to|about|that|of|when?", filler(true), "start"],
  ["reminder :", filler(true), "start"],
  ["deadline|due :", filler(), "start"],
  ["please? remember to", filler(), "start"],
  ["do not forget to|about?", filler(), "start"],
  ["don ' t forget to|about?", filler(), "start"],
  ["dont forget to|about?", filler(), "start"],
  ["i need|have|want to", filler(), "start"],
  ["todo|task :", filler(), "start"],
  ["to - do :", filler(), "start"],
  ["new task|todo :?", filler(), "start"],
  ["{please}? create|add|make|schedule a|an|the? new? task|todo|item to|for|:|called|named|-?", filler(), "start"],
  ["{please}? set|create|add|make up? a|an? reminder to|for|:|about?", filler(true), "start"],
  ["{please}? create|add|make|schedule|set up? a|an", filler(), "lead"],
  ["task|todo|item|reminder :|to|called|named|for?", filler(), "tail"],
  ["to|about|that|of", filler(), "tail"],
  ["by|due|before|for|deadline on|by|:?", filler(), "lead"],
  ["no|not later than", filler(), "lead"],
];

export const phrases: readonly PhraseRow[] = [...dates, ...times, ...series, ...reminders, ...marks, ...fillers];
