import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { answersAmiss, deserved, linesAmiss } from "./verdict.ts";

const root = resolve(import.meta.dir, "../../../..");

const tried = (status: number, more: { at?: number; retryAfter?: string | null } = {}) => {
  return { at: 100_000, ms: 50, what: "POST /api/tasks", status, retryAfter: null, ...more };
};
const outage = { what: "the database refuses connections", harm: "503", from: 99_000, healed: 103_000 } as const;

test("a 500 is never right, and a 503 only with the time to wait and during a fault or five seconds later", () => {
  const amiss = (...given: Parameters<typeof answersAmiss>): number => answersAmiss(...given).length;
  expect(amiss([tried(201), tried(404), tried(429)], [])).toBe(0);
  expect(amiss([tried(500)], [outage])).toBe(1);
  expect(amiss([tried(503)], [outage])).toBe(1);
  expect(amiss([tried(503, { retryAfter: "1" })], [outage])).toBe(0);
  expect(amiss([tried(503, { retryAfter: "1", at: 107_900 })], [outage])).toBe(0);
  expect(amiss([tried(503, { retryAfter: "1", at: 108_100 })], [outage])).toBe(1);
  expect(amiss([tried(503, { retryAfter: "1" })], [{ ...outage, harm: "none" }])).toBe(1);
  expect(amiss([{ ...tried(503, { retryAfter: "1" }), ms: 3_100 }], [])).toBe(0);
});

test("no answer at all is right only where the product itself was gone", () => {
  expect(answersAmiss([tried(0)], [outage]).length).toBe(1);
  expect(answersAmiss([tried(0)], [{ ...outage, harm: "silence" }])).toEqual([]);
});

test("a line of level error is listed with its count; warnings, a poison row's line and half a line are not", () => {
  const line = (level: string, message: string): string =>
    JSON.stringify({ level, message, error: { name: "Error", message: "x" } });
  const parked = line("error", "relay: an outbox row cannot be read and is parked; `ops dlq list` shows it");
  const output = [line("warn", "fails"), parked, line("error", "bad"), line("error", "bad"), '{"level":"err'].join(
    "\n",
  );
  expect(linesAmiss(output)).toEqual(["2 × error: bad Error x"]);
});

test("each error line that a fault deserves is one that the product writes", () => {
  const sources = [...new Bun.Glob("services/*/src/**/*.ts").scanSync({ cwd: root })]
    .filter((file) => !file.startsWith("services/e2e/"))
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");
  expect(deserved.filter((line) => !sources.includes(`"${line}"`))).toEqual([]);
});
