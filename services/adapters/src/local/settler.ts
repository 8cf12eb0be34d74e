import type { Subscription } from "@carillon/contracts/catalog";
import { type Log, metrics } from "@carillon/kit/observe";
import type { DeliveryStore } from "./delivery-store.ts";
import type { Due } from "./due.ts";
import type { Outcome } from "./judge.ts";

/** Records the results of deliveries, and reports those given up; `onAgain` receives the retries with their pauses. */
export function createSettler(
  { service, topic, deadLetter }: Subscription,
  store: Pick<DeliveryStore, "settle">,
  log: Log,
  onAgain: (due: Due, delayMs: number) => void,
): (outcomes: readonly Outcome[]) => Promise<void> {
  function tellGivenUp({ due, attempts, reason }: Extract<Outcome, { kind: "given up" }>): void {
    const fields = { subscriber: service, topic, event_id: due.eventId, attempts, reason };
    if (deadLetter === null) {
      log.info("delivery: given up", fields);
      return;
    }
    metrics.deadLetters.inc({ service, topic });
    log.error("delivery: parked in the dead letters", { ...fields, dead_letter: deadLetter });
  }

  return async (outcomes) => {
    if (outcomes.length === 0) return;
    await store.settle(outcomes);
    for (const outcome of outcomes) {
      if (outcome.kind === "again") onAgain(outcome.due, outcome.delay_ms);
      if (outcome.kind === "given up") tellGivenUp(outcome);
    }
  };
}
