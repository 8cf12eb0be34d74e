import type { UnderstoodFields } from "@carillon/contracts/http/quick-add";
import { planSeries, previewSeries } from "../calendar.ts";
import { patternOf } from "../meaning/rule.ts";
import { instantAt, type Reference } from "../reference.ts";
import type { Item } from "../scan.ts";
import { settleDays } from "./days.ts";
import { type Ending, settleEnding } from "./ending.ts";
import { settleRule } from "./rule.ts";
import type { Attempt } from "./settle.ts";
import { settleTime } from "./times.ts";
import { Refusal } from "./verdict.ts";
import { clockNote, type Moment, momentOf } from "./when.ts";

/** When the task is due and how it recurs. */
export type Schedule = {
  fields: Omit<UnderstoodFields, "title">;
  due: { at: Date; allDay: boolean; timeZone: string; recurs: boolean } | null;
};

const nothing: Schedule = { fields: {}, due: null };

export function settleSchedule(attempt: Attempt): Schedule {
  const taken = settleRule(attempt);
  const days = settleDays(attempt, taken !== null);
  const time = settleTime(attempt, taken?.rule.time ?? null, days.items);
  const none = attempt.items.find(({ meaning }) => meaning.kind === "none");
  const elapsed = attempt.items.find(({ meaning }) => meaning.kind === "elapsed");
  if (elapsed !== undefined)
    return elapsedSchedule(attempt, elapsed, [...days.items, ...time.items, ...(taken?.items ?? [])]);
  if (none !== undefined) {
    const others = [...days.items, ...time.items, ...(taken?.items ?? [])];
    if (others.length > 0) throw new Refusal({ kind: "contradiction", items: [none, ...others], others: [] });
    attempt.worth.set(none, { value: null });
    return { fields: { due_date: null }, due: null };
  }
  if (taken !== null) return taken.schedule(days, time);
  if (days.day === null && time.time === null) return nothing;
  const moment = momentOf(days.day, time.time, attempt.reference);
  if (moment === null) throw overRefusal(attempt, days.items, time.items, time.time);
  sayDays(attempt, days.items, moment);
  sayTimes(attempt, time.items, moment, time.time?.until ?? null);
  return scheduleOf(attempt.reference, moment);
}

function elapsedSchedule({ reference, worth }: Attempt, item: Item, others: readonly Item[]): Schedule {
  if (others.length > 0) throw new Refusal({ kind: "contradiction", items: [item, ...others], others: [] });
  const at = new Date(reference.now.getTime() + (item.meaning.kind === "elapsed" ? item.meaning.milliseconds : 0));
  if (!(at.getTime() < farthestMs)) throw new Refusal({ kind: "impossible", items: [item], others: [] });
  worth.set(item, { value: at.toISOString() });
  return {
    fields: { due_date: at.toISOString(), time_zone: reference.timeZone, all_day: false },
    due: { at, allDay: false, timeZone: reference.timeZone, recurs: false },
  };
}

const farthestMs = Date.UTC(2199, 11, 30);

/** A past time is offered for tomorrow. */
function overRefusal(
  { reference, writing }: Attempt,
  days: readonly Item[],
  times: readonly Item[],
  time: Parameters<typeof momentOf>[1],
): Refusal {
  const tomorrow = momentOf({ days: () => [reference.today + 1] }, time, reference);
  const isOver = days.every(({ meaning }) => meaning.kind === "due" && meaning.day?.fault !== "impossible");
  const others = tomorrow === null || time === null ? [] : [writing.moment(tomorrow)];
  return new Refusal({
    kind: isOver ? "past" : "impossible",
    items: [...days, ...times],
    others: isOver ? others : [],
  });
}

export function scheduleOf(reference: Reference, moment: Moment): Schedule {
  const { timeZone } = reference;
  const at = instantAt(moment.day, moment.minutes, timeZone);
  const allDay = moment.minutes === null;
  return {
    fields: { due_date: at.toISOString(), time_zone: timeZone, all_day: allDay },
    due: { at, allDay, timeZone, recurs: false },
  };
}

/** What the pieces of the day say, with near readings beside it. */
export function sayDays({ worth, reference, writing }: Attempt, items: readonly Item[], moment: Moment): void {
  const time = moment.minutes;
  for (const item of items) {
    const day =
      item.meaning.kind === "due" || item.meaning.kind === "start" || item.meaning.kind === "until"
        ? item.meaning.day
        : null;
    const others = (day?.others?.(reference) ?? []).filter((each) => each !== moment.day);
    const inPiece = item.meaning.kind === "due" && item.meaning.time !== null;
    worth.set(item, {
      value: inPiece && time !== null ? `${writing.iso(moment.day)}T${writing.clock(time)}` : writing.iso(moment.day),
      note: noteOf([day?.note ?? null, inPiece ? clockNote(moment, reference.timeZone) : null]),
      others: others.map((each) => writing.moment({ day: each, minutes: inPiece ? time : null })),
    });
  }
}

export function sayTimes(
  { worth, reference, writing }: Attempt,
  items: readonly Item[],
  moment: Moment,
  until: string | null,
): void {
  for (const item of items) {
    if (worth.has(item)) continue;
    const note = noteOf([clockNote(moment, reference.timeZone), until === null ? null : `until ${until}`]);
    worth.set(item, { value: moment.minutes === null ? null : writing.clock(moment.minutes), note });
  }
}

const noteOf = (notes: readonly (string | null)[]): string | null =>
  notes.filter((note) => note !== null).join("; ") || null;

/** The due date of a series and its fields. @throws Refusal when the recurrence engine rejects the rule. */
export function seriesOf(
  attempt: Attempt,
  rule: Parameters<typeof patternOf>[0],
  items: readonly Item[],
  moment: Moment,
): Schedule {
  const { reference } = attempt;
  const { timeZone, now } = reference;
  const plain = scheduleOf(reference, moment);
  if (plain.due === null) return plain;
  const ending: Ending = settleEnding(attempt, moment, plain.due.at);
  const pattern = patternOf(rule, moment.day, ending.count);
  const { at, allDay } = plain.due;
  const plan = planSeries({ pattern, dueAt: at, allDay, timeZone, endsAt: ending.endsAt, now });
  if (!plan.ok) throw new Refusal({ kind: "unsupported", items: [...items, ...ending.items], others: [] });
  const completion = rule.fromCompletion || attempt.items.some(({ meaning }) => meaning.kind === "anchor");
  return {
    fields: {
      ...plain.fields,
      recurring_pattern: pattern,
      ...(completion ? { recurrence_anchor: "completion" as const } : {}),
      ...(ending.endsAt === null ? {} : { recurrence_ends_at: ending.endsAt.toISOString() }),
    },
    due: { ...plain.due, recurs: true },
  };
}

/** Up to five dates of the series, the due date first. */
export function previewOf({ fields }: { fields: Schedule["fields"] }): string[] {
  const { due_date, recurring_pattern, time_zone = "UTC", all_day = false } = fields;
  if (due_date === null || due_date === undefined) return [];
  if (recurring_pattern === undefined) return [due_date];
  const preview = previewSeries({
    pattern: recurring_pattern,
    dueAt: new Date(due_date),
    allDay: all_day,
    timeZone: time_zone,
    anchor: fields.recurrence_anchor ?? "due_date",
    endsAt: fields.recurrence_ends_at === undefined ? null : new Date(fields.recurrence_ends_at),
    count: 4,
  });
  return preview.ok ? [due_date, ...preview.occurrences.map(({ dueAt }) => dueAt.toISOString())] : [due_date];
}
