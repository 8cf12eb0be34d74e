import type { TObject } from "@sinclair/typebox";
import { type EventType, eventTypes } from "./catalog.ts";
import { SessionRevoked, UserErased } from "./events/account.v1.ts";
import { ReminderEvent } from "./events/reminder.v1.ts";
import { TagEvent } from "./events/tag.v1.ts";
import { TaskEvent } from "./events/task.v1.ts";

/** The schema of an event type's `data`, version 1. */
export function dataSchemaOf(type: EventType): TObject {
  if (type === "user.erased") return UserErased;
  if (type === "session.revoked") return SessionRevoked;
  if (type.startsWith("tag.")) return TagEvent;
  return type.startsWith("reminder.") ? ReminderEvent : TaskEvent;
}

/** Event type → schema of its `data`. */
export const eventSchemas: ReadonlyMap<EventType, TObject> = new Map(
  eventTypes.map((type) => [type, dataSchemaOf(type)]),
);
