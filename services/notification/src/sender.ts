import { deliverDue, type Outside } from "./deliver-due.ts";
import type { NotificationDeps } from "./deps.ts";
import { nextInMs } from "./ledger/sends.ts";
import { createProviderGate } from "./provider-gate.ts";

export type SenderOptions = Outside & {
  /** Called when a plan that was taken turned out to be another's time. */
  onMoved(): void;
  /** Called when api should hear what has become of reminders. */
  onSomethingToTell(): void;
};

const idleMs = 10_000;
const gapMs = 100;
const mostUntoldMs = 1_000;

/** One turn of sending, which several loops share: mails what is due; how many milliseconds until more is, 0 when there is more now. */
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
    // Bells first: what has rung is told in the next gap, or when a second has passed.
    if (restMs > gapMs || performance.now() - toldAt > mostUntoldMs) {
      toldAt = performance.now();
      onSomethingToTell();
    }
    return restMs;
  };
}
