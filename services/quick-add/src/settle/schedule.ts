import { previewSeries } from "../calendar.ts";
import type { Item } from "../candidates.ts";
import type { Attempt } from "./attempt.ts";
import { settleDays } from "./days.ts";
import { settleRule } from "./rule.ts";
import { type Schedule, sayDays, sayTimes, scheduleOf } from "./series.ts";
import { settleTime } from "./times.ts";
import { Refusal } from "./verdict.ts";
import { momentOf } from "./when.ts";

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
