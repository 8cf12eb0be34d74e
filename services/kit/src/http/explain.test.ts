import { describe, expect, test } from "bun:test";
import { EmailAddress } from "@carillon/contracts/http/email";
import { Text } from "@carillon/contracts/http/text";
import { Type } from "@sinclair/typebox";
import fc from "fast-check";
import { explain } from "./explain.ts";

const Strict = { additionalProperties: false };
const Nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
const Level = Type.Union([Type.Literal("low"), Type.Literal("high")]);
const Bell = Type.Union([
  Type.Object({ before: Type.String({ minLength: 2, maxLength: 8 }) }, Strict),
  Type.Object({ at: Type.String({ format: "date-time" }) }, Strict),
]);
const Body = Type.Object(
  {
    title: Text({ min: 1, max: 5 }),
    level: Type.Optional(Nullable(Level)),
    note: Type.Optional(Nullable(Text({ min: 0, max: 5, multiline: true }))),
    due: Type.Optional(Nullable(Type.String({ format: "date-time" }))),
    bells: Type.Optional(Nullable(Type.Array(Bell, { maxItems: 2 }))),
    tags: Type.Optional(Nullable(Type.Array(Text({ min: 1, max: 3 }), { maxItems: 2 }))),
    color: Type.Optional(Type.String({ pattern: "^#[0-9a-f]{6}$", examples: ["#2563eb"] })),
    mail: Type.Optional(EmailAddress()),
    id: Type.Optional(Type.String({ format: "uuid" })),
    mood: Type.Optional(Type.Object({ good: Type.Optional(Type.Boolean()) }, Strict)),
  },
  Strict,
);

const mail = "must be an e-mail address such as ada@example.com";
const instant = "must be an RFC 3339 instant with offset, 1970–2199, such as 2026-11-27T17:00:00+01:00";

describe("a fault is explained at its place", () => {
  test.each([
    { wrong: { level: "medium" }, pointer: "/level", detail: "must be one of low, high" },
    { wrong: { level: 1 }, pointer: "/level", detail: "must be one of low, high" },
    { wrong: { level: ["low"] }, pointer: "/level", detail: "must be one of low, high" },
    { wrong: { note: 7 }, pointer: "/note", detail: "must be text" },
    { wrong: { note: "123456" }, pointer: "/note", detail: "must have at most 5 characters, and has 6" },
    { wrong: { due: "2026-11-27" }, pointer: "/due", detail: instant },
    { wrong: { due: "2026-11-27T17:00:00" }, pointer: "/due", detail: instant },
    { wrong: { due: 1_764_262_800 }, pointer: "/due", detail: "must be text" },
    { wrong: { bells: {} }, pointer: "/bells", detail: "must be a list" },
    { wrong: { bells: [{}] }, pointer: "/bells/0", detail: "must be {before} or {at}" },
    { wrong: { bells: ["1d"] }, pointer: "/bells/0", detail: "must be {before} or {at}" },
    { wrong: { bells: [null] }, pointer: "/bells/0", detail: "must be {before} or {at}" },
    { wrong: { bells: [{ befor: "1d" }] }, pointer: "/bells/0", detail: "must be {before} or {at}" },
    { wrong: { bells: [{ before: "1d" }, { before: 1 }] }, pointer: "/bells/1/before", detail: "must be text" },
    { wrong: { bells: [{ at: "tomorrow" }] }, pointer: "/bells/0/at", detail: instant },
    { wrong: { bells: [{ before: "1d", at: "x" }] }, pointer: "/bells/0/at", detail: "is not a known field" },
    {
      wrong: { bells: [{ before: "1d" }, { before: "2d" }, { before: "3d" }] },
      pointer: "/bells",
      detail: "must have at most 2 entries",
    },
    { wrong: { tags: ["a", " "] }, pointer: "/tags/1", detail: "must not be empty" },
    { wrong: { tags: ["a", "b", "c"] }, pointer: "/tags", detail: "must have at most 2 entries" },
    { wrong: { color: "red" }, pointer: "/color", detail: "must look like #2563eb" },
    { wrong: { mail: "ada" }, pointer: "/mail", detail: mail },
    { wrong: { mail: "a@b\u0000" }, pointer: "/mail", detail: mail },
    { wrong: { mail: "\ud800@b" }, pointer: "/mail", detail: mail },
    { wrong: { mail: 7 }, pointer: "/mail", detail: "must be text" },
    { wrong: { id: "1" }, pointer: "/id", detail: "must be a UUID" },
    { wrong: { mood: { bad: true } }, pointer: "/mood/bad", detail: "is not a known field" },
    { wrong: { mood: { good: 1 } }, pointer: "/mood/good", detail: "must be true or false" },
    { wrong: { mood: [] }, pointer: "/mood", detail: "must be an object" },
    { wrong: { title: null }, pointer: "/title", detail: "must be text" },
    { wrong: { "ti/t~le": 1 }, pointer: "/ti~1t~0le", detail: "is not a known field" },
  ])("$pointer $detail", ({ wrong, pointer, detail }) => {
    expect(explain(Body, { title: "a", ...wrong })).toEqual([{ pointer, detail }]);
  });

  test("and what fits is not", () => {
    const nothing = { level: null, note: null, due: null, bells: null, tags: null };
    const something = {
      level: "high",
      note: "a\r\nb",
      due: "2026-11-27T17:00:00+01:00",
      bells: [{ before: "1d" }, { at: "2026-11-27T17:00:00Z" }],
      tags: ["a", "日本語"],
      color: "#00ff00",
      mail: "ada@example.com",
      id: "0190d0a0-0000-7000-8000-00000000000a",
      mood: {},
    };
    for (const more of [{}, nothing, something]) expect(explain(Body, { title: "a", ...more })).toEqual([]);
  });

  test("also for a name that every object has", () => {
    const value = JSON.parse('{"title":"a","bells":[{"before":"1d","__proto__":1}],"mood":{"constructor":1}}');
    expect(explain(Body, value)).toEqual([
      { pointer: "/bells/0/__proto__", detail: "is not a known field" },
      { pointer: "/mood/constructor", detail: "is not a known field" },
    ]);
  });

  test("each place once, several places together", () => {
    expect(explain(Body, { level: 1, extra: true })).toEqual([
      { pointer: "/title", detail: "is required" },
      { pointer: "/extra", detail: "is not a known field" },
      { pointer: "/level", detail: "must be one of low, high" },
    ]);
  });
});

const Secrets = Type.Object({ password: Type.String({ minLength: 8, maxLength: 12 }), scope: Level }, Strict);

test("no explanation repeats the input", () => {
  for (const password of ["hunter2", "hunter2hunter2", ["hunter2"], { hunter2: "hunter2" }]) {
    expect(JSON.stringify(explain(Secrets, { password, scope: "hunter2" }))).not.toContain("hunter2");
  }
});

test("any value gets a verdict, with RFC 6901 pointers and non-empty sentences", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...Object.keys(Body.properties), "x"), fc.jsonValue())),
      (value) => {
        const errors = explain(Body, value);
        for (const { pointer, detail } of errors) {
          expect(pointer).toMatch(/^(\/([^~/]|~[01])*)*$/u);
          expect(detail).not.toBe("");
        }
        expect(new Set(errors.map((error) => error.pointer)).size).toBe(errors.length);
      },
    ),
    { numRuns: 500 },
  );
});
