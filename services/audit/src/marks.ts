import type { Tail } from "./chain.ts";

/** Users whose newest entry one process remembers. */
const maxUsers = 20_000;

/**
 * The newest entry of each user that this process wrote, in its own memory: a chain that was cut off or set back behind it is found at
 * once, before api's count can tell. The users written to longest ago are forgotten first.
 */
export type Marks = {
  /** The chain was found to end with `before` and ends with `after` now; one found shorter than it was known keeps its mark. */
  note(userId: string, before: Tail, after: Tail): void;
  of(userId: string): Tail | null;
  forget(userId: string): void;
};

/** Marks of no user yet. */
export function createMarks(limit = maxUsers): Marks {
  const marks = new Map<string, Tail>();
  return {
    note(userId, before, after) {
      const known = marks.get(userId);
      marks.delete(userId);
      // Two writers of one process may come back from their commits in the other order, too.
      marks.set(userId, known && known.seq > before.seq ? known : after);
      const [oldest] = marks.keys();
      if (marks.size > limit && oldest !== undefined) marks.delete(oldest);
    },
    of: (userId) => marks.get(userId) ?? null,
    forget: (userId) => void marks.delete(userId),
  };
}
