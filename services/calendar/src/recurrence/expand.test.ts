import { expect, test } from "bun:test";
import { ruleDays } from "./expand.ts";
import { parseRule } from "./parse-rule.ts";

test("G25: the answers of five hundred questions are cached, the oldest is evicted first", () => {
  const parsed = parseRule("FREQ=WEEKLY;BYDAY=MO");
  if (!parsed.ok) throw new Error("The rule is a rule.");
  const ask = (startDay: number) => ruleDays(parsed.rule, startDay, startDay, 1);
  const first = ask(20_000);
  expect(ask(20_000)).toBe(first);
  for (let day = 1; day < 500; day++) ask(20_000 + day);
  expect(ask(20_000)).toBe(first);
  ask(20_500);
  expect(ask(20_000)).not.toBe(first);
  expect(ask(20_000)).toEqual(first);
});
