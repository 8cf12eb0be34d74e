/** Where a process should stay, in megabytes: a pod of the whole product has 384. */
const maxRestingMegabytes = 240;
const lookMs = 100;
/** Looks between two collections, each of which stops the process for some 50 ms. */
const minLooksBetween = 3;

/** The process's own memory. */
export type Memory = {
  /** Resident, in megabytes. */
  held(): number;
  collect(): void;
};

const ownMemory: Memory = {
  held() {
    try {
      return process.memoryUsage.rss() / 1024 / 1024;
    } catch {
      // It is read from a file: while idle sockets hold every descriptor there is no figure, which must not end the process.
      return 0;
    }
  },
  collect: () => Bun.gc(true),
};

/**
 * Collects garbage whenever the process holds more than it should: by itself Bun lets the heap double
 * first, which a burst of large answers turns into hundreds of megabytes. What a collection leaves is
 * in use, so the next one waits until a tenth more is held.
 * @returns ends the watch
 */
export function boundMemory(memory: Memory = ownMemory): () => void {
  const looking = setInterval(createLook(memory), lookMs).unref();
  return () => clearInterval(looking);
}

/** One look at the memory, which remembers the looks before it. */
export function createLook(memory: Memory): () => void {
  let max = maxRestingMegabytes;
  let looksSince = minLooksBetween;
  return () => {
    looksSince++;
    const held = memory.held();
    if (held <= maxRestingMegabytes) max = maxRestingMegabytes;
    if (held <= max || looksSince <= minLooksBetween) return;
    memory.collect();
    max = Math.max(maxRestingMegabytes, memory.held() * 1.1);
    looksSince = 0;
  };
}
