import { services } from "@carillon/contracts/names";
import { type FailureNote, failureKey } from "@carillon/events/consume";

/** An event that could not be handled, as one consumer left it. */
export type DeadLetter = {
  /** Its number (embedded), or `topic:partition:offset`. */
  id: string;
  topic: string;
  /** `<service>:<topic>`: the consumer and the topic. */
  subscriber: string;
  /** The event's user; null when that cannot be read. */
  key: string | null;
  event_id: string | null;
  reason: string;
  attempts: number;
  parked_at: string;
  settled: "replayed" | "dropped" | null;
  /** What the consumer itself recorded about its attempts. */
  note: FailureNote | null;
  /** The event as stored; text when it is not JSON. */
  event: unknown;
};

export type Replay =
  /** Its consumer has handled it. */
  | { kind: "replayed" }
  /** It is queued, and its turn has not come yet. */
  | { kind: "waiting" }
  /** Another operator was quicker. */
  | { kind: "settled" }
  /** It stays, or was parked again. */
  | { kind: "failed"; reason: string };

export type Page = {
  /** How many there are, as far as was counted. */
  count: number;
  /** False when there are more than were counted. */
  complete: boolean;
  letters: DeadLetter[];
};

/** The store of dead letters: the only difference between the two modes. */
export interface LetterBox {
  /** At most `limit` dead letters, oldest first; without settled ones unless `all`. */
  list(query: { limit: number; all: boolean }): Promise<Page>;
  /** By the dead letter's own id, or every dead letter of an event (each consumer parks its own), settled ones too. */
  find(id: string): Promise<DeadLetter[]>;
  /** Why this dead letter cannot be delivered to its consumer; null: it can be tried. */
  obstacle(letter: DeadLetter): string | null;
  /** Delivers dead letters, in this order; returns the result of each, by its id. */
  replay(letters: readonly DeadLetter[]): Promise<Map<string, Replay>>;
  drop(letter: DeadLetter): Promise<void>;
}

/** The key of the consumer's note about a dead letter; null when its subscriber is not ours. */
export function noteKeyOf({ id, subscriber, event_id }: Pick<DeadLetter, "id" | "subscriber" | "event_id">) {
  const service = services.find((name) => subscriber.startsWith(`${name}:`));
  // Without a readable id it is identified by its position.
  return service ? failureKey(service, event_id ?? id) : null;
}
