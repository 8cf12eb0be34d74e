import { expect, test } from "bun:test";
import { emptyTail, type Tail } from "./chain.ts";
import { createMarks } from "./marks.ts";

const tail = (seq: number): Tail => ({ seq, hash: String(seq).repeat(64).slice(0, 64), entryId: String(seq) });

test("a mark follows the chain", () => {
  const marks = createMarks();
  marks.note("ann", emptyTail, tail(2));
  marks.note("ann", tail(2), tail(5));
  expect(marks.of("ann")).toEqual(tail(5));
});

test("a mark advances over entries that another replica wrote meanwhile", () => {
  const marks = createMarks();
  marks.note("ann", emptyTail, tail(2));
  marks.note("ann", tail(7), tail(8));
  expect(marks.of("ann")).toEqual(tail(8));
});

test("G8: a chain that was found shorter than known keeps its mark, however far it grows again", () => {
  const marks = createMarks();
  marks.note("ann", emptyTail, tail(5));
  marks.note("ann", tail(3), tail(9));
  expect(marks.of("ann")).toEqual(tail(5));
});

test("G25: the users written to longest ago are evicted first", () => {
  const marks = createMarks(2);
  for (const user of ["ann", "bob", "ann", "cem"]) marks.note(user, emptyTail, tail(1));
  expect([marks.of("ann"), marks.of("bob"), marks.of("cem")]).toEqual([tail(1), null, tail(1)]);
  marks.forget("ann");
  expect(marks.of("ann")).toBeNull();
});
