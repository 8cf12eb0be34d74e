import type {
  AuditBreak,
  AuditComparison,
  AuditVerification,
  HistoryVerification,
} from "@carillon/contracts/http/audit";
import type { Known } from "./known-history.ts";

export type Evidence = {
  /** audit's result for the entries themselves. */
  chain: AuditVerification;
  /** What api knew before audit was asked. */
  known: Known;
  /** What audit has of it, and in addition. */
  compared: AuditComparison;
  /** Ids of entries that match no event of api's. */
  forged: readonly string[];
  /** How many events api knows of after audit was asked; null when they were never counted. */
  eventsAfter: number | null;
};

/**
 * Whether the history matches the events: intact, with every settled event and nothing else. Missing
 * events are named while api keeps their rows; older ones are counted.
 */
export function judgeHistory({ chain, known, compared, forged, eventsAfter }: Evidence): HistoryVerification {
  const { entries, missing, is_erased } = compared;
  const due = known.events === null ? null : known.events - known.waiting.length;
  const lacking = Math.max(missing.length, due === null ? 0 : due - entries);
  const pending = Math.max(0, (known.events ?? entries) - entries - lacking);
  const broken = (reason: AuditBreak, id: string | null): HistoryVerification => ({
    ok: false,
    checked: chain.checked,
    first_broken: id,
    reason,
    missing: lacking,
    pending,
  });
  // The account exists, so its history must not have been erased.
  if (is_erased) return broken("erased", missing[0] ?? null);
  if (!chain.ok) return broken(chain.reason ?? "changed", chain.first_broken);
  if (forged.length > 0) return broken("forged", forged[0] ?? null);
  if (lacking > 0) return broken("missing", missing[0] ?? null);
  if (eventsAfter !== null && entries > eventsAfter) return broken("forged", null);
  return { ...chain, missing: 0, pending };
}
