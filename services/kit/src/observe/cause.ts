import { AsyncLocalStorage } from "node:async_hooks";
import { causationHeader, correlationHeader } from "@carillon/contracts/names";

/**
 * Why work is done: `correlationId` is the trace id of the first request that it goes back to, `causationId` the id of the event that
 * caused it, null for what a request caused.
 */
export type Cause = { correlationId: string; causationId: string | null };

const causes = new AsyncLocalStorage<Cause | null>();

/** The cause of the work that asks; null outside of a request or an event, and in a batch without a common one. */
export const currentCause = (): Cause | null => causes.getStore() ?? null;

export const withCause = <Result>(cause: Cause | null, work: () => Result): Result => causes.run(cause, work);

/** Adds the current cause to the headers of a call to a neighbour. */
export function sendCause(headers: Headers): void {
  const cause = currentCause();
  if (!cause) return;
  headers.set(correlationHeader, cause.correlationId);
  if (cause.causationId !== null) headers.set(causationHeader, cause.causationId);
}

const idShape = /^[\w-]{1,64}$/;

/** The cause that a neighbour's call names; null when it names none. */
export function causeIn(headers: Headers): Cause | null {
  const correlationId = headers.get(correlationHeader) ?? "";
  const causationId = headers.get(causationHeader) ?? "";
  if (!idShape.test(correlationId)) return null;
  return { correlationId, causationId: idShape.test(causationId) ? causationId : null };
}

type Caused = { id: string; correlationid?: string };

/** The cause of what an event makes its consumer do. */
export const causeOfEvent = ({ id, correlationid }: Caused): Cause => ({
  correlationId: correlationid ?? id,
  causationId: id,
});

/** The cause of what events handled together make their consumer do: that of the only one, or the correlation that all share. */
export function causeOfEvents([first, ...more]: readonly Caused[]): Cause | null {
  if (!first) return null;
  const { correlationId, causationId } = causeOfEvent(first);
  if (more.length === 0) return { correlationId, causationId };
  return more.every((event) => causeOfEvent(event).correlationId === correlationId)
    ? { correlationId, causationId: null }
    : null;
}
