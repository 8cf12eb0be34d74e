import type { Item } from "../candidates.ts";
import type { Time } from "../meaning/time.ts";
import type { Attempt } from "./attempt.ts";
import { Refusal } from "./verdict.ts";
import { joined } from "./when.ts";

/** The single time of day in the text; `items` are those that only name it. */
export type Times = { time: Time | null; items: readonly Item[] };

/** A clock's time and a part of the day are one time ("tonight at 8"); two clocks' times are none. */
export function settleTime({ items }: Attempt, ofRule: Time | null, days: readonly Item[]): Times {
  const found = items.flatMap((item) =>
    item.meaning.kind === "due" && item.meaning.time !== null ? [{ item, time: item.meaning.time }] : [],
  );
  const alone = found.filter(({ item }) => !days.includes(item)).map(({ item }) => item);
  const all = [...found.map(({ time }) => time), ...(ofRule === null ? [] : [ofRule])];
  const clocks = all.filter(({ minutes }) => minutes !== null);
  const parts = all.flatMap(({ minutes, part }) => (minutes === null && part !== null ? [part] : []));
  const refuse = (): Refusal =>
    new Refusal({ kind: "contradiction", items: alone.length > 0 ? alone : found.map(({ item }) => item), others: [] });
  const [clock] = clocks;
  const [part] = parts;
  if (clocks.some((other) => other.minutes !== clock?.minutes || other.open !== clock?.open)) throw refuse();
  if (parts.some((other) => other !== part)) throw refuse();
  if (clock === undefined) return { time: all[0] ?? null, items: alone };
  const time = part === undefined ? clock : joined(clock, part);
  if (time === null) throw refuse();
  return { time, items: alone };
}
