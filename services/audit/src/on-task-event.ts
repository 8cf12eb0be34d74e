import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { done, handleInParts, retryFor, type Verdict } from "@carillon/events/consume";
import { inBatchSpan, parseTraceparent } from "@carillon/kit/observe";
import { appendEntries, eraseUser } from "./append-entries.ts";
import type { Books } from "./books.ts";
import { type Decoded, decode } from "./entry.ts";

/**
 * A verdict for each event, in order; never throws. An event that no retry could ever write is dropped
 * (parked) at once, whatever the state of the database: on a drop in the redelivered part of a
 * batch a sidecar would park another event. The rest is retried without limit, user by user where a
 * batch fails, so that an event which PostgreSQL refuses blocks only its own user.
 */
export async function judgeTaskEvents(books: Books, events: readonly CloudEvent<EventData>[]): Promise<Verdict[]> {
  const decoded = new Map(events.map((event) => [event, decode(event)]));
  const isReadable = (event: CloudEvent<EventData>): boolean => decoded.get(event)?.kind !== "undecodable";
  const written = await handleInParts(
    (some) => write(books, some, (event) => decoded.get(event) ?? decode(event)),
    events.filter(isReadable),
  );
  const ofReadable = written.values();
  return events.map((event) => {
    const one = decoded.get(event);
    return one?.kind === "undecodable" ? verdictOn(one) : (ofReadable.next().value ?? retryFor("no verdict"));
  });
}

/** Writes all entries in one transaction. @throws any database error: then nothing of the events is settled. */
async function write(
  books: Books,
  events: readonly CloudEvent<EventData>[],
  decodedOf: (event: CloudEvent<EventData>) => Decoded,
): Promise<Verdict[]> {
  const decoded = events.map(decodedOf);
  const erased = new Set(decoded.flatMap((one) => (one.kind === "erase" ? [one.userId] : [])));
  // An erased user's earlier events in the same batch would be removed anyway.
  const drafts = decoded.flatMap((one) => (one.kind === "entry" && !erased.has(one.draft.userId) ? [one.draft] : []));
  const traces = events.flatMap(({ traceparent }) => parseTraceparent(traceparent) ?? []);
  await inBatchSpan(appending, traces, () => appendEntries(books, drafts));
  for (const userId of erased) await eraseUser(books, userId);
  return decoded.map(verdictOn);
}

const appending = {
  name: "append entries",
  kind: "client",
  attributes: { "db.system.name": "postgresql", "db.namespace": "audit", "db.operation.name": "transaction" },
} as const;

const verdictOn = (decoded: Decoded): Verdict =>
  decoded.kind === "undecodable" ? { kind: "drop", reason: decoded.reason } : done;
