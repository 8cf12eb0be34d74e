import { appTokenHeader, pubsubName, type Topic } from "@carillon/contracts/names";
import { carrierCounts, cleanReason } from "@carillon/events/consume";
import { within } from "@carillon/kit/loop";
import type { Due } from "./due.ts";
import type { Status } from "./judge.ts";

/** A service as it is called in its own process: its Elysia app. */
export type Door = { handle(request: Request): Response | Promise<Response> };

/** The answer to a bulk delivery: statuses of its entries, or none at all. */
export type Answer = { kind: "answered"; statuses: Map<string, Status> } | { kind: "failed"; reason: string };

export type Delivery = { door: Door; route: string; topic: Topic; appToken: string; timeoutMs: number };

/**
 * Calls a subscriber's door with a batch, as Dapr's bulk subscription does (pkg/runtime/pubsub, bulk
 * subscribe envelope).
 */
export async function deliver(
  { door, route, topic, appToken, timeoutMs }: Delivery,
  entries: readonly Due[],
): Promise<Answer> {
  const request = new Request(`http://localhost${route}`, {
    method: "POST",
    headers: { "content-type": "application/json", [appTokenHeader]: appToken },
    body: envelope(topic, entries),
  });
  try {
    const answered = Promise.resolve(door.handle(request)).then(read);
    return await within(timeoutMs, route, answered);
  } catch (error) {
    return { kind: "failed", reason: cleanReason(String(error)) };
  }
}

/** The bulk envelope as JSON text. Events are JSON text already and are embedded unchanged. */
function envelope(topic: Topic, entries: readonly Due[]): string {
  const shared = JSON.stringify({
    id: crypto.randomUUID(),
    metadata: carrierCounts,
    pubsubname: pubsubName,
    topic,
    type: "com.dapr.event.sent.bulk",
  });
  const list = entries.map(
    ({ id, event }) => `{"entryId":"${id}","contentType":"application/cloudevents+json","event":${event}}`,
  );
  return `${shared.slice(0, -1)},"entries":[${list.join()}]}`;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  if (response.status !== 200) return { kind: "failed", reason: `the door answered ${response.status}` };
  const body: unknown = JSON.parse(text);
  if (typeof body !== "object" || body === null || !("statuses" in body) || !Array.isArray(body.statuses)) {
    return { kind: "failed", reason: "the door's answer has no statuses" };
  }
  return { kind: "answered", statuses: new Map(body.statuses.flatMap(statusOf)) };
}

function statusOf(given: unknown): [string, Status][] {
  if (typeof given !== "object" || given === null || !("entryId" in given) || !("status" in given)) return [];
  const { entryId, status } = given;
  const reason = "reason" in given && typeof given.reason === "string" ? cleanReason(given.reason) : "no reason given";
  if (status === "SUCCESS" || status === "DROP") return [[String(entryId), { status, reason }]];
  // An unknown status is a retry, as with a sidecar.
  return [[String(entryId), { status: "RETRY", reason }]];
}
