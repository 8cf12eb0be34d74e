import { type EventType, eventTypes, topicsOf } from "@carillon/contracts/catalog";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { type TaskChanged, taskChangedSchema, taskChangedType } from "@carillon/contracts/events/task-changed.v1";
import type { Message } from "../ports.ts";

/**
 * The messages of one outbox row of user `key`, one per topic of its event.
 * @throws Error when this release does not know the event's type or version: publishing it would be guessing.
 */
export function messagesOf(key: string, event: CloudEvent<EventData>): Message[] {
  const type = eventTypes.find((known) => known === event.type);
  if (!type) throw new Error(`unknown event type ${event.type}`);
  if (!event.dataschema.endsWith("/v1")) throw new Error(`unknown version of ${type}: ${event.dataschema}`);
  return topicsOf(type).map((topic) => ({
    topic,
    key,
    event: topic === "task-updates" ? hintOf(type, event) : event,
  }));
}

/** The event as a screen hears of it: that something changed, not what it is now. */
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
  // Of a session's end only its id; without one it means all sessions of the user.
  if (type === "session.revoked" && "session_id" in event.data) data.session_id = String(event.data.session_id);
  return { ...event, type: taskChangedType, dataschema: taskChangedSchema, data };
}
