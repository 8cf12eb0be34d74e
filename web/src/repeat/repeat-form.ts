import type { Task } from "@carillon/contracts/http/tasks";
import { localMoment } from "../time.ts";
import type { FieldErrors } from "../ui/field.tsx";

/** The repetition's fields that hold one text each. */
export const repeatTexts = [
  "repeat",
  "every",
  "unit",
  "recurring_pattern",
  "recurrence_anchor",
  "ends",
  "recurrence_ends_day",
  "times",
] as const;
export type RepeatText = (typeof repeatTexts)[number];

/**
 * A repetition as its form shows it: `repeat` the choice, `every` and `unit` of "every 3 weeks",
 * `weekdays` the ticked ones, `ends` how it ends. `recurring_pattern` is a rule the user writes,
 * without its COUNT, which is in `times`.
 */
export type RepeatForm = Record<RepeatText, string> & { weekdays: string[] };

export const repeatFields = [...repeatTexts, "weekdays"] as const satisfies (keyof RepeatForm)[];

const weekdayCodes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const workdays = "MO,TU,WE,TH,FR";
const keywords = ["daily", "weekly", "monthly", "yearly"];
/** Every choice but "any rule". */
const simple = [...keywords, "none", "weekdays", "every"];
const frequencies = new Map([
  ["days", "DAILY"],
  ["weeks", "WEEKLY"],
  ["months", "MONTHLY"],
  ["years", "YEARLY"],
]);

type Choice = Partial<Pick<RepeatForm, "repeat" | "every" | "unit" | "weekdays">>;

/** The form of a task's repetition: the simplest equivalent choice, else "any rule". */
export function repeatOf(task: Pick<Task, "recurring_pattern" | "recurrence" | "time_zone">): RepeatForm {
  const { rest, times } = withoutCount(task.recurring_pattern ?? "");
  const endsAt = task.recurrence?.ends_at ?? null;
  const ends = endsAt === null ? "" : localMoment(endsAt, task.time_zone).date;
  return {
    every: "2",
    unit: "weeks",
    weekdays: [],
    ...(rest === "" ? { repeat: "none" } : (simpleOf(rest) ?? { repeat: "rule" })),
    recurring_pattern: rest,
    recurrence_anchor: task.recurrence?.anchor ?? "due_date",
    ends: ends ? "on" : times ? "after" : "never",
    recurrence_ends_day: ends,
    times: times || "10",
  };
}

function withoutCount(pattern: string): { rest: string; times: string } {
  const count = /;COUNT=(\d+)(?=;|$)/i.exec(pattern);
  return count ? { rest: pattern.replace(count[0], ""), times: count[1] ?? "" } : { rest: pattern, times: "" };
}

/** `FREQ=MONTHLY` is not a simple choice: on the 31st it skips the short months, which "monthly" does not. */
function simpleOf(rule: string): (Choice & { repeat: string }) | null {
  if (keywords.includes(rule.toLowerCase())) return { repeat: rule.toLowerCase() };
  const bare = rule.toUpperCase().replace(/^RRULE:/, "");
  if (bare === "FREQ=DAILY") return { repeat: "daily" };
  const [, frequency, interval, days, ...month] =
    /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=([1-9]\d{0,2}))?(?:;BYDAY=([A-Z,]+))?(;BYMONTH=2)?(;BYMONTHDAY=28(?:,29)?(?:,30)?(?:,31)?;BYSETPOS=-1)?$/.exec(
      bare,
    ) ?? [];
  const unit = [...frequencies].find(([, name]) => name === frequency)?.[0];
  const weekdays = days?.split(",") ?? [];
  if (!unit || !weekdays.every((day) => weekdayCodes.includes(day)) || (weekdays.length > 0 && unit !== "weeks"))
    return null;
  const remembers = month.some((part) => part !== undefined);
  if (remembers && unit !== "months" && unit !== "years") return null;
  if (interval !== undefined) return { repeat: "every", every: interval, unit, weekdays };
  if (unit === "weeks") return days === workdays ? { repeat: "weekdays" } : { repeat: "weekly", weekdays };
  return remembers ? { repeat: unit === "months" ? "monthly" : "yearly" } : null;
}

/**
 * The intended choice where every field is on the page at once (a browser without `:has()`): a rule, a
 * number or an end that was typed counts, even if the choice above it was left alone.
 */
export function settle<Form extends RepeatForm>(original: RepeatForm, typed: Form): Form {
  const changed = (...names: RepeatText[]) => names.some((name) => original[name] !== typed[name]);
  const settled = { ...typed };
  if (!changed("repeat") && changed("recurring_pattern")) settled.repeat = typed.recurring_pattern ? "rule" : "none";
  else if (!changed("repeat") && changed("every", "unit")) settled.repeat = "every";
  if (!changed("ends") && changed("recurrence_ends_day"))
    settled.ends = typed.recurrence_ends_day ? "on" : typed.ends === "on" ? "never" : typed.ends;
  else if (!changed("ends") && changed("times")) settled.ends = "after";
  return settled;
}

/**
 * api's `recurring_pattern` for the form, null for no repetition; or what is wrong, by field. `dueDay`
 * as `2026-11-27`, empty without.
 */
export function patternOf(form: RepeatForm, dueDay: string): { pattern: string | null } | { errors: FieldErrors } {
  if (form.repeat === "none") return { pattern: null };
  const errors: FieldErrors = {};
  const counted = form.ends === "after";
  if (counted && !isNumber(form.times, 1_000)) errors.times = "Enter the number of times, from 1 to 1000.";
  if (form.repeat === "every" && !isNumber(form.every, 999)) errors.every = "Enter a number from 1 to 999.";
  if (!simple.includes(form.repeat) && form.recurring_pattern.trim() === "")
    errors.recurring_pattern = "Enter a rule, or choose a simpler repetition.";
  if (Object.keys(errors).length > 0) return { errors };
  const rule = ruleOf(form, dueDay, counted);
  return { pattern: counted ? `${rule};COUNT=${Number(form.times)}` : rule };
}

const isNumber = (text: string, most: number): boolean => /^\d{1,4}$/.test(text) && +text >= 1 && +text <= most;

/** Keywords stay keywords as long as they need no addition. */
function ruleOf(form: RepeatForm, dueDay: string, counted: boolean): string {
  const days = weekdayCodes.filter((code) => form.weekdays.includes(code)).join(",");
  const byDay = days ? `;BYDAY=${days}` : "";
  switch (form.repeat) {
    case "daily":
      return counted ? "FREQ=DAILY" : "daily";
    case "weekdays":
      return `FREQ=WEEKLY;BYDAY=${workdays}`;
    case "weekly":
      return counted || byDay ? `FREQ=WEEKLY${byDay}` : "weekly";
    case "monthly":
      return counted ? `FREQ=MONTHLY${monthEnd(form.repeat, dueDay)}` : "monthly";
    case "yearly":
      return counted ? `FREQ=YEARLY${monthEnd(form.repeat, dueDay)}` : "yearly";
    case "every": {
      const rhythm = `FREQ=${frequencies.get(form.unit) ?? "WEEKLY"};INTERVAL=${Number(form.every)}`;
      return rhythm + (form.unit === "weeks" ? byDay : monthEnd(form.unit, dueDay));
    }
    default: {
      const rule = form.recurring_pattern.trim();
      return counted && keywords.includes(rule.toLowerCase()) ? `FREQ=${rule.toUpperCase()}` : rule;
    }
  }
}

/** "Or the last day of the month", which the keywords imply, for a rule that must be written out. */
function monthEnd(unit: string, dueDay: string): string {
  const day = Number(dueDay.slice(8));
  if ((unit === "months" || unit === "monthly") && day > 28) {
    const days = [28, 29, 30, 31].filter((one) => one <= day);
    return `;BYMONTHDAY=${days.join(",")};BYSETPOS=-1`;
  }
  const leapDay = (unit === "years" || unit === "yearly") && dueDay.endsWith("-02-29");
  return leapDay ? ";BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1" : "";
}

/** The last day in the form, empty when there is none. */
export const lastDayOf = (form: RepeatForm): string =>
  form.repeat !== "none" && form.ends === "on" ? form.recurrence_ends_day : "";
