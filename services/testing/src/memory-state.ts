import type { State } from "@carillon/kit/ports";

/** A State in memory that knows no etags and forgets nothing. */
export function memoryState(): State {
  const values = new Map<string, unknown>();
  return {
    // What was set under a key has the caller's type: the port's own promise.
    get: async <Value>(key: string) => (values.has(key) ? { value: values.get(key) as Value, etag: "1" } : null),
    set: async (key, value) => values.set(key, value) !== undefined,
    delete: async (key) => void values.delete(key),
  };
}
