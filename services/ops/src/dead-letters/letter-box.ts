import { services } from "@carillon/contracts/names";
import { type FailureNote, failureKey } from "@carillon/events/consume";

/** An event that could not be handled, as one consumer left it. */
export type DeadLetter = {
  /** Its number (embedded), or `topic:partition:offset`. */
  id: string;
  topic: string;
  /** `<service>:<topic>`: who could not handle what. */
  subscriber: string;
  /** The user whose event it is; null when that cannot be read. */
  key: string | null;
  event_id: string | null;
  reason: string;
  attempts: number;
  parked_at: string;
  settled: "replayed" | "dropped" | null;
  /** What the consumer itself noted about its tries. */
  note: FailureNote | null;
  /** The event as it lies there; text when it is no JSON. */
  event: unknown;
};

export type Replay =
  /** Its consumer has handled it. */
  | { kind: "replayed" }
  /** It is handed over, and its turn has not come yet. */
  | { kind: "waiting" }
  /** Somebody else was quicker. */
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

/** Where dead letters lie. The two run modes differ only in this. */
export interface LetterBox {
  /** At most `limit` letters, oldest first; without those that are settled unless `all`. */
  list(query: { limit: number; all: boolean }): Promise<Page>;
  /** By the letter's own id, or every letter of an event (each consumer parks its own), settled ones too. */
  find(id: string): Promise<DeadLetter[]>;
  /** Why nobody could hand this letter to its consumer; null: one may try. */
  obstacle(letter: DeadLetter): string | null;
  /** Hands letters over, in this order; answers what became of each, by its id. */
  replay(letters: readonly DeadLetter[]): Promise<Map<string, Replay>>;
  drop(letter: DeadLetter): Promise<void>;
}

/** Where the consumer's note about a letter is kept; null when its subscriber is nobody of ours. */
export function noteKeyOf({ id, subscriber, event_id }: Pick<DeadLetter, "id" | "subscriber" | "event_id">) {
  const service = services.find((name) => subscriber.startsWith(`${name}:`));
  // What has no readable id is known by its place.
  return service ? failureKey(service, event_id ?? id) : null;
}
