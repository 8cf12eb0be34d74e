import type { Message } from "@carillon/kit/ports";

/** A part of one key to publish, alone or with others. */
export type Part = { key: string; messages: readonly Message[] };

export type Published<P extends Part> = {
  /** Taken by the broker. */
  taken: P[];
  /** Key → why its first part was rejected; that part and all later ones of the key were not taken. */
  refused: Map<string, unknown>;
  /** The last rejection when nothing at all was taken, which suggests the broker rather than a part. Else null. */
  away: unknown | null;
};

/** Consecutive rejections after which the rest is left for later. */
const refusalsOfADeadBroker = 12;

/**
 * Publishes `parts` (sorted by key, in order within a key) with as few calls as possible. A rejected
 * call is halved until the one rejected part is alone; only that part's key is held back. Nothing
 * of a key is published after a rejected part. Kinds of failure are not distinguished: a broker
 * that is down and one that rejects a message may answer the same.
 */
export async function publishInParts<P extends Part>(
  parts: readonly P[],
  publish: (messages: readonly Message[]) => Promise<void>,
): Promise<Published<P>> {
  const taken: P[] = [];
  const refused = new Map<string, unknown>();
  let refusals = 0;
  let last: unknown = null;

  async function attempt(some: readonly P[]): Promise<void> {
    const open = some.filter((part) => !refused.has(part.key));
    const [first] = open;
    if (!first || (taken.length === 0 && refusals >= refusalsOfADeadBroker)) return;
    try {
      await publish(open.flatMap((part) => part.messages));
      taken.push(...open);
    } catch (error) {
      refusals++;
      last = error;
      if (open.length === 1) {
        refused.set(first.key, error);
        return;
      }
      const half = Math.ceil(open.length / 2);
      await attempt(open.slice(0, half));
      await attempt(open.slice(half));
    }
  }

  await attempt(parts);
  return { taken, refused, away: taken.length === 0 ? last : null };
}
