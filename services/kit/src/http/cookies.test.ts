import { expect, test } from "bun:test";
import { cookieOf } from "./cookies.ts";

const cookieIn = (cookie: string | null, name = "a"): string | null =>
  cookieOf(new Request("http://localhost", cookie === null ? {} : { headers: { cookie } }), name);

test.each<[string | null, string | null]>([
  ["a=1", "1"],
  ["b=2; a=1", "1"],
  ["a=1; a=2", "1"],
  ["a=x.y-z_=", "x.y-z_="],
  ["a=", null],
  ["b=1", null],
  ["", null],
  [null, null],
])("the cookie of %p is %p", (header, value) => {
  expect(cookieIn(header)).toBe(value);
});

test.each(["a=%zz", "=;;; a", "a=\u00e9", `a=${"x".repeat(100_000)}`, "a=1; ".repeat(10_000)])(
  "no header makes it throw",
  (header) => {
    expect(() => cookieIn(header)).not.toThrow();
  },
);

test("a name is not the end of another", () => {
  expect(cookieIn("__Host-a=2; a=1")).toBe("1");
  expect(cookieIn("__Host-a=2")).toBeNull();
});
