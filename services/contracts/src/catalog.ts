import { deadLetterTopic, type ServiceName, type Topic } from "./names.ts";

/**
 * Which event goes to which topic, and how each service consumes it. Routes, retries, dead letters and
 * Dapr's subscription files derive from this file alone.
 */
export const eventTypes = [
  "task.created",
  "task.updated",
  "task.completed",
  "task.reopened",
  "task.deleted",
  "task.restored",
  "task.skipped",
  "task.purged",
  "tag.created",
  "tag.updated",
  "tag.deleted",
  "reminder.scheduled",
  "reminder.cancelled",
  "reminder.sent",
  "reminder.failed",
  "reminder.missed",
  "reminder.snoozed",
  "occurrence.generated",
  "series.ended",
  "user.erased",
  "session.revoked",
] as const;
export type EventType = (typeof eventTypes)[number];

const forNotification: readonly EventType[] = [
  "reminder.scheduled",
  "reminder.cancelled",
  "reminder.snoozed",
  "user.erased",
];

/** The topics an event is published to. A session's end concerns open streams only and is not part of the history. */
export function topicsOf(type: EventType): Topic[] {
  if (type === "session.revoked") return ["task-updates"];
  if (forNotification.includes(type)) return ["task-events", "reminders", "task-updates"];
  return ["task-events", "task-updates"];
}

/** True for an event that becomes an entry of its user's history. */
export const isHistory = (type: EventType): boolean => topicsOf(type).includes("task-events") && type !== "user.erased";

/** Retries of a failed delivery; delays double from `firstMs` up to `maxMs`. */
export type Retry = { attempts: number | "forever"; firstMs: number; maxMs: number };

export type Subscription = {
  service: ServiceName;
  topic: Topic;
  route: `/events/${string}`;
  retry: Retry;
  /** The destination of an event that can never be handled; null: it is discarded. */
  deadLetter: string | null;
  /** Every replica gets every event (its own consumer group) instead of sharing them. */
  broadcast: boolean;
  /**
   * How long a sidecar gathers events of a partition into one batch; null: one by one. It delivers one
   * batch at a time: one from each partition must be handled within this time, or partitions take
   * turns with hardly an event each. While part of a batch is retried it delivers nothing else of
   * the subscription, whereas one by one a failing event blocks only its partition.
   */
  gatherMs: number | null;
};

export const subscriptions: readonly Subscription[] = [
  {
    service: "audit",
    topic: "task-events",
    route: "/events/task-events",
    // A history entry is never given up: only events that cannot be decoded are parked (the consumer
    // answers `drop`).
    retry: { attempts: "forever", firstMs: 200, maxMs: 5_000 },
    deadLetter: deadLetterTopic("task-events", "audit"),
    broadcast: false,
    // A write to the history takes some 10 ms.
    gatherMs: 150,
  },
  {
    service: "notification",
    topic: "reminders",
    route: "/events/reminders",
    // Urgent: a reminder may be due in a second. An event given up after some 20 s (5 s at a sidecar's
    // even pace) is picked up by notification's own sweep.
    retry: { attempts: 10, firstMs: 100, maxMs: 5_000 },
    deadLetter: deadLetterTopic("reminders", "notification"),
    broadcast: false,
    gatherMs: null,
  },
  {
    service: "recurring",
    topic: "task-events",
    route: "/events/task-events",
    // The next date should appear promptly. An event given up after some 25 s (4 s at a sidecar's even
    // pace) is picked up by recurring's own sweep.
    retry: { attempts: 8, firstMs: 200, maxMs: 10_000 },
    deadLetter: deadLetterTopic("task-events", "recurring"),
    broadcast: false,
    // Most events are irrelevant to it and cost only the call.
    gatherMs: 100,
  },
  {
    service: "realtime",
    topic: "task-updates",
    route: "/events/task-updates",
    // A hint for a screen: late is as bad as lost, the page reads the truth from api anyway.
    retry: { attempts: 1, firstMs: 0, maxMs: 0 },
    deadLetter: null,
    broadcast: true,
    gatherMs: 50,
  },
];

export const subscriptionsOf = (topic: Topic): Subscription[] =>
  subscriptions.filter((subscription) => subscription.topic === topic);
