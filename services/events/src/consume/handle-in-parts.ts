import type { CloudEvent } from "@carillon/contracts/event";
import { causeOfEvents, withCause } from "@carillon/kit/observe";
import { type Handle, heldBackReason, retryFor, type Verdict } from "./verdict.ts";

/** Consecutive throws after which the handler, not an event, is considered broken. */
const throwsOfADeadHandler = 5;

/**
 * A verdict on each event. A handler that throws (or returns nonsense) on many events is called again
 * user by user, and on a user's events one by one, so that one event cannot fail the whole batch
 * forever. Later events of a user with a retry are not `done`.
 */
export async function handleInParts<Data>(handle: Handle<Data>, events: CloudEvent<Data>[]): Promise<Verdict[]> {
  const verdicts = new Map<CloudEvent<Data>, Verdict>();
  let throws = 0;
  let successes = 0;

  async function attempt(some: CloudEvent<Data>[]): Promise<boolean> {
    try {
      const given = await withCause(causeOfEvents(some), async () => handle(some));
      if (given.length !== some.length) throw new Error(`${given.length} verdicts on ${some.length} events`);
      for (const [at, event] of some.entries()) verdicts.set(event, given[at] ?? retryFor("no verdict"));
      successes++;
      return true;
    } catch (error) {
      throws++;
      for (const event of some) verdicts.set(event, retryFor(error));
      return false;
    }
  }

  if (events.length > 0 && !(await attempt(events)) && events.length > 1) {
    for (const ofKey of Map.groupBy(events, (event) => event.partitionkey).values()) {
      if (successes === 0 && throws >= throwsOfADeadHandler) break;
      if (ofKey.length < events.length && (await attempt(ofKey))) continue;
      for (const event of ofKey) if (!(await attempt([event])) || verdicts.get(event)?.kind === "retry") break;
    }
  }
  return inOrder(events, verdicts);
}

/**
 * Nothing of a key counts as handled after a retry: it is redelivered, and the consumer's own key
 * recognises it. A drop blocks nothing.
 */
function inOrder<Data>(events: CloudEvent<Data>[], verdicts: ReadonlyMap<CloudEvent<Data>, Verdict>): Verdict[] {
  const heldBack = new Set<string>();
  return events.map((event) => {
    const verdict = verdicts.get(event) ?? { kind: "retry", reason: "not handled" };
    if (verdict.kind === "drop") return verdict;
    if (heldBack.has(event.partitionkey)) return { kind: "retry", reason: heldBackReason };
    if (verdict.kind === "retry") heldBack.add(event.partitionkey);
    return verdict;
  });
}
