import type { MailFailure } from "@carillon/adapters/mail";
import { backoffMs } from "@carillon/kit/loop";

/** The results of mails that were handed over together. */
export type Handed = { sent: number; failures: readonly Pick<MailFailure, "kind" | "retryAfterMs">[] };

/**
 * Limits the load on a provider that takes nothing: from its first round without a success one mail at
 * a time probes it, with growing pauses. Times are milliseconds of any one monotonic clock.
 */
export type ProviderGate = {
  /** How long to pause. */
  pauseMs(nowMs: number): number;
  isAway(): boolean;
  /** Records a round; returns whether that changed the provider's state. */
  note(round: Handed, nowMs: number): "went away" | "came back" | null;
};

const pause = { firstMs: 500, maxMs: 10_000 };
const mostAskedMs = 60_000;

export function createProviderGate(random: () => number = Math.random): ProviderGate {
  let rounds = 0;
  let pausedUntil = 0;
  return {
    pauseMs: (nowMs) => Math.max(0, pausedUntil - nowMs),
    isAway: () => rounds > 0,
    note({ sent, failures }, nowMs) {
      const away = failures.filter(({ kind }) => kind === "away");
      const asked = Math.max(0, ...away.map(({ retryAfterMs }) => retryAfterMs ?? 0));
      if (asked > 0) pausedUntil = nowMs + Math.min(asked, mostAskedMs);
      // A provider that rejects single mails is there.
      const isThere = sent > 0 || failures.length > away.length;
      const wasAway = rounds > 0;
      if (isThere) {
        rounds = 0;
        return wasAway ? "came back" : null;
      }
      if (away.length === 0) return null;
      rounds++;
      pausedUntil = Math.max(pausedUntil, nowMs + backoffMs(pause, rounds, random));
      return wasAway ? null : "went away";
    },
  };
}
