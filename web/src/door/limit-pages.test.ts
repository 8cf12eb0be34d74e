import { expect, test } from "bun:test";
import { Problem } from "@carillon/kit/service";
import { createPageLimit } from "./limit-pages.ts";

test("G25: a user's pages beyond the limit are rejected until the minute ends; the counts are bounded and then cleared", () => {
  let now = new Date("2026-11-30T12:00:00Z");
  const count = createPageLimit({ most: 2, clock: { now: () => now } });
  count("ada");
  count("ada");
  expect(() => count("ada")).toThrow(Problem);
  // More users than are ever counted: those beyond are let through.
  for (let user = 0; user < 100_100; user++) count(`user ${user}`);
  for (let page = 0; page < 5; page++) count("user 100050");
  now = new Date("2026-11-30T12:01:00Z");
  count("ada");
});
