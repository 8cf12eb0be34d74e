import { type EventType, eventTypes, topicsOf } from "@carillon/contracts/catalog";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { type TaskChanged, taskChangedSchema, taskChangedType } from "@carillon/contracts/events/task-changed.v1";
import type { Message } from "@carillon/kit/ports";
import { cleanReason } from "../consume/clean-reason.ts";

/** Maximum message of the bus; kafka-pubsub's `maxMessageBytes` is a million. */
const maxEventChars = 900_000;

/** Why a row can never be published as it is; the message is the reason an operator reads. */
export class UnreadableRow extends Error {
  override readonly name = "UnreadableRow";
}

/**
 * The messages of one outbox row of user `key`, one per topic of its event; `text` is the event as
 * stored.
 * @throws UnreadableRow when this release cannot interpret the row: publishing it would be
 * guessing.
 */
export function messagesOf(key: string, text: string): Message[] {
  if (text.length > maxEventChars) throw new UnreadableRow(`the event has ${text.length} characters`);
  const event = readEvent(JSON.parse(text));
  const type = eventTypes.find((known) => known === event.type);
  if (!type) throw new UnreadableRow(cleanReason(`unknown event type ${event.type}`));
  if (!event.dataschema.endsWith("/v1"))
    throw new UnreadableRow(cleanReason(`unknown version of ${type}: ${event.dataschema}`));
  return topicsOf(type).map((topic) => ({
    topic,
    key,
    event: topic === "task-updates" ? hintOf(type, event) : event,
  }));
}

/** The fields required for publishing; the data is each consumer's to check. */
const neededTexts = ["id", "source", "type", "subject", "time", "dataschema", "partitionkey"] as const;

function readEvent(given: unknown): CloudEvent<EventData> {
  const fields = fieldsOf(given);
  if (!fields) throw new UnreadableRow("the event is not an object");
  const missing = neededTexts.find((name) => typeof fields[name] !== "string");
  if (missing !== undefined) throw new UnreadableRow(`the event has no ${missing}`);
  if (!fieldsOf(fields.data)) throw new UnreadableRow("the event has no data");
  // Sound as far as publishing goes: the attributes are texts, and the data is an object.
  return given as CloudEvent<EventData>;
}

const fieldsOf = (value: unknown): Partial<Record<string, unknown>> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;

/** The event for a screen: that something changed, not the new state. */
function hintOf(type: EventType, event: CloudEvent<EventData>): CloudEvent<TaskChanged> {
  const { event_type, task_id, version, user_id, change_seq, actor, timestamp } = event.data;
  const data: TaskChanged = {
    event_type,
    task_id,
    version,
    user_id,
    change_seq,
    actor: actor as TaskChanged["actor"],
    timestamp,
  };
  // Only the id of an ended session; without one it means all sessions of the user.
  if (type === "session.revoked" && "session_id" in event.data) data.session_id = String(event.data.session_id);
  return { ...event, type: taskChangedType, dataschema: taskChangedSchema, data };
}
