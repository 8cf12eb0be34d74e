import { eventTypes, topicsOf } from "@carillon/contracts/catalog";
import { CloudEvent, EventData } from "@carillon/contracts/event";
import { TaskChanged, taskChangedType } from "@carillon/contracts/events/task-changed.v1";
import type { Topic } from "@carillon/contracts/names";
import { decode } from "@carillon/kit/http";
import type { TSchema } from "@sinclair/typebox";

/** The events of a topic. */
export type DataOf<T extends Topic> = T extends "task-updates" ? TaskChanged : EventData;

export type Decoded<T extends Topic> =
  | { kind: "event"; event: CloudEvent<DataOf<T>> }
  | { kind: "undecodable"; reason: string };

const envelopes: Record<Topic, TSchema> = {
  "task-events": CloudEvent(EventData),
  reminders: CloudEvent(EventData),
  "task-updates": CloudEvent(TaskChanged),
};
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * `raw` as an event of that topic, or in words why it is not one. Unknown fields are fine: the next
 * release may send more. Reasons name places, never values.
 */
export function decodeEvent<T extends Topic>(topic: T, raw: unknown): Decoded<T> {
  const read = decode(envelopes[topic], raw);
  if (!read.fits) return undecodable(read.wrong.startsWith("/") ? read.wrong : `the event ${read.wrong}`);
  // Sound: the topic's envelope is the schema of this type.
  const event = read.value as CloudEvent<DataOf<T>>;
  if (!uuid.test(event.id)) return undecodable("/id must be a lower-case UUID");
  if (!belongs(topic, event.type)) return undecodable(`/type is not one of ${topic}`);
  if (!event.dataschema.endsWith("/v1")) return undecodable("/dataschema is of a version this release does not know");
  if (event.partitionkey !== event.data.user_id) return undecodable("/partitionkey is not the user of /data/user_id");
  return { kind: "event", event };
}

function belongs(topic: Topic, type: string): boolean {
  if (topic === "task-updates") return type === taskChangedType;
  const known = eventTypes.find((one) => one === type);
  return known !== undefined && topicsOf(known).includes(topic);
}

const undecodable = (reason: string): { kind: "undecodable"; reason: string } => ({ kind: "undecodable", reason });
