import { weekdayCodes } from "../recurrence/rule.ts";
import { currentZones } from "./current-zones.ts";
import { type DayNumber, daysInMonth, lastDay, weekdayOf, ymdOf } from "./day.ts";

/**
 * A stretch of a zone's clock changes with the same two offsets, as iCalendar describes a zone (RFC 5545
 * §3.6.5): the wall times, by the offset before, at which they happen, or a rule from the first of them on.
 */
export type Observance = { fromMs: number; toMs: number; walls: number[]; rule: string | null };

type Change = { fromMs: number; toMs: number; wallMs: number };

const dayMs = 86_400_000;

/** Zones are compiled through the year after the product's last one. */
const lastYear = ymdOf(lastDay).year + 1;

/** A rule must hold for this many years up to the last one known. */
const minYears = 5;

/** The zone's clock changes since 1970; the first observance is the offset that held then. */
export function observancesOf(timeZone: string): Observance[] {
  const { starts, offsets } = currentZones().offsetsOf(timeZone);
  const changes: Change[] = [];
  let before = offsets[0] ?? 0;
  let first = before;
  for (const [index, start] of starts.entries()) {
    const toMs = offsets[index] ?? 0;
    if (start <= 0) first = toMs;
    else changes.push({ fromMs: before, toMs, wallMs: start + before });
    before = toMs;
  }
  const groups = Map.groupBy(changes, kindOf);
  const ruled = [...groups.values()].flatMap((group) => ruleOf(group) ?? []);
  const held = new Set(ruled.flatMap(({ changes: covered }) => covered));
  const single = Map.groupBy(
    changes.filter((change) => !held.has(change)),
    ({ fromMs, toMs }) => `${fromMs} ${toMs}`,
  );
  return [
    { fromMs: first, toMs: first, walls: [first], rule: null },
    ...[...single.values()].map((group) => observance(group, null)),
    ...ruled.map(({ changes: covered, rule }) => observance(covered.slice(0, 1), rule)),
  ];
}

const observance = (group: readonly Change[], rule: string | null): Observance => ({
  fromMs: group[0]?.fromMs ?? 0,
  toMs: group[0]?.toMs ?? 0,
  walls: group.map(({ wallMs }) => wallMs),
  rule,
});

const dayOfChange = ({ wallMs }: Change): DayNumber => Math.floor(wallMs / dayMs);
const yearOf = (change: Change): number => ymdOf(dayOfChange(change)).year;

/** What the changes of one rule have in common. */
function kindOf(change: Change): string {
  const day = dayOfChange(change);
  return [change.fromMs, change.toMs, ymdOf(day).month, weekdayOf(day), change.wallMs - day * dayMs].join(" ");
}

/** The longest run of years up to the last one known in which a rule names each of these changes. */
function ruleOf(group: readonly Change[]): { changes: Change[]; rule: string } | null {
  for (let from = 0; from <= group.length - minYears; from++) {
    const run = group.slice(from);
    const isWhole = run.every((change, index) => yearOf(change) === lastYear - (run.length - 1 - index));
    const day = isWhole ? dayRule(run.map(dayOfChange)) : null;
    const [first] = run;
    if (day !== null && first) {
      return { changes: run, rule: `FREQ=YEARLY;BYMONTH=${ymdOf(dayOfChange(first)).month};${day}` };
    }
  }
  return null;
}

function dayRule(days: readonly DayNumber[]): string | null {
  const [first] = days;
  if (first === undefined) return null;
  const weekday = weekdayCodes[weekdayOf(first)] ?? "";
  const places = days.map((day) => {
    const { year, month, dayOfMonth } = ymdOf(day);
    return { dayOfMonth, isLast: dayOfMonth > daysInMonth(year, month) - 7 };
  });
  if (places.every(({ isLast }) => isLast)) return `BYDAY=-1${weekday}`;
  const dates = places.map(({ dayOfMonth }) => dayOfMonth);
  const [least, most] = [Math.min(...dates), Math.max(...dates)];
  const nth = Math.ceil(least / 7);
  if (nth === Math.ceil(most / 7)) return `BYDAY=${nth}${weekday}`;
  if (most - least > 6) return null;
  return `BYDAY=${weekday};BYMONTHDAY=${Array.from({ length: 7 }, (_, at) => least + at).join(",")}`;
}
