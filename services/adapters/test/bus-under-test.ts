import type { Retry, Subscription } from "@carillon/contracts/catalog";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { deadLetterTopic, type ServiceName } from "@carillon/contracts/names";
import { type Handle, subscribe } from "@carillon/events/consume";
import { silentLog } from "@carillon/kit/observe";
import type { EventBus, Message, State } from "@carillon/kit/ports";
import { createInternalService } from "@carillon/kit/service";
import type { Door } from "../src/local/door.ts";

/** A process that takes part in its services' subscriptions. */
export type Replica = { stop(): Promise<void> };

/** One adapter with its broker, as the suite needs it. */
export type BusUnderTest = {
  bus: EventBus;
  /** The same adapter with a missing broker. */
  awayBus: EventBus;
  state: State;
  /** The token for the doors of `/events`. */
  appToken: string;
  /** Two users in different partitions: a broker that keeps order by partition delays users that share one. */
  apart(): [string, string];
  start(doors: Partial<Record<ServiceName, Door>>): Promise<Replica>;
  /** The same in a process of its own, which can be killed as with `kill -9`. */
  startKillable(doors: Partial<Record<ServiceName, Door>>): Promise<{ kill(): Promise<void> }>;
  /** The messages parked under a dead-letter topic; `reason` is null where the broker keeps none. */
  deadLetters(topic: string): Promise<{ eventId: string; reason: string | null }[]>;
  close(): Promise<void>;
};

/** Opens the adapter with these subscriptions in place of the catalogue's, nothing running yet. */
export type OpenBus = (subscriptions: readonly Subscription[]) => Promise<BusUnderTest>;

export const tries = 3;
export const parkedIn = deadLetterTopic("task-events", "audit");

const quickRetry: Retry = { attempts: tries, firstMs: 20, maxMs: 100 };

/** The catalogue's routes with a retry short enough for a test. */
export const quickSubscriptions: readonly Subscription[] = [
  {
    service: "audit",
    topic: "task-events",
    route: "/events/task-events",
    retry: quickRetry,
    deadLetter: parkedIn,
    broadcast: false,
    gatherMs: null,
  },
  {
    service: "realtime",
    topic: "task-updates",
    route: "/events/task-updates",
    retry: { attempts: 1, firstMs: 0, maxMs: 0 },
    deadLetter: null,
    broadcast: true,
    gatherMs: 50,
  },
];

/** A door whose one subscription is handled by `handle`. */
export function auditDoor(
  { state, appToken }: Pick<BusUnderTest, "state" | "appToken">,
  handle: Handle<EventData>,
  retry: Retry = quickRetry,
): Door {
  return createInternalService({
    name: "audit",
    log: silentLog,
    appToken,
    routes: [subscribe({ service: "audit", topic: "task-events", state, log: silentLog, handle, retry })],
  });
}

export const messages = (events: readonly CloudEvent<EventData>[]): Message[] =>
  events.map((event) => ({ topic: "task-events", key: event.partitionkey, event }));
