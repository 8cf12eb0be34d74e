import { expect, test } from "bun:test";
import type { Due } from "./due.ts";
import { judge, type Status } from "./judge.ts";

const retry = { attempts: 3, firstMs: 100, maxMs: 1_000 };
const due = (id: string, key: string, attempts = 0): Due => ({
  id,
  key,
  slot: 0,
  attempts,
  eventId: `e${id}`,
  event: "{}",
});
const statuses = (words: Record<string, Status["status"]>) =>
  new Map(Object.entries(words).map(([id, status]) => [id, { status, reason: "because" }]));
const kinds = (outcomes: ReturnType<typeof judge>) => outcomes.map((outcome) => [outcome.due.id, outcome.kind]);

test("only the first failure of a key uses a try; events held back behind it do not", () => {
  const entries = [due("1", "a"), due("2", "a"), due("3", "b")];
  const outcomes = judge(entries, statuses({ 1: "RETRY", 2: "RETRY", 3: "SUCCESS" }), retry, () => 1);
  expect(outcomes).toEqual([
    { kind: "again", due: entries[0] as Due, attempts: 1, delay_ms: 100, reason: "because" },
    { kind: "done", due: entries[2] as Due },
  ]);
});

test("the last try gives the event up; events held back behind it keep their tries", () => {
  const outcomes = judge([due("1", "a", 2), due("2", "a")], statuses({ 1: "RETRY", 2: "RETRY" }), retry);
  expect(kinds(outcomes)).toEqual([["1", "given up"]]);
});

test("a drop is given up at once", () => {
  expect(kinds(judge([due("1", "a")], statuses({ 1: "DROP" }), retry))).toEqual([["1", "given up"]]);
});

test("an entry without a status has failed", () => {
  expect(kinds(judge([due("1", "a")], new Map(), retry))).toEqual([["1", "again"]]);
});

test("a subscriber without a limit never gives up", () => {
  const outcomes = judge([due("1", "a", 10_000)], statuses({ 1: "RETRY" }), { ...retry, attempts: "forever" });
  expect(kinds(outcomes)).toEqual([["1", "again"]]);
});
