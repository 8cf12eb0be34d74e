import type { Message } from "@carillon/kit/ports";

/** Something of one key to be published, alone or with its neighbours. */
export type Part = { key: string; messages: readonly Message[] };

export type Published<P extends Part> = {
  /** What the broker has taken. */
  taken: P[];
  /** Key → why its first part was refused; that part and all later ones of the key were not taken. */
  refused: Map<string, unknown>;
  /** The last refusal when nothing at all was taken: then it is rather the broker than a part. Else null. */
  away: unknown | null;
};

/** After so many refusals without one success the rest is left for another time. */
const refusalsOfADeadBroker = 12;

/**
 * Publishes `parts` (sorted by key, in order within a key) with as few calls as possible. What the broker refuses is halved until the
 * one part that it does not want stands alone; only that part's key is held back. Nothing of a key is published after a part of it
 * that was refused. No kind of failure is treated apart: a broker that is down and one that dislikes a message may say the same.
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
