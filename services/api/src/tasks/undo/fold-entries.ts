import type { Changes } from "@carillon/contracts/event";
import type { Task } from "@carillon/contracts/http/tasks";
import { type TaskState, toTask } from "../task-row.ts";
import { standingsOf } from "./back-schedule.ts";
import { idsOf, isChange, keysOf, listOf, type TaskEntry } from "./task-entry.ts";

/**
 * What is taken back of one task together: its entries, newest first; its version before the first of them went back; and per field the
 * version down to which older entries have been dealt with along with a newer one.
 */
export type Course = { entries: readonly TaskEntry[]; version: number | null; settled: Map<string, number> };

export const newCourse = (entries: readonly TaskEntry[]): Course => ({ entries, version: null, settled: new Map() });

/**
 * The entry with, per field, what the older entries of its course did to that field before it, so that a field changed several times has one
 * value before and one after. A field that stands as before the course is left out. Those older entries skip the field from here on.
 */
export function folded(course: Course, entry: TaskEntry, state: TaskState): TaskEntry {
  const { settled, entries } = course;
  const isOpen = (field: string) => (settled.get(field) ?? Number.POSITIVE_INFINITY) > entry.version;
  const open = Object.fromEntries(Object.entries(entry.changes).filter(([field]) => isOpen(field)));
  const older = entries.slice(entries.indexOf(entry) + 1);
  const dated = scheduleOf(course, { ...entry, changes: pick(open) }, older, state);
  const changes: Changes = {};
  const task = toTask(state);
  for (const [field, sides] of Object.entries(open)) {
    if (schedule.has(field)) continue;
    const run = runOf(field, sides, older);
    const isStep = instants.has(field) && run.before !== null && sides[1] !== null && sameAs(field, sides[1], task);
    // Completed or trashed before and after: by way of being neither, for what follows from either.
    if (isStep && !sameAs(field, run.before, task)) changes[field] = sides;
    else {
      if (!isNet(field, [run.before, sides[1]], task)) changes[field] = [run.before, sides[1]];
      settled.set(field, run.version ?? entry.version);
    }
  }
  return { ...entry, changes: { ...changes, ...dated } };
}

const instants = new Set(["completed_at", "deleted_at"]);

/** What says when: folded as a whole, as it is taken back. */
const schedule = new Set([
  "due_date",
  "time_zone",
  "all_day",
  "recurring_pattern",
  "recurrence",
  "series_id",
  "series",
  "skipped_date",
  "skipped_dates",
]);

const pick = (changes: Changes): Changes =>
  Object.fromEntries(Object.entries(changes).filter(([field]) => schedule.has(field)));

/** The value before the unbroken run of the older changes of a field, and the version of the oldest of them. */
function runOf(field: string, sides: Changes[string], older: readonly TaskEntry[]) {
  let [before]: [unknown, unknown] = sides;
  let version: number | null = null;
  for (const one of older) {
    const change = one.changes[field];
    if (!change || !isChange(one)) continue;
    if (!isSame(field, change[1], before)) break;
    [before] = change;
    ({ version } = one);
  }
  return { before: before ?? null, version };
}

/** True where a field is as before and as left alike: there is nothing to do, or to name. */
const isNet = (field: string, [before, after]: Changes[string], task: Task): boolean =>
  field !== "reminders" && isSame(field, before, after) && sameAs(field, after, task);

const sameAs = (field: string, value: unknown, task: Task): boolean =>
  // Sound: fields of an entry are those of the task it shows.
  isSame(field, value, (task as Record<string, unknown>)[field]);

function isSame(field: string, one: unknown, other: unknown): boolean {
  if (field === "tags") return Bun.deepEquals(idsOf(one), idsOf(other));
  if (field === "reminders") return Bun.deepEquals(keysOf(listOf(one)), keysOf(listOf(other)));
  return Bun.deepEquals(one ?? null, other ?? null);
}

/** The dates and the rule to take back: step by step, exactly as they came, where nothing else changed them since; else judged as a whole. */
function scheduleOf({ settled }: Course, entry: TaskEntry, older: readonly TaskEntry[], state: TaskState): Changes {
  if (Object.keys(entry.changes).length === 0) return {};
  const { changes, version } = joinedWith(entry, older);
  const task = toTask(state);
  const isLeftOut = ([field, sides]: [string, Changes[string]]) =>
    field === "series" ? Bun.deepEquals(sides[0], sides[1]) : isNet(field, sides, task);
  const whole = Object.fromEntries(Object.entries(changes).filter((one) => !isLeftOut(one)));
  const standings = standingsOf(state, { ...entry, changes: whole }).map(({ standing }) => standing);
  const isAsLeft = standingsOf(state, entry).every(({ standing }) => standing === "left");
  if (standings.includes("left") && !standings.includes("changed") && isAsLeft) return entry.changes;
  for (const field of schedule) settled.set(field, version);
  return standings.some((standing) => standing !== "back") ? whole : {};
}

/** With the older entries right before this one: a version of another change in between ends it. */
function joinedWith(entry: TaskEntry, older: readonly TaskEntry[]) {
  let [{ changes }, at, version] = [entry, entry.version, entry.version];
  for (const one of older) {
    if (one.version !== at - 1 || !isChange(one)) break;
    at = one.version;
    const dated = pick(one.changes);
    if (Object.keys(dated).length === 0) continue;
    if (isPlaceless(dated) || isPlaceless(changes)) break;
    changes = joined(dated, changes);
    version = at;
  }
  return { changes, version };
}

/** Of an older release: it says nothing of the task's place in its series, so that it goes back by itself only. */
const isPlaceless = ({ series, skipped_date, skipped_dates }: Changes): boolean =>
  !series && Boolean(skipped_date ?? skipped_dates);

/** Skipped dates are in the places, which say more. */
function joined(older: Changes, newer: Changes): Changes {
  const { skipped_date: _, skipped_dates: __, ...both }: Changes = { ...older, ...newer };
  for (const [field, sides] of Object.entries(newer)) {
    const first = older[field];
    if (first && both[field]) both[field] = field === "series" ? joinedSeries(first, sides) : [first[0], sides[1]];
  }
  return both;
}

/** Places in a series; `excluded_dates` has on either side only what the other has not. */
function joinedSeries(older: Changes[string], newer: Changes[string]): Changes[string] {
  const [first, then] = [placeOf(older[0]), placeOf(older[1])];
  const [now, last] = [placeOf(newer[0]), placeOf(newer[1])];
  const gone = [...first.excluded_dates, ...without(now, then)].filter((date) => !last.excluded_dates.includes(date));
  const come = [...without(last, first), ...without(then, now)];
  return [
    { ...first, excluded_dates: gone },
    { ...last, excluded_dates: come },
  ];
}

type Place = { excluded_dates: unknown[] };

const without = (one: Place, other: Place): unknown[] =>
  one.excluded_dates.filter((date) => !other.excluded_dates.includes(date));

const placeOf = (value: unknown): Place => {
  // Sound: an entry's places are objects; one that is not has no dates.
  const { excluded_dates, ...rest } = (value ?? {}) as Partial<Place>;
  return { ...rest, excluded_dates: Array.isArray(excluded_dates) ? excluded_dates : [] };
};
