import type { Log } from "@carillon/kit/observe";
import { messagesOf } from "./outbox-messages.ts";
import type { OutboxRow } from "./outbox-row.ts";
import type { RelayStore } from "./store.ts";

/** Maximum rows read at once; more wait for the next turn. */
const maxRows = 200;

/**
 * Releases the parked rows of these slots that an older release did not know and this one does: after
 * a rollback and upgrade no operator is needed. Returns their number.
 */
export async function readAgain(
  store: Pick<RelayStore, "parkedAsUnknown" | "release">,
  slots: readonly number[],
  log: Log,
): Promise<number> {
  const readable = (await store.parkedAsUnknown(slots, maxRows)).filter(isReadable);
  if (readable.length === 0) return 0;
  await store.release(readable);
  log.info("relay: parked rows can be read by this release and continue", { rows: readable.length });
  return readable.length;
}

function isReadable({ userId, event }: OutboxRow): boolean {
  try {
    return messagesOf(userId, event).length > 0;
  } catch {
    return false;
  }
}
