import { dayOf, weekdayOf } from "../zone/day.ts";

/**
 * Generated series for tests, benchmarks and the comparison with a second engine: one seed always
 * gives the same ones.
 */

export type Random = {
  int(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
  chance(part: number): boolean;
};

/** Deterministic pseudo-random numbers (mulberry32). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    int,
    chance: (part) => next() < part,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new RangeError("Nothing to pick from.");
      return item;
    },
  };
}

const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

const some = <Item>(from: Random, most: number, make: () => Item): string =>
  [...new Set(Array.from({ length: from.int(1, most) }, make))].join(",");

/**
 * Upper limit of BYSETPOS. A second position in a day exists for no rule, and python-dateutil needs
 * seconds to find out.
 */
const mostPositions = { DAILY: 1, WEEKLY: 2, MONTHLY: 4, YEARLY: 12 };

const signed = (from: Random, most: number): number => (from.chance(0.4) ? -from.int(1, most) : from.int(1, most));

/**
 * An RFC 5545 rule from DAILY to YEARLY whose single parts are all valid; together they may be
 * impossible. Every part occurs, most rules have few. UNTIL is at most `untilYear`.
 */
export function anyPattern(from: Random, untilYear: number): string {
  const frequency = from.pick(["DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY", "YEARLY"] as const);
  const parts = [`FREQ=${frequency}`, ...byParts(from, frequency)];
  if (parts.length > 1 && from.chance(0.25))
    parts.push(`BYSETPOS=${some(from, 2, () => signed(from, mostPositions[frequency]))}`);
  if (from.chance(0.45)) parts.push(`INTERVAL=${from.chance(0.85) ? from.int(1, 6) : from.int(7, 999)}`);
  if (from.chance(0.3)) parts.push(`WKST=${from.pick(weekdays)}`);
  const end = from.int(0, 9);
  if (end < 2) parts.push(`COUNT=${from.chance(0.8) ? from.int(1, 12) : from.int(13, 1_000)}`);
  if (end === 2) parts.push(`UNTIL=${untilDate(from, untilYear)}`);
  if (end === 3) parts.push(`UNTIL=${untilDate(from, untilYear)}T${two(from.int(0, 23))}${two(from.int(0, 59))}00Z`);
  return parts.join(";");
}

function byParts(from: Random, frequency: string): string[] {
  const parts: string[] = [];
  const yearly = frequency === "YEARLY";
  const weekNumbers = yearly && from.chance(0.2);
  const perMonth = from.chance(0.25);
  if (perMonth) parts.push(`BYMONTH=${some(from, 3, () => from.int(1, 12))}`);
  if (weekNumbers)
    parts.push(
      `BYWEEKNO=${some(from, 3, () => (from.chance(0.3) ? from.pick([1, 52, 53, -1, -52, -53]) : signed(from, 53)))}`,
    );
  if (yearly && from.chance(0.15))
    parts.push(
      `BYYEARDAY=${some(from, 4, () => (from.chance(0.3) ? from.pick([1, 60, 365, 366, -1, -366]) : signed(from, 366)))}`,
    );
  if (frequency !== "WEEKLY" && from.chance(0.25))
    parts.push(
      `BYMONTHDAY=${some(from, 4, () => (from.chance(0.3) ? from.pick([29, 30, 31, -1, -31]) : signed(from, 31)))}`,
    );
  const canNumber = frequency === "MONTHLY" || (yearly && !weekNumbers);
  if (from.chance(0.45)) parts.push(`BYDAY=${byDay(from, canNumber, yearly && !perMonth)}`);
  return parts;
}

/**
 * Plain or numbered weekdays, never both, and no sixth Monday of a month: python-dateutil reads the first differently from RFC 5545 and
 * fails on the second.
 */
function byDay(from: Random, canNumber: boolean, perYear: boolean): string {
  const numbered = canNumber && from.chance(0.5);
  const most = perYear && from.chance(0.5) ? 53 : 5;
  return some(from, 4, () => `${numbered ? signed(from, most) : ""}${from.pick(weekdays)}`);
}

const two = (value: number): string => String(value).padStart(2, "0");

const untilDate = (from: Random, year: number): string =>
  `${from.int(year, year + 6)}${two(from.int(1, 12))}${two(from.int(1, 28))}`;

/** A day between two years, every kind of month end among them. */
export function anyDay(from: Random, firstYear: number, lastYear: number): number {
  const day = dayOf(
    from.int(firstYear, lastYear),
    from.int(1, 12),
    from.chance(0.3) ? from.int(27, 31) : from.int(1, 28),
  );
  return from.chance(0.1) ? day - weekdayOf(day) : day;
}
