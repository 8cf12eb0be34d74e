import { expect, test } from "bun:test";
import { subscriptions } from "@carillon/contracts/catalog";
import { mostAtOnce, subscriptionFile } from "@carillon/contracts/dapr-subscriptions";
import { appTokenHeader } from "@carillon/contracts/names";
import { silentLog } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { createInternalService, serve } from "@carillon/kit/service";
import { eventOf } from "@carillon/testing/events";
import { mostDeliveryBytes } from "../src/consume/delivery-envelope.ts";
import { subscribe } from "../src/consume/subscribe.ts";
import { done } from "../src/consume/verdict.ts";

const noState: State = { get: async () => null, set: async () => true, delete: async () => {} };
const gathered = subscriptions.filter((one) => !one.broadcast && subscriptionFile(one).includes("bulkSubscribe"));

/** As a sidecar writes it: Go's JSON escapes what could end a script. */
const asGoWrites = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

test.each(gathered)(
  "G6: as many of the largest events as $service's sidecar delivers at once are accepted: a rejection would be redelivered without limit",
  async (one) => {
    let seen = 0;
    const app = createInternalService({
      name: one.service,
      log: silentLog,
      appToken: "token",
      routes: [
        subscribe({
          service: one.service,
          topic: "task-events",
          state: noState,
          log: silentLog,
          handle: async (events) => {
            seen += events.length;
            return events.map(() => done);
          },
        }),
      ],
    });
    const served = serve(app, {
      name: one.service,
      hostname: "127.0.0.1",
      port: 0,
      log: silentLog,
      mostBytes: mostDeliveryBytes,
      isInternal: true,
    });
    try {
      const text = "<".repeat(20_000);
      const event = eventOf(crypto.randomUUID(), 1);
      const largest = {
        ...event,
        data: { ...event.data, changes: { description: [text, text] }, task_data: { description: text } },
      };
      const entries = Array.from({ length: mostAtOnce }, (_, at) => ({ entryId: String(at), event: largest }));
      const response = await fetch(`${served.url}${one.route}`, {
        method: "POST",
        headers: { [appTokenHeader]: "token" },
        body: asGoWrites({ entries }),
      });
      expect([response.status, seen]).toEqual([200, mostAtOnce]);
    } finally {
      await served.stop();
    }
  },
);
