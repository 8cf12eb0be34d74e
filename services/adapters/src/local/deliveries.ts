import type { Subscription } from "@carillon/contracts/catalog";
import type { ServiceName } from "@carillon/contracts/names";
import { allSlots, shareSlots } from "@carillon/events/publish";
import { onAnnouncement, type Sql } from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import type { Clock } from "@carillon/kit/ports";
import { type Registration, register } from "./broadcast.ts";
import { keepSwept } from "./bus-sweep.ts";
import { type Runner, startRunner } from "./delivery-runner.ts";
import { deliveryStore } from "./delivery-store.ts";
import { type Door, deliver } from "./door.ts";
import { type Catalog, catalog, instanceName, subscriberName } from "./subscribers.ts";

export type DeliveryOptions = {
  sql: Sql;
  /** The services of this process; only their subscriptions are delivered here. */
  doors: Partial<Record<ServiceName, Door>>;
  /** The token for the doors of `/events`. */
  appToken: string;
  log: Log;
  clock: Clock;
  subscriptions?: Catalog;
  /** Distinguishes this process from others in broadcasts. */
  instance?: string;
  pollMs?: number;
  batch?: number;
  callMs?: number;
};

export type Deliveries = {
  /** Resolves when this process gets every broadcast published from now on. */
  ready: Promise<void>;
  /** Resolves after the events being handled now are settled. */
  stop(): Promise<void>;
};

type Started = { runner: Runner; registration: Registration | null };

/**
 * Delivers the bus's messages to the doors of this process: a shared subscription's slots are divided
 * among all processes that have its service; a broadcast's messages come to each of them, by
 * deliveries under a name of its own. (Rows and not notifications: those are lost while a
 * connection is, and hold 8 kB.)
 */
export function startDeliveries(options: DeliveryOptions): Deliveries {
  const { sql, doors, log, clock, subscriptions = catalog, instance = crypto.randomUUID() } = options;
  const started = subscriptions.flatMap((subscription) => {
    const door = doors[subscription.service];
    return door ? [start(options, subscription, door, instance)] : [];
  });
  const ring = () => {
    for (const { runner } of started) runner.ring();
  };
  const announcements = onAnnouncement({ sql, channel: "bus", service: "every", log, ring });
  const sweeping = keepSwept({ sql, clock, log });

  return {
    ready: Promise.all(started.map(({ registration }) => registration?.ready)).then(() => {}),
    async stop() {
      await Promise.all([
        announcements.stop(),
        sweeping.stop(),
        ...started.map(async ({ runner, registration }) => {
          await runner.stop();
          await registration?.stop();
        }),
      ]);
    },
  };
}

function start(options: DeliveryOptions, subscription: Subscription, door: Door, instance: string): Started {
  const { sql, appToken, log, pollMs = 1_000, batch = 200, callMs = 10_000 } = options;
  const { broadcast, route, topic } = subscription;
  const name = broadcast ? instanceName(subscription, instance) : subscriberName(subscription);
  let runner: Runner | null = null;
  const slots = broadcast
    ? allSlots()
    : shareSlots({ sql, purpose: `bus:${name}`, service: subscription.service, log, onChange: () => runner?.ring() });
  runner = startRunner({
    subscription,
    store: deliveryStore(sql, name, subscription),
    slots,
    deliver: (entries) => deliver({ door, route, topic, appToken, timeoutMs: callMs }, entries),
    log,
    pollMs,
    batch,
  });
  return { runner, registration: broadcast ? register(sql, name, subscription, log) : null };
}
