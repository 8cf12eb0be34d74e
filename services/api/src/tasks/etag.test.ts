import { describe, expect, test } from "bun:test";
import { etagOf, isKnown, requireMatch } from "./etag.ts";

const ask = (headers: Record<string, string>, method = "PATCH") =>
  new Request("http://localhost/api/tasks/1", { method, headers });

test("a version's tag is strong", () => {
  expect(etagOf(3)).toBe('"3"');
});

describe("If-Match", () => {
  const passes = (value: string, method?: string) => requireMatch(ask({ "if-match": value }, method), 3);

  test.each(['"3"', "*", " * ", '"2", "3"', '"2","3"', '"3",', ', "3"', 'W/"2", "3"', '"a,b", "3"'])(
    "%s is satisfied by version 3",
    (value) => {
      expect(() => passes(value)).not.toThrow();
    },
  );

  test.each([
    '"2"',
    '"4"',
    '"03"',
    '"3 "',
    'W/"3"',
    'w/"3"',
    "3",
    "'3'",
    '"3',
    '3"',
    '""',
    "",
    ",",
    '"1,"3"',
    '"2" "3"',
    '*, "3"',
    '"3", *',
    '"3";',
    '"2", 3',
  ])("%j is stale, weak or unreadable: 412 with the current tag", (value) => {
    expect(() => passes(value)).toThrow(expect.objectContaining({ status: 412, headers: { etag: '"3"' } }));
  });

  test("applies to reads too", () => {
    expect(() => passes('"2"', "GET")).toThrow(expect.objectContaining({ status: 412 }));
    expect(() => passes('"3"', "GET")).not.toThrow();
  });

  test("absent means no condition", () => {
    expect(() => requireMatch(ask({}), 3)).not.toThrow();
  });
});

describe("If-None-Match", () => {
  test.each(['"3"', 'W/"3"', "*", '"1", W/"3"', '"1","3","5"'])("%s knows version 3", (value) => {
    expect(isKnown(ask({ "if-none-match": value }, "GET"), 3)).toBe(true);
  });

  test.each(['"2"', 'W/"2"', "3", "", '"3', 'W"3"', '"1,"3"', '"30"'])("%j does not", (value) => {
    expect(isKnown(ask({ "if-none-match": value }, "GET"), 3)).toBe(false);
  });

  test("that matches stops a write, not a read", () => {
    for (const value of ['"3"', 'W/"3"', "*"]) {
      expect(() => requireMatch(ask({ "if-none-match": value }), 3)).toThrow(expect.objectContaining({ status: 412 }));
      expect(() => requireMatch(ask({ "if-none-match": value }, "GET"), 3)).not.toThrow();
    }
    expect(() => requireMatch(ask({ "if-none-match": '"2"' }), 3)).not.toThrow();
  });
});

test("a long header of malformed tags matches nothing, and ends", () => {
  for (const value of [
    `"1"${", ".repeat(4_000)}x`,
    `${'"1",'.repeat(2_000)}x`,
    '"'.repeat(8_000),
    'W/"1" '.repeat(1_500),
  ]) {
    expect(isKnown(ask({ "if-none-match": value }, "GET"), 3)).toBe(false);
  }
});
