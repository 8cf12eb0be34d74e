import type { CloudEvent } from "@carillon/contracts/event";
import { fatal } from "@carillon/kit/loop";
import { handleInParts } from "./handle-in-parts.ts";
import type { Handle, Verdict } from "./verdict.ts";

type Waiting<Data> = { event: CloudEvent<Data>; verdict: PromiseWithResolvers<Verdict> };

/**
 * For a handler whose cost hardly depends on the number of events. A sidecar delivers events one by
 * one, of many users at once: the first is handled at once, and those that arrive meanwhile are
 * handled together next. One on which the handler throws does not fail the others. Whole batches go
 * as they are.
 */
export function handleTogether<Data>(handle: Handle<Data>): Handle<Data> {
  let waiting: Waiting<Data>[] = [];
  let isBusy = false;

  async function work(): Promise<void> {
    isBusy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const verdicts = await handleInParts(
        handle,
        batch.map(({ event }) => event),
      );
      for (const [at, { verdict }] of batch.entries())
        verdict.resolve(verdicts[at] ?? { kind: "retry", reason: "no verdict" });
    }
    isBusy = false;
  }

  return async (events) => {
    const [event, ...more] = events;
    if (!event || more.length > 0) return handle(events);
    const verdict = Promise.withResolvers<Verdict>();
    waiting.push({ event, verdict });
    // `handleInParts` never rejects: a handler's throw is a verdict.
    if (!isBusy) work().catch(fatal);
    return [await verdict.promise];
  };
}
