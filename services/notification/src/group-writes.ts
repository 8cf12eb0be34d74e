import { fatal } from "@carillon/kit/loop";

/**
 * A write that many may ask for at once: the first goes at once, and whatever comes while it is under way goes together with the next
 * one. Each caller's promise is that of the write its item was in.
 */
export function groupWrites<Item>(write: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: { item: Item; done: PromiseWithResolvers<void> }[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await write(group.map(({ item }) => item));
        for (const { done } of group) done.resolve();
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
    }
    isWriting = false;
  }

  return (item) => {
    const done = Promise.withResolvers<void>();
    waiting.push({ item, done });
    if (!isWriting) writeAll().catch(fatal);
    return done.promise;
  };
}
