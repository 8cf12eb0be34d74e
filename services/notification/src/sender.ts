import { deliverDue, type Outside } from "./deliver-due.ts";
import type { NotificationDeps } from "./deps.ts";
import { nextInMs } from "./ledger/sends.ts";
import { createProviderGate } from "./provider-gate.ts";

export type SenderOptions = Outside & {
  /** Called when a claimed plan turned out to be due at another time. */
  onMoved(): void;
  /** Called when there are results to report to api. */
  onSomethingToTell(): void;
};

const idleMs = 10_000;
const gapMs = 100;
const mostUntoldMs = 1_000;

/**
 * One turn of sending, shared by several loops: mails what is due and returns milliseconds until the
 * next, 0 when more is due now.
 */
export function createSender(deps: NotificationDeps, { onMoved, onSomethingToTell, ...outside }: SenderOptions) {
  const { log, sql, width } = deps;
  const provider = createProviderGate();
  let toldAt = 0;

  return async (): Promise<number> => {
    const pauseMs = provider.pauseMs(performance.now());
    if (pauseMs > 0) return pauseMs;
    const limit = provider.isAway() ? 1 : width;
    const { taken, sent, failures } = await deliverDue(deps, limit, outside);
    const change = provider.note({ sent, failures }, performance.now());
    if (change === "went away") log.error("reminders: the mail provider takes nothing");
    if (change === "came back") log.info("reminders: the mail provider takes mail again");
    if (taken > sent + failures.length) onMoved();
    if (taken === limit) return 0;
    const restMs = Math.max(1, Math.min(idleMs, Math.ceil((await nextInMs(sql)) ?? idleMs)));
    // Reminders first: results are reported in the next gap, or after a second.
    if (restMs > gapMs || performance.now() - toldAt > mostUntoldMs) {
      toldAt = performance.now();
      onSomethingToTell();
    }
    return restMs;
  };
}
