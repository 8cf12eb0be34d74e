import type { Retry } from "@carillon/contracts/catalog";
import { heldBackReason, type Verdict } from "./verdict.ts";

/** Maximum events tracked; an evicted event starts counting from zero. */
const most = 10_000;

/**
 * Counts the tries of each event and turns the last one's `retry` into a `drop` with the same reason,
 * where the catalogue sets a limit. A sidecar retries without limit and counts nothing, so that an
 * app that is down loses nothing. Events that were only held back, or are blameless, have used no
 * try. Counts belong to this process and are lost by a restart: an event may then get more tries
 * than the catalogue says, never fewer.
 */
export function countTries(retry: Retry): (eventId: string | null, verdict: Verdict) => Verdict {
  const tries = new Map<string, number>();
  return (eventId, verdict) => {
    if (eventId === null || retry.attempts === "forever") return verdict;
    if (verdict.kind === "retry" && (verdict.blameless || verdict.reason === heldBackReason)) return verdict;
    const count = (tries.get(eventId) ?? 0) + 1;
    // Reinserted, so that the most recent failure is last.
    tries.delete(eventId);
    if (verdict.kind !== "retry") return verdict;
    if (count >= retry.attempts) return { kind: "drop", reason: verdict.reason };
    tries.set(eventId, count);
    const [oldest] = tries.keys();
    if (tries.size > most && oldest !== undefined) tries.delete(oldest);
    return verdict;
  };
}
