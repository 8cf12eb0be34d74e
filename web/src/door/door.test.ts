import { expect, test } from "bun:test";
import { cookieOf } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { fieldErrors } from "../ui/field-errors.ts";
import { readPreferences } from "./cookies.ts";
import { quote, readFlash, writeFlash } from "./flash.ts";
import { localPath } from "./form.ts";
import { seeOther } from "./respond.ts";

test.each([
  ["/today", "/today"],
  ["/all?search=a%2Fb", "/all?search=a%2Fb"],
  ["https://evil.example", "/home"],
  ["//evil.example", "/home"],
  ["/\\evil.example", "/home"],
  ["/a\\b", "/home"],
  ["/a\nb", "/home"],
  ["today", "/home"],
  ["", "/home"],
  [null, "/home"],
])("the way back to %p is %s", (given, path) => {
  expect(localPath(given, "/home")).toBe(path);
});

test("no redirect leaves this site, whatever it was made of", () => {
  expect(seeOther("/chat/x#end").headers.get("location")).toBe("/chat/x#end");
  for (const path of ["https://evil.example", "//evil.example", "/\\evil.example", "", "/a\nb"])
    expect(seeOther(path).headers.get("location")).toBe("/");
});

test("a message survives its cookie, whatever its title holds", () => {
  const flash = {
    text: `Deleted ${quote('ü"; Path=/; <b>')}`,
    undo: { action: "/tasks/a-1/restore?back=%2Ftoday", label: "Undo" },
  };
  expect(writeFlash(flash)).toMatch(/^[\w-]+$/);
  expect(readFlash(writeFlash(flash))).toEqual(flash);
});

test("a cookie that holds no message of ours is ignored", () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const value of [null, "", "%%%", encode(null), encode([]), encode({ text: 1 })])
    expect(readFlash(value)).toBeNull();
  const foreign = { text: "x", undo: { action: "https://evil.example/tasks/1/delete", label: "Undo" } };
  expect(readFlash(encode(foreign))).toEqual({ text: "x" });
});

test("long titles are cut between characters", () => {
  expect(quote("🔔".repeat(60))).toBe(`“${"🔔".repeat(60)}”`);
  expect(quote("🔔".repeat(61))).toBe(`“${"🔔".repeat(59)}…”`);
});

test("cookies are read by their whole name", () => {
  const request = new Request("http://localhost/", {
    headers: { cookie: "x_carillon_theme=light; carillon_theme=dark; b=a=b==" },
  });
  expect(cookieOf(request, "carillon_theme")).toBe("dark");
  expect(cookieOf(request, "b")).toBe("a=b==");
  expect(cookieOf(request, "theme")).toBeNull();
  expect(readPreferences(request)).toEqual({ theme: "dark", shortcuts: true, density: "compact", sound: false });
});

test("api's messages appear at the form's fields, the first of each, and those without a field above", () => {
  const fields = {
    title: { field: "new-title", label: "The title" },
    tags: { field: "new-tags", label: "The list of tags", each: "Each tag" },
  };
  const problem = new Problem("invalid", "3 fields are not valid.", {
    errors: [
      { pointer: "/title", detail: "must not be empty" },
      { pointer: "/tags/2", detail: "must have at most 100 characters" },
      { pointer: "/tags/3", detail: "holds a control character" },
      { pointer: "/elsewhere", detail: "Is odd." },
    ],
  });
  expect(fieldErrors(problem, fields)).toEqual({
    "new-title": "The title must not be empty.",
    "new-tags": "Each tag must have at most 100 characters.",
    "": "Is odd.",
  });
  const about = (pointer: string, detail: string) =>
    fieldErrors(new Problem("invalid", "", { errors: [{ pointer, detail }] }), fields);
  expect(about("/tags", "must have at most 50 entries")).toEqual({
    "new-tags": "The list of tags must have at most 50 entries.",
  });
  expect(about("/title", "must be an RFC 3339 instant with offset")).toEqual({
    "new-title": "The title must be in the years 1970 to 2199.",
  });
  expect(about("Idempotency-Key", "was used with another path or body")[""]).toStartWith("This form was already sent");
  expect(fieldErrors(new Problem("conflict", "Too many tasks."), fields)).toEqual({ "": "Too many tasks." });
});
