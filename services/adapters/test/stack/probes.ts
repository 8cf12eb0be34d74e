import type { CloudEvent } from "@carillon/contracts/event";
import { appTokenHeader, type Topic } from "@carillon/contracts/names";
import type { EventBus } from "@carillon/kit/ports";
import { eventOf } from "@carillon/testing/events";
import { until } from "@carillon/testing/until";
import type { Door } from "../../src/local/door.ts";

export const partitions = 4;

/** As in the sidecar's broker client: FNV-1a, 32 bits, signed. */
export function partitionOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return Math.abs((hash | 0) % partitions);
}

export const probeType = "probe";
export const probeOf = (key: string): CloudEvent => ({ ...eventOf(key, 1), type: probeType });

/** Events that only show that a subscription works; doors never see them. */
export function probesOf(bus: EventBus, topic: Topic) {
  const heard = new Set<number>();
  const keys = new Map<number, string>();
  while (keys.size < partitions) {
    const key = crypto.randomUUID();
    keys.set(partitionOf(key), key);
  }
  return {
    async passOn(door: Door, request: Request): Promise<Response> {
      const { pathname } = new URL(request.url);
      const token = request.headers.get(appTokenHeader);
      const text = await request.text();
      const isDelivery = pathname.startsWith("/events");
      const body: Delivered = isDelivery ? JSON.parse(text) : {};
      if (body.type === probeType) return Response.json({ status: "SUCCESS" });
      const probes = (body.entries ?? []).filter(({ event }) => event.type === probeType);
      for (const { event } of probes) heard.add(partitionOf(event.partitionkey));
      const probesAre = (status: string) => probes.map(({ entryId }) => ({ entryId, status }));
      const entries = (body.entries ?? []).filter(({ event }) => event.type !== probeType);
      if (probes.length > 0 && entries.length === 0) return Response.json({ statuses: probesAre("SUCCESS") });
      const passed = new Request(`http://localhost${pathname}`, {
        method: request.method,
        headers: { "content-type": "application/json", ...(token === null ? {} : { [appTokenHeader]: token }) },
        ...(request.method === "GET" ? {} : { body: probes.length > 0 ? JSON.stringify({ ...body, entries }) : text }),
      });
      const answer = await door.handle(passed);
      if (probes.length === 0) return answer;
      const own = (await answer.json()) as { statuses: { status: string }[] };
      // They must not complete a part of a batch that the door wants redelivered as a whole.
      const isTriedAgain = own.statuses.some(({ status }) => status === "RETRY");
      return Response.json({ statuses: [...probesAre(isTriedAgain ? "RETRY" : "SUCCESS"), ...own.statuses] });
    },
    async untilHeard(): Promise<void> {
      await until("the subscription works", async () => {
        const missing = [...keys].filter(([partition]) => !heard.has(partition));
        await bus.publish(missing.map(([, key]) => ({ topic, key, event: probeOf(key) })));
        await Bun.sleep(150);
        return missing.length === 0;
      });
    },
  };
}

/** The relevant part of a delivery's body: one event, or a batch of them. */
type Delivered = { type?: string; entries?: { entryId: string; event: { type: string; partitionkey: string } }[] };
