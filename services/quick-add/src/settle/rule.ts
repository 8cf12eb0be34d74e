import type { Item } from "../candidates.ts";
import { codeOf, firstDay, namesDays, type Rule } from "../meaning/rule.ts";
import { minutesOn } from "../meaning/time.ts";
import type { Attempt } from "./attempt.ts";
import type { Days } from "./days.ts";
import { type Schedule, sayDays, sayTimes, seriesOf } from "./series.ts";
import type { Times } from "./times.ts";
import { Refusal } from "./verdict.ts";
import { type Moment, momentOf } from "./when.ts";

/** The rule of the text, and how it becomes a series once day and time are known. */
export type TakenRule = { rule: Rule; items: readonly Item[]; schedule: (days: Days, time: Times) => Schedule };

export function settleRule(attempt: Attempt): TakenRule | null {
  const found = attempt.items.flatMap((item) =>
    item.meaning.kind === "recurrence" ? [{ item, rule: item.meaning.rule }] : [],
  );
  const [first] = found;
  const items = found.map(({ item }) => item);
  if (first === undefined) {
    giveUpEnds(attempt);
    return null;
  }
  const rule = found.slice(1).reduce<Rule | null>((so, { rule: other }) => so && oneRule(so, other), first.rule);
  if (rule === null) throw new Refusal({ kind: "contradiction", items, others: [] });
  return { rule, items, schedule: (days, time) => scheduleRule(attempt, { rule, items }, days, time) };
}

/** "a weekly task … on mondays" is one rule: how often, and on which days. */
function oneRule(one: Rule, other: Rule): Rule | null {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  if (one.frequency !== other.frequency || (namesDays(one) && namesDays(other))) return null;
  const [bare, named] = namesDays(one) ? [other, one] : [one, other];
  return named.interval === 1 || bare.interval === 1 ? { ...named, interval: named.interval * bare.interval } : null;
}

/** Without a rule an end has no meaning and stays in the title; "until friday" is offered as a date. */
function giveUpEnds({ items, reference, writing, give, silence }: Attempt): void {
  for (const item of items) {
    const { meaning } = item;
    if (meaning.kind === "until" && !meaning.alone) {
      const moment = momentOf(meaning.day, null, reference);
      give({ kind: "ambiguous", items: [item], others: moment === null ? [] : [writing.moment(moment)] });
      // A time behind it belongs to it.
      silence(...items.filter((other) => other.from === item.to && other.meaning.kind === "due"));
    } else if (
      meaning.kind === "count" ||
      meaning.kind === "lasting" ||
      meaning.kind === "anchor" ||
      (meaning.kind === "start" && !meaning.alone)
    ) {
      silence(item);
    }
  }
}

function scheduleRule(attempt: Attempt, taken: Omit<TakenRule, "schedule">, days: Days, time: Times): Schedule {
  const { worth, writing } = attempt;
  const rule = withDayOf(taken.rule, days);
  const moment = firstMoment(attempt, rule, days, time);
  if (moment === null) throw new Refusal({ kind: "impossible", items: [...taken.items, ...days.items], others: [] });
  const schedule = seriesOf(attempt, rule, taken.items, moment);
  sayDays(attempt, days.items, moment);
  sayTimes(attempt, time.items, moment, time.time?.until ?? null);
  const nearer = days.items.length === 0 ? nearerStart(attempt, rule, moment) : null;
  for (const item of taken.items) {
    const others = [
      ...taken.rule.others,
      ...(nearer === null ? [] : [`${wordsOf(attempt, item)} ${writing.starting(nearer)}`]),
    ];
    worth.set(item, { value: schedule.fields.recurring_pattern ?? null, note: rule.note, others });
  }
  for (const item of attempt.items) if (item.meaning.kind === "anchor") worth.set(item, { value: "completion" });
  return schedule;
}

const wordsOf = ({ writing }: Attempt, item: Item): string => writing.slice(item.start, item.end);

/** "every month … on the 5th" and "every week … friday" belong together, also with other words between them. */
function withDayOf(rule: Rule, { day, starts }: Days): Rule {
  if (day === null || starts || namesDays(rule)) return rule;
  if (rule.frequency === "MONTHLY" && day.dayOfMonth !== undefined) return { ...rule, byMonthDay: [day.dayOfMonth] };
  if (rule.frequency === "WEEKLY" && day.weekday !== undefined) return { ...rule, byDay: [codeOf(day.weekday)] };
  if (rule.frequency === "YEARLY" && day.monthDay !== undefined) {
    return { ...rule, byMonth: [day.monthDay.month], byMonthDay: [day.monthDay.dayOfMonth] };
  }
  return rule;
}

function firstMoment(attempt: Attempt, rule: Rule, days: Days, time: Times): Moment | null {
  const { reference } = attempt;
  const start = startOf(attempt, days, time);
  if (start === "over") return null;
  // An hour without am or pm is the same on all days of a series: "every day at 9" is in the morning.
  const [said = null] = time.time === null ? [] : minutesOn(time.time, reference);
  // Midnight in a rule is the start of the day: the end would belong to the next day.
  const minutes = said === null ? null : said % 1_440;
  const day = firstDay(rule, start ?? reference.today, minutes, reference);
  return day === null ? null : checked(attempt, days, { day, minutes });
}

/** The day a rule begins, from its date; null: today. */
function startOf({ reference }: Attempt, days: Days, time: Times): number | "over" | null {
  if (days.day === null) return null;
  const moment = momentOf(days.day, days.starts ? null : time.time, reference);
  return moment?.day ?? "over";
}

/** A plain date beside a rule has to be one of its days; after "starting" it need not. */
function checked({ reference, writing }: Attempt, days: Days, moment: Moment): Moment {
  if (days.day === null || days.starts || days.day.days(reference).includes(moment.day)) return moment;
  throw new Refusal({ kind: "contradiction", items: days.items, others: [writing.starting(moment.day)] });
}

/** With an interval the first of the rule may be weeks away though one of its days is nearer. */
function nearerStart({ reference }: Attempt, rule: Rule, moment: Moment): number | null {
  if (rule.interval === 1 || !namesDays(rule)) return null;
  const near = firstDay({ ...rule, interval: 1 }, reference.today, moment.minutes, reference);
  return near !== null && near < moment.day ? near : null;
}
