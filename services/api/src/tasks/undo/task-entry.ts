import type { Changes } from "@carillon/contracts/event";
import type { KeptReason } from "@carillon/contracts/http/batches";
import type { Reminder } from "@carillon/contracts/http/tasks";
import { reminderKey } from "../fields.ts";

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

/** True for what a caller did to the task; that it followed a zone or its rules cannot be taken back alone. */
export const isChange = ({ action, actor }: TaskEntry): boolean =>
  actor !== "system" &&
  ["task.updated", "task.skipped", "task.completed", "task.reopened", "task.deleted", "task.restored"].includes(action);

/** The ids of the tags an entry names. */
export const idsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((tag: { id?: unknown }) => textOf(tag.id) ?? []) : [];

/** The reminders an entry names. */
export const listOf = (value: unknown): Reminder[] =>
  // Sound: an entry's reminders are what the task showed then.
  Array.isArray(value) ? (value as Reminder[]) : [];

type Keyed = { before: string | null; remind_at: Date | string | null };

/** By what a reminder is the same as another: when it is to ring, not whether. */
export const keyOf = ({ before, remind_at }: Keyed): string => {
  if (before !== null) return reminderKey({ before });
  const at = remind_at instanceof Date ? remind_at : dateOf(remind_at);
  return at ? reminderKey({ at }) : "never";
};

/** The keys of a list, in an order of their own. */
export const keysOf = (list: readonly Keyed[]): string[] => list.map(keyOf).sort();
