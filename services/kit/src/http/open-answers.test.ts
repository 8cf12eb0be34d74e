import { expect, test } from "bun:test";
import { Problem } from "../service/problem.ts";
import { createOpenAnswers } from "./open-answers.ts";

/** Open answers with a clock that the test advances. */
function openAnswers(limits = { maxPerUser: 2, maxPerProcess: 4 }) {
  let nowMs = 0;
  const cut: string[] = [];
  const answers = createOpenAnswers(limits, () => nowMs);
  return {
    answers,
    cut,
    pass: (ms: number) => {
      nowMs += ms;
    },
    open: (userId: string | null, name = "") => answers.open(userId, () => cut.push(name)),
  };
}

function refusalOf(open: () => unknown): [number, string | undefined] {
  try {
    open();
  } catch (error) {
    if (error instanceof Problem) return [error.status, error.headers["retry-after"]];
    throw error;
  }
  throw new Error("it was admitted");
}

test("a user with as many open answers as allowed gets 429 until one of them ends; others are admitted", () => {
  const { open, answers } = openAnswers();
  const first = open("ada");
  open("ada");
  expect(refusalOf(() => open("ada"))).toEqual([429, "5"]);
  open("bob");
  first.end();
  first.end();
  expect(answers.size).toBe(2);
  open("ada");
});

test("answers without a known user have only the process's limit", () => {
  const { open } = openAnswers();
  for (let n = 0; n < 4; n++) open(null);
  expect(refusalOf(() => open(null))).toEqual([503, "2"]);
});

test("while every reader reads, one more is rejected with 503; none is cut", () => {
  const { open, pass, cut } = openAnswers();
  const all = ["a", "b", "c", "d"].map((name) => open(name, name));
  for (let second = 0; second < 10; second++) {
    pass(1_000);
    for (const answer of all) answer.taken();
  }
  expect(refusalOf(() => open("eve"))).toEqual([503, "2"]);
  expect(cut).toEqual([]);
});

test("stalled readers make room for others, the longest stalled first", () => {
  const { open, pass, cut, answers } = openAnswers();
  const all = ["a", "b", "c", "d"].map((name) => open(name, name));
  pass(1_000);
  all[0]?.taken();
  all[1]?.taken();
  pass(1_500);
  open("eve", "eve");
  open("fay", "fay");
  expect(cut).toEqual(["c", "d"]);
  expect(answers.size).toBe(4);
  expect(refusalOf(() => open("gus"))).toEqual([503, "2"]);
  // The end of an answer that was already cut frees no other place.
  all[2]?.end();
  expect(answers.size).toBe(4);
});
