import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { Problem } from "../service/problem.ts";
import { bodyLimitBytes, isUuid, readBody, readQuery, requireNoQuery } from "./read.ts";

const Strict = { additionalProperties: false };
const Note = Type.Object({ text: Type.String(), urgent: Type.Optional(Type.Boolean()) }, Strict);

const post = (body: BodyInit | null, type: string | null = "application/json"): Request =>
  new Request("http://localhost/notes", {
    method: "POST",
    body,
    headers: type === null ? {} : { "content-type": type },
  });

/** The problem that reading ends with. */
async function refusal(reading: () => unknown): Promise<Problem> {
  try {
    await reading();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

describe("a body", () => {
  test("is returned as it was sent: nothing converted, nothing removed", async () => {
    expect(await readBody(post('{"text":" 1 ","urgent":true}'), Note)).toEqual({ text: " 1 ", urgent: true });
    expect(await readBody(post('\ufeff{"text":"with a byte order mark"}'), Note)).toEqual({
      text: "with a byte order mark",
    });
  });

  test.each(["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"])(
    "is JSON by its media type, whatever the parameters: %s",
    async (type) => {
      expect(await readBody(post('{"text":"a"}', type), Note)).toEqual({ text: "a" });
    },
  );

  test.each([
    null,
    "",
    "text/plain",
    "text/json",
    "application/jsonp",
    "application/problem+json",
    "application/x-www-form-urlencoded",
  ])("of media type %p is 415, and the answer names the accepted type", async (type) => {
    const bytes = new TextEncoder().encode('{"text":"a"}');
    const problem = await refusal(() => readBody(post(bytes, type), Note));
    expect(problem).toMatchObject({ status: 415, headers: { accept: "application/json" } });
  });

  test.each(["", " ", "{", "{'text':'a'}", '{"text":"a"}}', '{"text":"a",}', "undefined", "NaN", '{"text":"\u0001"}'])(
    "that is not JSON is 400: %j",
    async (body) => {
      expect((await refusal(() => readBody(post(body), Note))).status).toBe(400);
    },
  );

  test.each(['{"text":"a","text":"b"}', '{"text":"a", "te\\u0078t" :"a"}'])(
    "that names a field twice is 400: %s",
    async (body) => {
      expect((await refusal(() => readBody(post(body), Note))).status).toBe(400);
    },
  );

  test("that is not UTF-8 is 400, not text with replacement characters", async () => {
    const latin1 = new Uint8Array([...new TextEncoder().encode('{"text":"'), 0xe9, ...new TextEncoder().encode('"}')]);
    expect((await refusal(() => readBody(post(latin1), Note))).status).toBe(400);
  });

  test("may have 256 KiB and not one byte more, with or without a declared length", async () => {
    const sized = (bytes: number) => `{"text":"${"a".repeat(bytes - '{"text":""}'.length)}"}`;
    const streamed = (text: string) => new Blob([text]).stream();
    expect((await readBody(post(sized(bodyLimitBytes)), Note)).text.length).toBeGreaterThan(262_000);
    expect((await readBody(post(streamed(sized(bodyLimitBytes))), Note)).text.length).toBeGreaterThan(262_000);
    for (const body of [sized(bodyLimitBytes + 1), streamed(sized(bodyLimitBytes + 1))]) {
      expect((await refusal(() => readBody(post(body), Note))).status).toBe(413);
    }
  });

  test("without an end is abandoned at the limit", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    expect((await refusal(() => readBody(post(endless), Note))).status).toBe(413);
    expect(pulled).toBeLessThan(bodyLimitBytes * 3);
  });

  test("nested without limit is rejected like any other wrong value", async () => {
    const deep = (depth: number) => `{"text":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    for (const depth of [50, 100_000]) {
      const { errors } = await refusal(() => readBody(post(deep(depth)), Note));
      expect(errors).toEqual([{ pointer: "/text", detail: "must be text" }]);
    }
  });

  test.each([
    { body: "null", pointer: "", detail: "must be an object" },
    { body: "[]", pointer: "", detail: "must be an object" },
    { body: '"text"', pointer: "", detail: "must be an object" },
    { body: "{}", pointer: "/text", detail: "is required" },
    { body: '{"text":1}', pointer: "/text", detail: "must be text" },
    { body: '{"text":null}', pointer: "/text", detail: "must be text" },
    { body: '{"text":"a","urgent":"true"}', pointer: "/urgent", detail: "must be true or false" },
    { body: '{"text":"a","Urgent":true}', pointer: "/Urgent", detail: "is not a known field" },
    { body: '{"text":"a","__proto__":{"urgent":true}}', pointer: "/__proto__", detail: "is not a known field" },
    { body: '{"text":"a","constructor":1}', pointer: "/constructor", detail: "is not a known field" },
    { body: '{"text":"a","toString":1}', pointer: "/toString", detail: "is not a known field" },
    { body: '{"text":"a","a/b~c":1}', pointer: "/a~1b~0c", detail: "is not a known field" },
    { body: '{"text":"a","":1}', pointer: "/", detail: "is not a known field" },
  ])("that does not fit is 422 and points at the place (RFC 6901): $body", async ({ body, pointer, detail }) => {
    const problem = await refusal(() => readBody(post(body), Note));
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer, detail }] });
  });

  test("is checked in the order 415, 413, 400, 422", async () => {
    const huge = `{"no":"${"a".repeat(bodyLimitBytes)}`;
    expect((await refusal(() => readBody(post(huge, "text/plain"), Note))).status).toBe(415);
    expect((await refusal(() => readBody(post(huge), Note))).status).toBe(413);
    expect((await refusal(() => readBody(post('{"no":1'), Note))).status).toBe(400);
  });

  test("with many mistakes names twenty of them", async () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}`, index]));
    expect((await refusal(() => readBody(post(JSON.stringify(body)), Note))).errors).toHaveLength(20);
  });
});

const Query = Type.Object({
  word: Type.Optional(Type.String({ maxLength: 5 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  open: Type.Optional(Type.Boolean()),
  sort: Type.Optional(Type.Union([Type.Literal("a"), Type.Literal("-a")])),
});

const ask = (query: string) => readQuery(new Request(`http://localhost/notes${query}`), Query);

describe("a query", () => {
  test("is read by its schema: whole numbers and booleans from their plain spelling", () => {
    expect(ask("")).toEqual({});
    expect(ask("?")).toEqual({});
    expect(ask("?word=a%20b&limit=10&open=false&sort=-a")).toEqual({ word: "a b", limit: 10, open: false, sort: "-a" });
    expect(ask("?word=1")).toEqual({ word: "1" });
    expect(ask("?word=")).toEqual({ word: "" });
  });

  test.each([
    { query: "?limti=1", pointer: "limti", detail: "is not a known parameter" },
    { query: "?Limit=1", pointer: "Limit", detail: "is not a known parameter" },
    { query: "?=1", pointer: "", detail: "is not a known parameter" },
    { query: "?__proto__=1", pointer: "__proto__", detail: "is not a known parameter" },
    { query: "?toString=1", pointer: "toString", detail: "is not a known parameter" },
    { query: "?limit=1&limit=1", pointer: "limit", detail: "is given more than once" },
    { query: "?word=a&word=", pointer: "word", detail: "is given more than once" },
    { query: "?limit=", pointer: "limit", detail: "must be a whole number" },
    { query: "?limit=1e1", pointer: "limit", detail: "must be a whole number" },
    { query: "?limit=1.0", pointer: "limit", detail: "must be a whole number" },
    { query: "?limit=01", pointer: "limit", detail: "must be a whole number" },
    { query: "?limit=%2B1", pointer: "limit", detail: "must be a whole number" },
    { query: "?limit=%201", pointer: "limit", detail: "must be a whole number" },
    { query: "?limit=%D9%A1", pointer: "limit", detail: "must be a whole number" },
    { query: "?limit=99999999999999999999", pointer: "limit", detail: "must be a whole number" },
    { query: "?limit=0", pointer: "limit", detail: "must be at least 1" },
    { query: "?limit=-1", pointer: "limit", detail: "must be at least 1" },
    { query: "?limit=101", pointer: "limit", detail: "must be at most 100" },
    { query: "?open=1", pointer: "open", detail: "must be true or false" },
    { query: "?open=True", pointer: "open", detail: "must be true or false" },
    { query: "?open", pointer: "open", detail: "must be true or false" },
    { query: "?sort=b", pointer: "sort", detail: "must be one of a, -a" },
    { query: "?word=abcdef", pointer: "word", detail: "must have at most 5 characters" },
  ])("that is not understood is 422 by its name: $query", async ({ query, pointer, detail }) => {
    expect(await refusal(() => ask(query))).toMatchObject({ status: 422, errors: [{ pointer, detail }] });
  });

  test("with several mistakes names each once", async () => {
    expect((await refusal(() => ask("?limit=x&limit=y&open=z&no=1"))).errors).toEqual([
      { pointer: "limit", detail: "is given more than once" },
      { pointer: "no", detail: "is not a known parameter" },
      { pointer: "open", detail: "must be true or false" },
    ]);
  });

  test("where none belongs is a mistake too", async () => {
    requireNoQuery(new Request("http://localhost/notes"));
    const problem = await refusal(() => requireNoQuery(new Request("http://localhost/notes?dry_run=true")));
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: "dry_run" }] });
  });
});

test.each([
  ["0190d0a0-0000-7000-8000-00000000000a", true],
  ["0190D0A0-0000-7000-8000-00000000000A", true],
  ["0190d0a000007000800000000000000a", false],
  ["{0190d0a0-0000-7000-8000-00000000000a}", false],
  ["0190d0a0-0000-7000-8000-00000000000a\n", false],
  ["０190d0a0-0000-7000-8000-00000000000a", false],
  ["", false],
])("%j is an id: %p", (text, expected) => {
  expect(isUuid(text)).toBe(expected);
});
