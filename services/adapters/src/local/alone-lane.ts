import { fatal } from "@carillon/kit/loop";
import type { Due } from "./due.ts";

/**
 * Keys delivered one event at a time, beside the bulk: those that failed before, or were in a call
 * that failed as a whole.
 */
export type AloneLane = {
  /** Ignored for a key that is in here already. */
  add(entries: readonly Due[]): void;
  /** Keys waiting or being delivered, reserved for this lane. */
  keys(): string[];
  /** No more than this should wait here. */
  isFull(): boolean;
  /** Resolves when nothing runs any more; waiting keys are dropped. */
  drain(): Promise<void>;
};

const most = 1_000;

/** A lane that runs `deliverKey` for up to `width()` keys at once; it never rejects. `onDone` follows each. */
export function createAloneLane(
  deliverKey: (entries: readonly Due[]) => Promise<void>,
  width: () => number,
  onDone: () => void,
): AloneLane {
  const waiting = new Map<string, readonly Due[]>();
  const running = new Map<string, Promise<void>>();

  function pump(): void {
    for (const [key, entries] of waiting) {
      if (running.size >= width()) return;
      waiting.delete(key);
      running.set(key, deliver(key, entries).catch(fatal));
    }
  }

  async function deliver(key: string, entries: readonly Due[]): Promise<void> {
    try {
      await deliverKey(entries);
    } finally {
      running.delete(key);
      pump();
      onDone();
    }
  }

  return {
    add(entries) {
      const key = entries[0]?.key;
      if (key === undefined || waiting.has(key) || running.has(key)) return;
      waiting.set(key, entries);
      pump();
    },
    keys: () => [...waiting.keys(), ...running.keys()],
    isFull: () => waiting.size >= most,
    async drain() {
      waiting.clear();
      await Promise.all(running.values());
    },
  };
}
