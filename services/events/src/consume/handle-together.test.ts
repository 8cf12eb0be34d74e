import { expect, test } from "bun:test";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { eventOf } from "@carillon/testing/events";
import { handleTogether } from "./handle-together.ts";
import { done } from "./verdict.ts";

const many = (count: number) => Array.from({ length: count }, () => eventOf(crypto.randomUUID(), 1));

/** A handler that takes a moment, records the sizes of its batches, and throws when `poison` is among them. */
function slow(poison?: CloudEvent<EventData>) {
  const sizes: number[] = [];
  const handle = handleTogether<EventData>(async (events) => {
    sizes.push(events.length);
    await Bun.sleep(5);
    if (poison && events.includes(poison)) throw new Error("poison");
    return events.map((event) => ({ kind: "drop", reason: event.id }));
  });
  return { handle, sizes };
}

test("events that arrive while one is handled are handled together next, each with its own verdict", async () => {
  const { handle, sizes } = slow();
  const events = many(12);
  const verdicts = await Promise.all(events.map((event) => handle([event])));
  expect(verdicts).toEqual(events.map(({ id }) => [{ kind: "drop", reason: id }]));
  expect(sizes).toEqual([1, 11]);
});

test("an event on which the handler throws is retried alone, the others are handled", async () => {
  const events = many(6);
  const { handle } = slow(events[3]);
  const verdicts = (await Promise.all(events.map((event) => handle([event])))).flat();
  expect(verdicts.map(({ kind }) => kind)).toEqual(["drop", "drop", "drop", "retry", "drop", "drop"]);
});

test("a whole batch, and an empty one, go as they are", async () => {
  const batches: number[] = [];
  const handle = handleTogether<EventData>(async (events) => {
    batches.push(events.length);
    return events.map(() => done);
  });
  await Promise.all([handle(many(3)), handle(many(2)), handle([])]);
  expect(batches).toEqual([3, 2, 0]);
});
