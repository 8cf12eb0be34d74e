import { type Subscription, subscriptions } from "@carillon/contracts/catalog";
import { type PlatformNames, topicAt } from "@carillon/contracts/platform-names";
import { decodeEvent, type FailureNote, noteTtlSeconds } from "@carillon/events/consume";
import type { Invoker, State } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";
import type { Kafka } from "kafkajs";
import { type DeadLetter, type LetterBox, noteKeyOf, type Replay } from "./letter-box.ts";
import { type LetterRecord, readRecords } from "./read-records.ts";

export type KafkaLetterDeps = { kafka: Kafka; names: PlatformNames; state: State; invoke: Invoker };

/** Who parked a dead letter: the consumer, by the broker's name of its dead-letter topic. */
type ConsumerOf = (deadLetterTopic: string) => Subscription;

function consumersAt(names: PlatformNames): Map<string, Subscription> {
  const kept = subscriptions.flatMap((one) => (one.deadLetter === null ? [] : [{ ...one, parked: one.deadLetter }]));
  return new Map(kept.map(({ parked, ...one }) => [topicAt(names, parked), one]));
}

/** A consumer that has to ask other services, all of them slow. */
const replayMs = 20_000;

/**
 * Dead letters in the broker's topics. They stay there until retention removes them; whether one is
 * settled is in its consumer's failure note. A replay calls the consumer's own route, so its
 * verdict is known at once.
 */
export function kafkaLetterBox(deps: KafkaLetterDeps): LetterBox {
  const { kafka, state } = deps;
  const consumers = consumersAt(deps.names);
  const deadLetterTopics = [...consumers.keys()];
  const consumerOf: ConsumerOf = (topic) => {
    const consumer = consumers.get(topic);
    if (!consumer) throw new Error(`The catalogue has no consumer with the dead letters ${topic}.`);
    return consumer;
  };

  const letterOf = async (record: LetterRecord): Promise<DeadLetter> => {
    const letter = readLetter(record, consumerOf);
    const note = (await state.get<FailureNote>(keyOf(letter)))?.value ?? null;
    const known = { settled: note?.settled ?? null, attempts: note?.attempts ?? 0 };
    return { ...letter, ...known, reason: note?.last_error ?? "no reason recorded", note };
  };

  return {
    async list({ limit, all }) {
      const found: DeadLetter[] = [];
      const wasAll = await readRecords(kafka, deadLetterTopics, async (records) => {
        const letters = await Promise.all(records.map(letterOf));
        found.push(...letters.filter(({ settled }) => all || settled === null));
        return found.length <= limit;
      });
      const letters = found.sort(byAge).slice(0, limit);
      return { count: letters.length, complete: wasAll && found.length <= limit, letters };
    },

    async find(id) {
      const [topic] = id.split(":");
      const topics = id.includes(":") ? deadLetterTopics.filter((name) => name === topic) : deadLetterTopics;
      const found: DeadLetter[] = [];
      await readRecords(kafka, topics, async (records) => {
        const wanted = records.filter((record) => {
          const { id: place, event_id } = readLetter(record, consumerOf);
          return place === id || event_id === id;
        });
        found.push(...(await Promise.all(wanted.map(letterOf))));
        return true;
      });
      return found.sort(byAge);
    },

    obstacle(letter) {
      const decoded = decodeEvent(consumerOf(letter.topic).topic, letter.event);
      return decoded.kind === "event" ? null : `it cannot be decoded (${decoded.reason}); it can only be dropped.`;
    },

    async replay(letters) {
      const outcomes = new Map<string, Replay>();
      for (const letter of letters) outcomes.set(letter.id, await replay(deps, consumerOf(letter.topic), letter));
      return outcomes;
    },

    drop: (letter) => settle(state, letter, "dropped"),
  };
}

const byAge = (one: DeadLetter, other: DeadLetter): number => one.parked_at.localeCompare(other.parked_at);

type Unnoted = Omit<DeadLetter, "settled" | "attempts" | "reason" | "note">;

function readLetter(
  { topic, partition, offset, key, value, writtenAt }: LetterRecord,
  consumerOf: ConsumerOf,
): Unnoted {
  const { service, topic: original } = consumerOf(topic);
  const event = parse(value);
  return {
    id: `${topic}:${partition}:${offset}`,
    topic,
    subscriber: `${service}:${original}`,
    key: fieldOf(event, "partitionkey") ?? key,
    event_id: fieldOf(event, "id"),
    parked_at: new Date(writtenAt).toISOString(),
    event,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A field that may be part of a key: the same form in which the consumers record their failures. */
function fieldOf(event: unknown, name: "id" | "partitionkey"): string | null {
  const fields: Partial<Record<string, unknown>> = typeof event === "object" && event !== null ? { ...event } : {};
  const value = fields[name];
  return typeof value === "string" && /^[\w-]{1,100}$/.test(value) ? value : null;
}

function keyOf(letter: Unnoted): string {
  const key = noteKeyOf(letter);
  if (key === null) throw new Error(`${letter.subscriber} is not a subscriber of the catalogue.`);
  return key;
}

async function replay({ invoke, state }: KafkaLetterDeps, consumer: Subscription, letter: DeadLetter): Promise<Replay> {
  const outcome = await handOver(invoke, consumer, letter);
  if (outcome.kind === "replayed") await settle(state, letter, "replayed");
  if (outcome.kind !== "failed" || outcome.reason !== "") return outcome;
  // The consumer has just recorded why.
  const note = (await state.get<FailureNote>(keyOf(letter)))?.value;
  return { kind: "failed", reason: note?.last_error ?? "no reason recorded" };
}

/** The consumer's verdict. Its reason is not in the answer but in its note: then `reason` is empty. */
async function handOver(invoke: Invoker, { service, route }: Subscription, letter: DeadLetter): Promise<Replay> {
  const request = new Request(`http://localhost${route}`, {
    method: "POST",
    headers: { "content-type": "application/cloudevents+json" },
    body: JSON.stringify(letter.event),
  });
  try {
    const answer = await invoke.call(service, request, { timeoutMs: replayMs });
    if (answer.status !== 200) return { kind: "failed", reason: `${service} answered ${answer.status}.` };
    const body: unknown = await answer.json();
    const status = typeof body === "object" && body !== null && "status" in body ? body.status : null;
    return status === "SUCCESS" ? { kind: "replayed" } : { kind: "failed", reason: "" };
  } catch (error) {
    if (error instanceof Problem) return { kind: "failed", reason: error.detail };
    throw error;
  }
}

const maxTries = 5;

/** Records the decision in the note. Retried when another writer changes it at the same moment. */
async function settle(state: State, letter: DeadLetter, settled: "replayed" | "dropped"): Promise<void> {
  const key = keyOf(letter);
  for (let tries = 1; tries <= maxTries; tries++) {
    const before = await state.get<FailureNote>(key);
    const { attempts, last_error } = before?.value ?? { attempts: 0, last_error: letter.reason };
    const note: FailureNote = { event_id: letter.event_id ?? letter.id, attempts, last_error, settled };
    const options = { ttlSeconds: noteTtlSeconds, ...(before ? { etag: before.etag } : {}) };
    if (await state.set(key, note, options)) return;
  }
  throw new Error(`The note about ${letter.id} keeps changing; try again.`);
}
