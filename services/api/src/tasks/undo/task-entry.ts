import type { Changes } from "@carillon/contracts/event";
import type { KeptReason } from "@carillon/contracts/http/batches";

/** A change of a task as the history tells it. */
export type TaskEntry = {
  action: string;
  actor: string;
  at: Date;
  version: number;
  changes: Changes;
  /** The task's zone after it, where that is known: a whole day may have moved to another since. */
  timeZone: string | null;
};

/** What is not taken back of an entry; of another task where `taskId` says so. */
export type Kept = { field: string | null; reason: KeptReason; taskId?: string };

/** How a field of an entry stands: as the change left it, as it was before (nothing to do), otherwise, or not in the entry. */
export type Standing = "left" | "back" | "changed" | "absent";

/** How the field stands now, `now` being what the task shows. */
export function standingOf(changes: Changes, field: string, now: unknown): Standing {
  const change = changes[field];
  if (!change) return "absent";
  if (Bun.deepEquals(change[1] ?? null, now ?? null)) return "left";
  return Bun.deepEquals(change[0] ?? null, now ?? null) ? "back" : "changed";
}

/** A value of an entry as the text it must be; null for everything else. */
export const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** A value of an entry as an instant; null where it is none. */
export function dateOf(value: unknown): Date | null {
  const at = typeof value === "string" ? new Date(value) : null;
  return at && !Number.isNaN(at.getTime()) ? at : null;
}
