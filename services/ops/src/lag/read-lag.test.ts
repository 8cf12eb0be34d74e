import { expect, test } from "bun:test";
import { OffsetHistory } from "./offset-history.ts";
import { readLag } from "./read-lag.ts";

const history = new OffsetHistory();
for (let second = 0; second <= 60; second++) history.add({ offset: second * 10, atMs: second * 1_000 });

const lagOf = (committed: [number, number][], low = 0) =>
  readLag(
    { group: "audit", topic: "task-events", committed: new Map(committed) },
    [{ partition: 3, low, high: 600 }],
    () => history,
    60_000,
  )[0];

test("a group that has settled everything is 0 s and 0 events behind", () => {
  expect(lagOf([[3, 600]])).toEqual({ group: "audit", topic: "task-events", partition: 3, messages: 0, seconds: 0 });
});

test("a group is as far behind as the first event it has not settled is old", () => {
  expect(lagOf([[3, 509]])).toMatchObject({ messages: 91, seconds: 9 });
});

test("a group that has not started waits for the oldest event that is still kept", () => {
  expect(lagOf([])).toMatchObject({ messages: 600, seconds: 59.9 });
  expect(lagOf([], 309)).toMatchObject({ messages: 291, seconds: 29 });
});

test("no group waits for what retention has removed", () => {
  expect(lagOf([[3, 10]], 309)).toMatchObject({ messages: 291, seconds: 29 });
});

test("a commit that was seen after the end is no negative lag", () => {
  expect(lagOf([[3, 640]])).toMatchObject({ messages: 0, seconds: 0 });
});
