import type { CloudEvent } from "@carillon/contracts/event";
import type { ServiceName, Topic } from "@carillon/contracts/names";

/** One event on its way to one topic. `key` is the user's id: messages of a key keep their order. */
export type Message = { topic: Topic; key: string; event: CloudEvent };

/**
 * Carries events to every subscriber of a topic: at least once; in order per key; a failing event
 * blocks its key, not others; dead-lettered after the subscriber's last retry; the trace context
 * survives. One conformance suite, `test/bus.conformance.ts`, checks every adapter.
 */
export interface EventBus {
  /**
   * Resolves when the broker has taken every message, in the given order per key. On rejection any of
   * them may have been taken: the caller publishes all of them again (subscribers recognise
   * duplicates by the event's id).
   */
  publish(messages: readonly Message[]): Promise<void>;
}

/** Calls a neighbour by name. Never repeats a call by itself: only the caller knows what may run twice. */
export interface Invoker {
  /**
   * The neighbour's response, whatever its status.
   * @throws Problem "unavailable" when there is none within `timeoutMs`.
   */
  call(service: ServiceName, request: Request, options?: { timeoutMs?: number }): Promise<Response>;
}

/** Rings a service's own door (`POST /job/<name>`) at an instant: at least once, never early, also after a restart. */
export interface Alarms {
  /** Sets or replaces the alarm of that name; `data` comes back in the request's body. A past `dueAt` rings at once. */
  set(name: string, dueAt: Date, data: unknown): Promise<void>;
  /** Removes the alarm; does nothing when there is none. */
  clear(name: string): Promise<void>;
}

export type Mail = { to: string; subject: string; text: string; html: string; headers: Record<string, string> };

/** Sends mail: the same key sends the same mail once, as far as the transport can know. */
export interface Mailer {
  /** Resolves when the transport has taken the mail. @throws MailFailure when it has not, or when that is unknown. */
  send(mail: Mail, key: string): Promise<{ messageId: string }>;
  /** Removes the mail of this key where the transport stores mail; absent where it stores none. */
  forget?(key: string): Promise<void>;
  /** The same for every key that begins so. */
  forgetAll?(prefix: string): Promise<void>;
}

/** Small facts of services that own no schema: watermarks, failure notes. */
export interface State {
  get<Value>(key: string): Promise<{ value: Value; etag: string } | null>;
  /** False, and nothing written, when `etag` is given and no longer the stored one. `ttlSeconds` expires the key. */
  set(key: string, value: unknown, options?: { etag?: string; ttlSeconds?: number }): Promise<boolean>;
  delete(key: string): Promise<void>;
}

export interface Clock {
  now(): Date;
}
