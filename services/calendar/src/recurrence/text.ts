import { ymdOf } from "../zone/day.ts";
import { monthNames, weekdayNames } from "../zone/day-names.ts";
import { dayIn } from "../zone/zone.ts";
import { type ByDay, type Frequency, type Rule, rememberedDay } from "./rule.ts";

/**
 * The rule in English, as it would follow "Repeats": "every month on the last Friday", "every 2 weeks
 * on Monday and Wednesday, 10 times". What the rule takes from the due date is not named. The zone
 * decides the day of an UNTIL in UTC.
 */
export function ruleText(rule: Rule, timeZone: string): string {
  return `${rhythmAndDays(rule)}${ending(rule, timeZone)}`;
}

const units: Record<Frequency, string> = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" };

function rhythmAndDays(rule: Rule): string {
  const { frequency, interval, byMonth, byDay, bySetPos } = rule;
  const kind = weekdayKind(byDay);
  const nameless = rule.byMonthDay.length === 0 && byMonth.length === 0 && bySetPos.length === 0;
  const isDaysOfWeek = (frequency === "DAILY" || frequency === "WEEKLY") && interval === 1 && nameless;
  if (isDaysOfWeek && (kind === "weekday" || kind === "day")) return `every ${kind}`;
  const rhythm = interval === 1 ? `every ${units[frequency]}` : `every ${interval} ${units[frequency]}s`;
  const days = daysOf(rule);
  if (days === "") return byMonth.length === 0 ? rhythm : `${rhythm} in ${months(byMonth)}`;
  if (frequency === "YEARLY") return `${rhythm} ${days}`;
  const filtered = frequency === "DAILY" ? `${rhythm}, only ${days}` : `${rhythm} ${days}`;
  return byMonth.length === 0 ? filtered : `${filtered}, in ${months(byMonth)} only`;
}

/** "on the 13th if that is a Friday", with the months of a yearly rule; empty when no part names a day. */
function daysOf(rule: Rule): string {
  const { frequency, byMonth, byWeekNo, byYearDay, byMonthDay, byDay, bySetPos } = rule;
  const ofMonths = frequency === "YEARLY" && byMonth.length > 0 ? months(byMonth) : null;
  const remembered = rememberedDay(rule);
  if (remembered !== null) return `on the ${numeral(remembered)}, or the last day`;
  const scope = frequency !== "YEARLY" ? "" : ` of ${ofMonths ?? "the year"}`;
  const onlyWeekdays = byWeekNo.length + byYearDay.length + byMonthDay.length === 0;
  const isPlain = byDay.length > 0 && byDay.every(({ nth }) => nth === null);
  if (bySetPos.length > 0 && onlyWeekdays && isPlain && (frequency !== "YEARLY" || byMonth.length < 2)) {
    const name = weekdayKind(byDay) ?? join(byDay.map(weekdayName), "or");
    return `on the ${join(bySetPos.map(ordinal))} ${name}${scope}`;
  }
  if (byMonth.length === 1 && isDateOfYear(rule)) return `on ${join(byMonthDay.map(String))} ${ofMonths}`;
  const named = [
    byMonthDay.length === 0
      ? null
      : `${join(byMonthDay.map(dayOfMonthName), "and")}${ofMonths === null ? "" : ` of ${ofMonths}`}`,
    byYearDay.length === 0 ? null : `${join(byYearDay.map((day) => `the ${ordinalDay(day)}`))} of the year`,
    byDay.length === 0 ? null : weekdays(byDay, isPlain ? "" : scope, byMonthDay.length + byYearDay.length > 0),
  ].filter((part) => part !== null);
  const inMonths =
    ofMonths !== null && byMonthDay.length === 0 && (isPlain || byDay.length === 0) ? ` in ${ofMonths}` : "";
  const inWeeks = byWeekNo.length === 0 ? "" : `${named.length === 0 ? "on every day in" : " in"} ${weeks(byWeekNo)}`;
  const on = named.length === 0 ? "" : `on ${named.join(", if that is ")}`;
  const chosen =
    bySetPos.length === 0 || on + inWeeks === "" ? "" : `, only the ${join(bySetPos.map(ordinal))} of these`;
  return on + inWeeks === "" ? "" : `${on}${inWeeks}${inMonths}${chosen}`;
}

const isDateOfYear = ({ frequency, byWeekNo, byYearDay, byMonthDay, byDay, bySetPos }: Rule): boolean =>
  frequency === "YEARLY" &&
  byMonthDay.length > 0 &&
  byMonthDay.every((day) => day > 0) &&
  byWeekNo.length + byYearDay.length + byDay.length + bySetPos.length === 0;

function weekdays(byDay: ByDay[], scope: string, asCondition: boolean): string {
  const names = byDay.map((entry) => {
    if (entry.nth !== null) return `the ${ordinal(entry.nth)} ${weekdayName(entry)}`;
    return asCondition ? `a ${weekdayName(entry)}` : weekdayName(entry);
  });
  return `${join(names, asCondition ? "or" : "and")}${scope}`;
}

/** The one word for these weekdays, if there is one. */
function weekdayKind(byDay: ByDay[]): "weekday" | "weekend day" | "day" | null {
  if (byDay.some(({ nth }) => nth !== null)) return null;
  const days = byDay.map(({ weekday }) => weekday).join("");
  return days === "01234" ? "weekday" : days === "56" ? "weekend day" : days === "0123456" ? "day" : null;
}

const weekdayName = ({ weekday }: ByDay): string => weekdayNames[weekday] ?? "";

const months = (numbers: number[]): string => join(numbers.map((number) => monthNames[number - 1] ?? ""));

function weeks(numbers: number[]): string {
  const counted = numbers.filter((number) => number > 0);
  const fromEnd = numbers.filter((number) => number < 0).map((number) => `the ${ordinal(number)} week of the year`);
  const names = counted.length === 0 ? [] : [`week${counted.length > 1 ? "s" : ""} ${join(counted.map(String))}`];
  return join([...names, ...fromEnd]);
}

const dayOfMonthName = (day: number): string => `the ${day > 0 ? numeral(day) : ordinalDay(day)}`;

const ordinalDay = (day: number): string => `${ordinal(day)} day`;

/** "first", "20th", "last", "second to last". */
function ordinal(number: number): string {
  const words = ["first", "second", "third", "fourth", "fifth"];
  if (number === -1) return "last";
  const size = Math.abs(number);
  const word = words[size - 1] ?? numeral(size);
  return number > 0 ? word : `${word} to last`;
}

/** "1st", "22nd", "13th". */
export function numeral(number: number): string {
  const ending = Math.floor(number / 10) % 10 === 1 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}

function join(items: string[], word = "and"): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}

function ending({ count, until }: Rule, timeZone: string): string {
  if (count !== null) return count === 1 ? ", once" : `, ${count} times`;
  if (until === null) return "";
  const { year, month, dayOfMonth } = ymdOf(until.kind === "day" ? until.day : dayIn(until.at, timeZone));
  return `, until ${dayOfMonth} ${monthNames[month - 1]} ${year}`;
}
