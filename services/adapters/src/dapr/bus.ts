import { pubsubName, type Topic } from "@carillon/contracts/names";
import type { EventBus, Message } from "@carillon/kit/ports";
import { askThrough, PubSub } from "./sdk.ts";
import { refusalOf, type ToSidecar, unavailable } from "./sidecar.ts";

export type DaprBusOptions = ToSidecar & {
  /** The pub/sub component. */
  pubsub?: string;
  /** The broker's name for a topic. */
  topicName?: (topic: Topic) => string;
  timeoutMs?: number;
};

/** A sidecar accepts bodies of 4 MiB; as text within text an event is at most twice as long. */
const mostBytes = 1024 * 1024;
const mostEntries = 250;

const away = "The event bus cannot be reached.";

/**
 * Events through the sidecar's bulk publish. A call carries at most one event of a user, because
 * within a call the broker's client may resend a failed event behind a later one; the user's next
 * event waits for its answer. Events go as the bytes they are (`rawPayload`), so each keeps its own
 * trace: the sidecar would wrap them into new ones, all with the call's trace.
 * @throws Problem "unavailable" when the broker did not take all of them.
 */
export function daprBus({
  pubsub = pubsubName,
  topicName = (topic) => topic,
  timeoutMs = 5_000,
  ...to
}: DaprBusOptions): EventBus {
  async function send(topic: Topic, entries: Entry[]): Promise<void> {
    const [component, name] = [encodeURIComponent(pubsub), encodeURIComponent(topicName(topic))];
    const answer = await askThrough(to, { timeoutMs, away }, async (client) =>
      new PubSub(client).publishBulk(component, name, entries, { rawPayload: "true" }),
    );
    // 204 when all were taken; else a list of those that were not, or an error.
    const isTaken = answer.status === 204;
    to.note?.("pubsub", isTaken);
    if (!isTaken) throw unavailable(away, refusalOf(answer));
  }

  return {
    async publish(messages) {
      for (const round of roundsOf(messages)) {
        const calls = [...Map.groupBy(round, ({ topic }) => topic)].flatMap(([topic, some]) =>
          callsOf(some).map((entries) => ({ topic, entries })),
        );
        // All are awaited even when one fails: the caller must not publish again while the first try is
        // still under way.
        const sent = await Promise.allSettled(calls.map(({ topic, entries }) => send(topic, entries)));
        const failed = sent.find((one) => one.status === "rejected");
        if (failed) throw failed.reason;
      }
    },
  };
}

/**
 * The messages, in groups with at most one of a key and topic each: the first of each key, then the
 * second, and so on.
 */
function roundsOf(messages: readonly Message[]): Message[][] {
  const rounds: Message[][] = [];
  const seen = new Map<string, number>();
  for (const message of messages) {
    const lane = `${message.topic} ${message.key}`;
    const round = seen.get(lane) ?? 0;
    seen.set(lane, round + 1);
    const known = rounds[round];
    if (known) known.push(message);
    else rounds.push([message]);
  }
  return rounds;
}

/** As text the event's bytes stay as they are; as JSON the sidecar would serialise it again. */
type Entry = { entryID: string; event: string; contentType: "text/plain"; metadata: { partitionKey: string } };

/** The entries of each call, within the sidecar's limit. */
function callsOf(messages: readonly Message[]): Entry[][] {
  const calls: Entry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [at, { key, event }] of messages.entries()) {
    const text = JSON.stringify(event);
    const entry: Entry = {
      entryID: String(at),
      event: text,
      contentType: "text/plain",
      metadata: { partitionKey: key },
    };
    const size = Buffer.byteLength(text);
    const last = calls.at(-1);
    if (last && last.length < mostEntries && bytes + size <= mostBytes) {
      last.push(entry);
      bytes += size;
    } else {
      calls.push([entry]);
      bytes = size;
    }
  }
  return calls;
}
