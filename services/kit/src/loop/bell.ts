/** Wakes one sleeping loop. A ring without a sleeper is kept for the next sleep; many rings are one. */
export type Bell = {
  ring(): void;
  /** Resolves at the next ring, or after `timeoutMs`. */
  rung(timeoutMs: number): Promise<void>;
};

export function createBell(): Bell {
  let kept = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      if (wake) wake();
      else kept = true;
    },
    rung(timeoutMs) {
      if (kept) {
        kept = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          wake = null;
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        wake = end;
      });
    },
  };
}
