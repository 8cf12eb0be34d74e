import type { EventType } from "@carillon/contracts/catalog";
import type { Actor, Changes, CloudEvent } from "@carillon/contracts/event";
import type { Cause } from "@carillon/kit/observe";

/** What a verb reports about its change; the envelope is built when the transaction ends. */
export type Said = {
  type: EventType;
  /** The task, tag, reminder, session or user it is about. */
  entityId: string;
  taskId: string | null;
  version: number;
  changes: Changes;
  /** What it is done together with. */
  batchId?: string;
  /** What it goes back to, where that is not the request under way. */
  cause?: Cause | null;
  /** What this kind of event carries besides: `task_data`, `reminder`, `tag_id`, `tag_data`, `session_id`. */
  more: Record<string, unknown>;
};

type Circumstances = {
  eventId: string;
  userId: string;
  changeSeq: number;
  actor: Actor;
  via?: string | undefined;
  now: Date;
  traceparent: string | undefined;
  cause: Cause | null;
};

/** The CloudEvent as it is stored, published and consumed; built once so that every delivery is identical. */
export function eventOf(
  said: Said,
  { eventId, userId, changeSeq, actor, via, now, traceparent, cause }: Circumstances,
): CloudEvent {
  return {
    specversion: "1.0",
    id: eventId,
    source: "/carillon/api",
    type: said.type,
    subject: said.entityId,
    time: now.toISOString(),
    datacontenttype: "application/json",
    dataschema: `urn:carillon:event:${said.type}/v1`,
    partitionkey: userId,
    ...(traceparent ? { traceparent } : {}),
    ...(cause ? { correlationid: cause.correlationId } : {}),
    ...(cause?.causationId ? { causationid: cause.causationId } : {}),
    data: {
      event_type: said.type,
      user_id: userId,
      task_id: said.taskId,
      change_seq: changeSeq,
      actor,
      ...(via ? { via } : {}),
      timestamp: now.toISOString(),
      version: said.version,
      changes: said.changes,
      ...(said.batchId === undefined ? {} : { batch_id: said.batchId }),
      ...said.more,
    },
  };
}

/** Field → [before, after] for every listed field that differs; a missing side counts as null. */
export function changesBetween<Row extends Record<string, unknown>>(
  before: Row | null,
  after: Row | null,
  fields: readonly (keyof Row & string)[],
): Changes {
  const changes: Changes = {};
  for (const field of fields) {
    const old = before?.[field] ?? null;
    const now = after?.[field] ?? null;
    if (!Bun.deepEquals(old, now)) changes[field] = [old, now];
  }
  return changes;
}
