import type { Retry } from "@carillon/contracts/catalog";
import { backoffMs } from "@carillon/kit/loop";
import type { Due } from "./due.ts";

/** A subscriber's status for one entry, as in Dapr's bulk answer; `reason` is ours and ignored by a sidecar. */
export type Status = { status: "SUCCESS" | "RETRY" | "DROP"; reason: string };

/** The recorded result of one delivery. Deliveries without one stay as they are and are repeated. */
export type Outcome =
  | { kind: "done"; due: Due }
  | { kind: "again"; due: Due; attempts: number; delay_ms: number; reason: string }
  | { kind: "given up"; due: Due; attempts: number; reason: string };

/**
 * The outcomes of one answered call, whose entries are in order per key. Of each key only the first
 * failure counts: later events were held back and have used no try. An entry without a status
 * counts as failed.
 */
export function judge(
  entries: readonly Due[],
  statuses: ReadonlyMap<string, Status>,
  retry: Retry,
  random: () => number = Math.random,
): Outcome[] {
  const outcomes: Outcome[] = [];
  const heldBack = new Set<string>();
  for (const due of entries) {
    const { status, reason } = statuses.get(due.id) ?? { status: "RETRY", reason: "the answer does not mention it" };
    if (status === "SUCCESS") outcomes.push({ kind: "done", due });
    else if (status === "DROP") outcomes.push({ kind: "given up", due, attempts: due.attempts + 1, reason });
    else if (!heldBack.has(due.key)) {
      heldBack.add(due.key);
      outcomes.push(failed(due, reason, retry, random));
    }
  }
  return outcomes;
}

/** The outcome of a delivery that failed again. */
export function failed(due: Due, reason: string, retry: Retry, random: () => number = Math.random): Outcome {
  const attempts = due.attempts + 1;
  if (retry.attempts !== "forever" && attempts >= retry.attempts) return { kind: "given up", due, attempts, reason };
  return { kind: "again", due, attempts, delay_ms: backoffMs(retry, attempts, random), reason };
}
