import type { Item } from "../candidates.ts";
import { later } from "../meaning/day.ts";
import type { Attempt } from "./attempt.ts";
import { Refusal } from "./verdict.ts";
import { endOfDay, type Moment, momentOf } from "./when.ts";

/** Where a series ends: after a number of dates, or at an instant. */
export type Ending = { count: number | null; endsAt: Date | null; items: readonly Item[] };

const maxCount = 1_000;

/** Ends are inclusive: the whole of the last day, and of a month or year that is named as one. */
export function settleEnding(attempt: Attempt, start: Moment, dueAt: Date): Ending {
  const { items, reference, writing, worth } = attempt;
  const ends = items.filter(({ meaning: { kind } }) => kind === "until" || kind === "lasting" || kind === "count");
  const [item] = ends;
  if (item === undefined) return { count: null, endsAt: null, items: [] };
  if (ends.length > 1) throw new Refusal({ kind: "contradiction", items: ends, others: [] });
  const { meaning } = item;
  if (meaning.kind === "count") {
    if (meaning.count > maxCount) throw new Refusal({ kind: "unsupported", items: ends, others: [] });
    worth.set(item, { value: String(meaning.count) });
    return { count: meaning.count, endsAt: null, items: ends };
  }
  const day = lastDayOf(attempt, item, start);
  const endsAt = day === null ? null : endOfDay(day, reference.timeZone);
  if (day === null || endsAt === null || endsAt < dueAt || !(endsAt.getTime() < farthestMs)) {
    throw new Refusal({ kind: day === null ? "past" : "contradiction", items: ends, others: [] });
  }
  worth.set(item, { value: writing.iso(day) });
  return { count: null, endsAt, items: ends };
}

const farthestMs = Date.UTC(2199, 11, 31);

function lastDayOf({ reference }: Attempt, { meaning }: Item, start: Moment): number | null {
  if (meaning.kind === "lasting") {
    const [behind] = later(meaning.amount, meaning.unit, { days: () => [start.day] }).days(reference);
    return behind === undefined ? null : behind - 1;
  }
  if (meaning.kind !== "until") return null;
  const first = momentOf(meaning.day, null, {
    ...reference,
    today: meaning.from === null ? reference.today : start.day,
  });
  return first === null ? null : (meaning.day.last?.(first.day) ?? first.day);
}
