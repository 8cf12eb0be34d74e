import type { CloudEvent } from "@carillon/contracts/event";
import { isDatabaseAway } from "@carillon/kit/database";
import { causeOfEvent, continueTrace, parseTraceparent, type Trace, withCause, withTrace } from "@carillon/kit/observe";
import { Problem } from "@carillon/kit/service";

/**
 * A consumer's verdict on an event: handled; to be retried; or never to be retried, because it can
 * never succeed. `blameless`: a shared dependency was away (the database, a neighbour), which uses
 * no try, or an outage would park everything that came meanwhile.
 */
export type Verdict =
  | { kind: "done" }
  | { kind: "retry"; reason: string; blameless?: true }
  | { kind: "drop"; reason: string };

export const done: Verdict = { kind: "done" };

/**
 * Events in order → a verdict on each, in the same order. After a `retry` it must not handle later
 * events of that key.
 */
export type Handle<Data> = (events: CloudEvent<Data>[]) => Promise<Verdict[]>;

/**
 * A handler that takes one event after the other, each within its own trace, and skips events behind a
 * `retry` of the same key. A throw of `one` is a retry of that event.
 */
export function oneByOne<Data>(one: (event: CloudEvent<Data>) => Promise<Verdict>): Handle<Data> {
  return async (events) => {
    const verdicts: Verdict[] = [];
    const heldBack = new Set<string>();
    for (const event of events) {
      if (heldBack.has(event.partitionkey)) {
        verdicts.push({ kind: "retry", reason: heldBackReason });
        continue;
      }
      const verdict = await withTrace(traceOf(event), async () =>
        withCause(causeOfEvent(event), () => one(event)),
      ).catch(retryFor);
      if (verdict.kind === "retry") heldBack.add(event.partitionkey);
      verdicts.push(verdict);
    }
    return verdicts;
  };
}

/** The event's own span from `subscribe`, if spans are recorded. */
const traceOf = ({ traceparent }: CloudEvent): Trace => parseTraceparent(traceparent) ?? continueTrace(null);

export const heldBackReason = "an earlier event of the same user failed";

export const retryFor = (error: unknown): Verdict => ({
  kind: "retry",
  reason: error instanceof Error ? error.message : String(error),
  ...(isAway(error) ? { blameless: true } : {}),
});

/** True for a temporary failure: the database or a neighbour is away. */
export const isAway = (error: unknown): boolean =>
  isDatabaseAway(error) || (error instanceof Problem && error.code === "unavailable");
