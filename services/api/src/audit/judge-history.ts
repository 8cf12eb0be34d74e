import type {
  AuditBreak,
  AuditComparison,
  AuditVerification,
  HistoryVerification,
} from "@carillon/contracts/http/audit";
import type { Known } from "./known-history.ts";

export type Evidence = {
  /** What audit says about the entries themselves. */
  chain: AuditVerification;
  /** What api knew before audit was asked. */
  known: Known;
  /** What of it audit has, and what it has besides. */
  compared: AuditComparison;
  /** Ids of entries that are no event of api's. */
  forged: readonly string[];
  /** How many events api knows of after audit was asked; null when nothing counted them. */
  eventsAfter: number | null;
};

/**
 * Whether the history is what happened: whole in itself, every settled event in it, nothing else in it. Missing events are named while api
 * keeps their rows; older ones are counted.
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
  // The account is here, so nothing may have erased its history.
  if (is_erased) return broken("erased", missing[0] ?? null);
  if (!chain.ok) return broken(chain.reason ?? "changed", chain.first_broken);
  if (forged.length > 0) return broken("forged", forged[0] ?? null);
  if (lacking > 0) return broken("missing", missing[0] ?? null);
  if (eventsAfter !== null && entries > eventsAfter) return broken("forged", null);
  return { ...chain, missing: 0, pending };
}
