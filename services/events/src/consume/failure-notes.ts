import type { ServiceName } from "@carillon/contracts/names";
import { within } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { cleanReason } from "./clean-reason.ts";

/** What `ops dlq` shows beside a failed event. */
export type FailureNote = {
  event_id: string;
  attempts: number;
  last_error: string;
  /** An operator's decision about its dead letter. A later failure is a new note, and reopens it. */
  settled?: "replayed" | "dropped";
};

export const failureKey = (service: ServiceName, eventId: string): string => `failure:${service}:${eventId}`;

/** Longer than a dead letter stays in its topic. */
export const noteTtlSeconds = 21 * 24 * 3_600;
const noteMs = 1_000;

/** Records failed deliveries of one service. Best effort: a failed write is logged, and the verdicts stand. */
export function failureNotes(state: State, service: ServiceName, log: Log) {
  async function note(eventId: string, reason: string): Promise<void> {
    const key = failureKey(service, eventId);
    const before = await state.get<FailureNote>(key);
    const value: FailureNote = {
      event_id: eventId,
      attempts: (before?.value.attempts ?? 0) + 1,
      last_error: cleanReason(reason),
    };
    await state.set(key, value, { ttlSeconds: noteTtlSeconds });
  }

  return async (failures: ReadonlyMap<string, string>): Promise<void> => {
    if (failures.size === 0) return;
    const notes = Promise.all([...failures].map(([eventId, reason]) => note(eventId, reason)));
    await within(noteMs, "state", notes).catch((error: unknown) =>
      log.warn("failure notes cannot be written", { service, error }),
    );
  };
}
