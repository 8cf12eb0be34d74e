import { expect, test } from "bun:test";
import { groupWrites } from "./group-writes.ts";

test("items that arrive during a write share the next one, and none is written twice", async () => {
  const writes: number[][] = [];
  const free = Promise.withResolvers<void>();
  const add = groupWrites<number>(async (items) => {
    writes.push([...items]);
    if (writes.length === 1) await free.promise;
  });
  const adding = [1, 2, 3, 4].map((item) => add(item));
  expect(writes).toEqual([[1]]);
  free.resolve();
  await Promise.all(adding);
  await add(5);
  expect(writes).toEqual([[1], [2, 3, 4], [5]]);
});

test("a failed write rejects for the items in it, and the next write still runs", async () => {
  const add = groupWrites<string>(async (items) => {
    await Bun.sleep(1);
    if (items.includes("bad")) throw new Error("no");
  });
  const results = await Promise.allSettled([add("bad"), add("good")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
});
