import type { Item } from "../candidates.ts";
import type { Day } from "../meaning/day.ts";
import { isAhead } from "../reference.ts";
import type { Attempt } from "./attempt.ts";
import { Refusal } from "./verdict.ts";
import { agree, momentOf } from "./when.ts";

/** The one day the text names, by these items; `starts`: it says where a rule begins. */
export type Days = { day: Day | null; items: readonly Item[]; starts: boolean };

/**
 * Days that agree are one day ("Friday 4 December"). Of conflicting days the majority wins; two conflicting days both stay in the
 * title, and each is offered.
 */
export function settleDays(attempt: Attempt, hasRule: boolean): Days {
  const found = attempt.items.flatMap((item) => {
    const day = dayOfItem(item, hasRule);
    return day === null ? [] : [{ item, day }];
  });
  const wrong = found.find(({ day }) => day.fault !== undefined);
  if (wrong !== undefined) {
    throw new Refusal({ kind: wrong.day.fault ?? "impossible", items: [wrong.item], others: [] }, timesOf(attempt));
  }
  for (const { item, day } of found) {
    const days = day.days(attempt.reference);
    if (days.some((each) => isAhead(each, null, attempt.reference))) continue;
    const isFar = days.some((each) => each > attempt.reference.today);
    throw new Refusal({ kind: isFar ? "impossible" : "past", items: [item], others: [] }, timesOf(attempt));
  }
  const [first] = found;
  if (first === undefined) return { day: null, items: [], starts: false };
  const against = found.filter(({ day }) => !agree(day, first.day, attempt.reference));
  if (against.length > 0) throw contradiction(attempt, found);
  // A bare weekday says less than a date beside it.
  const best = found.find(({ day }) => day.weekday === undefined) ?? first;
  return {
    day: best.day,
    items: found.map(({ item }) => item),
    starts: found.some(({ item }) => item.meaning.kind === "start" || item.meaning.kind === "until"),
  };
}

/** Without a rule "starting friday" and "bis Freitag" are dates; with one they are its ends. */
function dayOfItem({ meaning }: Item, hasRule: boolean): Day | null {
  if (meaning.kind === "due") return meaning.day;
  if (meaning.kind === "start") return hasRule || meaning.alone ? meaning.day : null;
  if (meaning.kind === "until") return hasRule ? meaning.from : meaning.alone ? meaning.day : null;
  return null;
}

/** Of more days than this none is preferred: each would have to be held against each. */
const maxCompared = 8;

function contradiction({ items, reference, writing }: Attempt, found: readonly { item: Item; day: Day }[]): Refusal {
  const isCrowd = found.length > maxCompared;
  const friends = found.map(({ day }) =>
    isCrowd ? 0 : found.filter((other) => agree(day, other.day, reference)).length,
  );
  const most = Math.max(...friends);
  const isKept = (index: number): boolean => !isCrowd && most * 2 > found.length && friends[index] === most;
  const rejected = found.filter((_, index) => !isKept(index));
  const others = found.slice(0, maxCompared).flatMap(({ day }) => {
    const moment = momentOf(day, null, reference);
    return moment === null ? [] : [writing.moment(moment)];
  });
  const objection = { kind: "contradiction" as const, items: rejected.map(({ item }) => item), others };
  return new Refusal(objection, rejected.length === found.length ? timesOf({ items }) : []);
}

/** A time whose day was dropped would be a guess. */
export const timesOf = ({ items }: Pick<Attempt, "items">): Item[] =>
  items.filter(({ meaning }) => meaning.kind === "due" && meaning.day === null);
