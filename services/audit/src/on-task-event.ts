import type { CloudEvent, EventData } from "@carillon/contracts/event";
import type { Sql } from "@carillon/kit/db";
import { inBatchSpan, parseTraceparent } from "@carillon/kit/trace";
import { done, type Verdict } from "@carillon/kit/verdict";
import { appendEntries, eraseUser } from "./append-entries.ts";
import { type Decoded, decode } from "./entry.ts";

/**
 * A verdict for each event, in order. All entries of the batch are written in one transaction. An event that no try could ever write is
 * dropped (parked) by itself.
 * @throws whatever the database says: then nothing of the batch is settled, and kit's `subscribe` tries again user by user, so that an
 * event which PostgreSQL refuses holds back its own user only. Nothing is ever given up for trouble of ours.
 */
export async function onTaskEvents(sql: Sql, events: readonly CloudEvent<EventData>[]): Promise<Verdict[]> {
  const decoded = events.map(decode);
  const erased = new Set(decoded.flatMap((one) => (one.kind === "erase" ? [one.userId] : [])));
  // What an erased user did before, in the same batch, would be removed with the rest.
  const drafts = decoded.flatMap((one) => (one.kind === "entry" && !erased.has(one.draft.userId) ? [one.draft] : []));
  const traces = events.flatMap(({ traceparent }) => parseTraceparent(traceparent) ?? []);
  await inBatchSpan(appending, traces, () => appendEntries(sql, drafts));
  for (const userId of erased) await eraseUser(sql, userId);
  return decoded.map(verdictOn);
}

const appending = {
  name: "append entries",
  kind: "client",
  attributes: { "db.system.name": "postgresql", "db.namespace": "audit", "db.operation.name": "transaction" },
} as const;

const verdictOn = (decoded: Decoded): Verdict =>
  decoded.kind === "undecodable" ? { kind: "drop", reason: decoded.reason } : done;
