import type { Tail } from "./chain.ts";

/** Maximum users whose newest entry one process remembers. */
const maxUsers = 20_000;

/**
 * The newest entry of each user that this process wrote, in memory: a chain that was cut off or set
 * back behind it is found at once, before api's count can tell. The users written to longest ago
 * are evicted first.
 */
export type Marks = {
  /** The chain ended with `before` and now ends with `after`; one found shorter than known keeps its mark. */
  note(userId: string, before: Tail, after: Tail): void;
  of(userId: string): Tail | null;
  forget(userId: string): void;
};

/** Marks without any user yet. */
export function createMarks(limit = maxUsers): Marks {
  const marks = new Map<string, Tail>();
  return {
    note(userId, before, after) {
      const known = marks.get(userId);
      marks.delete(userId);
      // Commits of two writers in one process may also return in the other order.
      marks.set(userId, known && known.seq > before.seq ? known : after);
      const [oldest] = marks.keys();
      if (marks.size > limit && oldest !== undefined) marks.delete(oldest);
    },
    of: (userId) => marks.get(userId) ?? null,
    forget: (userId) => void marks.delete(userId),
  };
}
