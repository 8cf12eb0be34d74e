import { expect, test } from "bun:test";
import { age, printable, printableJson, table } from "./report.ts";

test("G21: text from users cannot move the operator's cursor, colour the terminal or reorder a line", () => {
  expect(printable("a\u001b[2Jb\u009b\r\nc\u202ed")).toBe("a\\u001b[2Jb\\u009b\\u000d\\u000ac\\u202ed");
  const event = { title: "\u001b[31m\u009b\u202e'\"\n" };
  const text = printableJson(event);
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e/u);
  expect(JSON.parse(text)).toEqual(event);
});

test("a table has columns of one width and every row on one line", () => {
  expect(
    table(
      ["id", "reason"],
      [
        ["7", "a\nb"],
        ["12345", "x"],
      ],
    ),
  ).toEqual(["id     reason", "7      a\\u000ab", "12345  x"]);
});

test("an age has its two largest units", () => {
  const told = [0, 0.9, 1, 59.9, 60, 200, 3_600, 90_061, 864_000].map(age);
  expect(told).toEqual(["0 s", "0 s", "1 s", "59 s", "1 min", "3 min 20 s", "1 h", "1 d 1 h", "10 d"]);
});
