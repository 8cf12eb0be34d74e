import { type DayNumber, dayOf, daysInMonth, weekdayOf } from "./day.ts";
import type { ClockKind, Moment, RuleLine, TzSource, ZoneLine } from "./tz-source.ts";

/**
 * A zone's offsets from UTC, in milliseconds: `offsets[i]` holds from `starts[i]` (an instant) to the next start. The first start is minus
 * infinity, and no two neighbours are equal.
 */
export type Offsets = { starts: Float64Array; offsets: Float64Array };

/** Rules without an end are followed through this year, the one after the product's last. */
const lastYear = 2_200;

/** The offsets of the zone with these lines: zic's `outzone`, without its abbreviations. */
export function compileZone(lines: readonly ZoneLine[], rules: TzSource["rules"]): Offsets {
  const found: Change[] = [];
  let start = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const { changes, saveMs } = changesOf(line, line.rules === null ? [] : (rules.get(line.rules) ?? []), start);
    found.push(...changes);
    if (line.until !== null) start = untilOf(line, saveMs);
  }
  const kept = merged(found);
  return { starts: Float64Array.from(kept, ([at]) => at), offsets: Float64Array.from(kept, ([, offset]) => offset) };
}

type Change = [start: number, offset: number];

/**
 * The changes without those that change nothing. Where two lines meet, a rule may appear twice, once
 * by the clock of either: a change whose wall time is not after that of the change before replaces
 * it (as zic does when it writes a zone).
 */
function merged(changes: readonly Change[]): Change[] {
  const kept: Change[] = [];
  for (const [at, offset] of changes) {
    const [last, before] = [kept.at(-1), kept.at(-2)];
    if (last !== undefined && before !== undefined && at + last[1] <= last[0] + before[1]) last[1] = offset;
    else kept.push([at, offset]);
  }
  return kept.filter(([, offset], index) => offset !== kept[index - 1]?.[1]);
}

type Due = { at: number; rule: RuleLine };

/** The changes while one line of a zone is in force, its beginning included, and the saving at its end. */
function changesOf(line: ZoneLine, rules: readonly RuleLine[], start: number) {
  const changes: Change[] = [];
  if (line.rules === null) {
    changes.push([start, line.standardMs + line.saveMs]);
    return { changes, saveMs: line.saveMs };
  }
  let saveMs = 0;
  let offsetAtStart = line.standardMs;
  const end = Math.min(line.until?.year ?? lastYear, lastYear);
  for (let year = Math.min(...rules.map(({ from }) => from)); year <= end; year++) {
    let open = rules.filter(({ from, to }) => from <= year && year <= to);
    while (open.length > 0) {
      const next = earliest(open, year, line.standardMs, saveMs);
      open = open.filter((rule) => rule !== next.rule);
      // The end of the line is given by the clock in force before this rule.
      if (line.until !== null && next.at >= untilOf(line, saveMs)) break;
      saveMs = next.rule.saveMs;
      if (next.at <= start) offsetAtStart = line.standardMs + saveMs;
      else changes.push([next.at, line.standardMs + saveMs]);
    }
  }
  return { changes: [[start, offsetAtStart] as Change, ...changes], saveMs };
}

/** The rule that takes effect first in the year, given the clock in force until then. */
function earliest(open: readonly RuleLine[], year: number, standardMs: number, saveMs: number): Due {
  let first: Due | undefined;
  for (const rule of open) {
    const at = instantOf(year, rule.at, standardMs, saveMs);
    if (first === undefined || at < first.at) first = { at, rule };
  }
  if (first === undefined) throw new Error("No rule is open.");
  return first;
}

const untilOf = ({ until, standardMs }: ZoneLine, saveMs: number): number =>
  until === null ? Number.POSITIVE_INFINITY : instantOf(until.year, until, standardMs, saveMs);

function instantOf(year: number, { month, on, timeMs, clock }: Moment, standardMs: number, saveMs: number): number {
  const aheadMs: Record<ClockKind, number> = { utc: 0, standard: standardMs, wall: standardMs + saveMs };
  return dayIn(year, month, on) * 86_400_000 + timeMs - aheadMs[clock];
}

/** The day itself; `Su>=29` and `Su<=2` may be in a neighbouring month. */
function dayIn(year: number, month: number, { weekday, relation, day }: Moment["on"]): DayNumber {
  if (weekday === null) return dayOf(year, month, day);
  const base = dayOf(year, month, relation === "last" ? daysInMonth(year, month) : day);
  return relation === "from"
    ? base + ((weekday - weekdayOf(base) + 7) % 7)
    : base - ((weekdayOf(base) - weekday + 7) % 7);
}
