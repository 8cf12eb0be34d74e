import type { UnderstoodFields } from "@carillon/contracts/http/quick-add";
import { planSeries } from "../calendar.ts";
import type { Item } from "../candidates.ts";
import { patternOf } from "../meaning/rule.ts";
import { instantAt, type Reference } from "../reference.ts";
import type { Attempt } from "./attempt.ts";
import { type Ending, settleEnding } from "./ending.ts";
import { Refusal } from "./verdict.ts";
import { clockNote, type Moment } from "./when.ts";

/** When the task is due and how it recurs. */
export type Schedule = {
  fields: Omit<UnderstoodFields, "title">;
  due: { at: Date; allDay: boolean; timeZone: string; recurs: boolean } | null;
};

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
