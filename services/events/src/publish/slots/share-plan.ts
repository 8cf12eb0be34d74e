import { slotCount } from "@carillon/contracts/names";

export type ShareState = {
  /** Live replicas, including this one. */
  replicas: number;
  held: readonly number[];
  /** Held by other replicas. */
  taken: readonly number[];
  /** Slots with work on them right now. */
  busy: readonly number[];
};

/**
 * One replica's step towards a fair share of ⌈slots ÷ replicas⌉: the slots it will give away (idle
 * ones first, so that work on the others can finish) and the free ones it tries to take. Never
 * both.
 */
export function planShare(
  state: ShareState,
  random: () => number = Math.random,
): { leaving: number[]; take: number[] } {
  const target = Math.ceil(slotCount / Math.max(1, state.replicas));
  const surplus = state.held.length - target;
  if (surplus > 0) {
    const idleFirst = [...state.held].sort(
      (a, b) => Number(state.busy.includes(a)) - Number(state.busy.includes(b)) || b - a,
    );
    return { leaving: idleFirst.slice(0, surplus), take: [] };
  }
  // Replicas that start together would all reach for the same slot; a random first one spreads them.
  const first = Math.floor(random() * slotCount);
  const free = Array.from({ length: slotCount }, (_, at) => (first + at) % slotCount).filter(
    (slot) => !state.held.includes(slot) && !state.taken.includes(slot),
  );
  return { leaving: [], take: free.slice(0, -surplus) };
}
