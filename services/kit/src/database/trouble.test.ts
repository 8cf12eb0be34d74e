import { expect, test } from "bun:test";
import { ConnectionLost, isContested, isDatabaseAway } from "./trouble.ts";

const failure = (code: string, message = "no", more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

test.each([
  "53100",
  "53200",
  "53300",
  "57014",
  "57P01",
  "57P03",
  "57P05",
  "40001",
  "40P01",
  "08006",
  "08P01",
  "58030",
  "25006",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "CONNECT_TIMEOUT",
])("%s is temporary: 503, and worth a retry", (code) => {
  expect(isDatabaseAway(failure(code))).toBe(true);
  expect(isDatabaseAway(new Error("wrapped", { cause: failure(code) }))).toBe(true);
});

test.each(["23505", "42P01", "42601", "22P02", "P0001", "XX000", "42501", "28P01", "ERR_INVALID_ARG_TYPE", "ENOENT"])(
  "%s is a fault, and a retry does not help",
  (code) => {
    expect(isDatabaseAway(failure(code))).toBe(false);
  },
);

test("a missing right is a fault; a read-only disk has the same code and is not", () => {
  expect(isDatabaseAway(failure("42501", "permission denied for table tasks"))).toBe(false);
  expect(isDatabaseAway(failure("42501", 'could not open file "base/1/2": Read-only file system'))).toBe(true);
});

test("a missing server socket file means a database that is away; any other missing file does not", () => {
  expect(isDatabaseAway(failure("ENOENT", "no", { syscall: "connect" }))).toBe(true);
  expect(isDatabaseAway(failure("ENOENT", "no", { syscall: "open" }))).toBe(false);
});

test("a loss found on this side means away, and only a rollback for the sake of others means contested", () => {
  expect(isDatabaseAway(new ConnectionLost("STATEMENT_DEADLINE", "no answer"))).toBe(true);
  expect(["40001", "40P01", "57014", "23505"].filter((code) => isContested(failure(code)))).toEqual(["40001", "40P01"]);
});
