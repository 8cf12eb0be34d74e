import { pubsubName, type Topic, topics } from "./names.ts";

/**
 * A platform's names for the components and topics of the catalogue. The routes of services keep the
 * catalogue's names.
 */
export type PlatformNames = {
  /** The pub/sub component; the one for broadcasts has the suffix `-broadcast`. */
  pubsub: string;
  stateStore: string;
  topics: Readonly<Record<Topic, string>>;
};

/** As in the repository's files. */
export const usualNames: PlatformNames = {
  pubsub: pubsubName,
  stateStore: "statestore",
  topics: { "task-events": "task-events", reminders: "reminders", "task-updates": "task-updates" },
};

/** The settings that say so. */
export const nameVariables = {
  pubsub: "PUBSUB_NAME",
  stateStore: "STATE_STORE_NAME",
  topics: { "task-events": "TASK_EVENTS_TOPIC", reminders: "REMINDERS_TOPIC", "task-updates": "TASK_UPDATES_TOPIC" },
} as const satisfies { pubsub: string; stateStore: string; topics: Record<Topic, string> };

/** The same broker, every replica in a group of its own. */
export const broadcastOf = ({ pubsub }: PlatformNames): string => `${pubsub}-broadcast`;

/** The broker's name for a topic of the catalogue, or one of its dead-letter topics; any other name stays. */
export function topicAt(names: PlatformNames, name: string): string {
  const topic = topics.find((one) => name === one || name.startsWith(`${one}.`));
  return topic === undefined ? name : names.topics[topic] + name.slice(topic.length);
}
