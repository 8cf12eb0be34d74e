import { dateAfterSkip, type Position } from "./next-date.ts";
import type { Occurrence } from "./occurrences.ts";
import { occurrencesBetween } from "./occurrences-between.ts";

/** From an instant (included) to another (excluded). */
export type Stretch = { from: Date; until: Date };

/**
 * The effect of a pause on a series: its open task moves to the first date after it; or it stays and
 * later dates are removed; or no date is in the pause; or none follows it, so that the task would
 * have no date to move to.
 */
export type Pause =
  | { kind: "moves"; next: Occurrence; skipped: Date[] }
  | { kind: "stays"; skipped: Date[] }
  | { kind: "untouched" }
  | { kind: "ends" };

/** The open task's own due date decides its position: the user may have moved it. */
export function pauseSeries(position: Position, dueAt: Date, { from, until }: Stretch): Pause {
  if (dueAt >= until) return { kind: "untouched" };
  const isInside = dueAt >= from;
  // Counted from completions there are no later dates yet: they depend on when this one is completed.
  if (!isInside && position.anchor === "completion") return { kind: "untouched" };
  const start = isInside ? position.occurrenceAt : from;
  const later = occurrencesBetween(position, { from: start, to: until, now: new Date(0) }).map(({ at }) => at);
  if (!isInside) return later.length === 0 ? { kind: "untouched" } : { kind: "stays", skipped: later };
  const skipped = [position.occurrenceAt, ...later];
  const last = { ...position, occurrenceAt: skipped.at(-1) ?? dueAt, ordinal: position.ordinal + later.length };
  const next = dateAfterSkip(last);
  return next.kind === "ended" ? { kind: "ends" } : { kind: "moves", next: { at: next.at, wall: next.wall }, skipped };
}
