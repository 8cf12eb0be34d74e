import { expect, test } from "bun:test";
import { Problem } from "@carillon/kit/service";
import { keyOf } from "./idempotency.ts";
import { readInput } from "./read-input.ts";

const post = (key: string | null, method = "POST", query = "") =>
  new Request(`http://localhost/api/tasks${query}`, {
    method,
    headers: key === null ? {} : { "idempotency-key": key },
  });

test("a key is 1 to 255 printable ASCII characters", () => {
  expect(keyOf(post(null))).toBeNull();
  for (const key of ["a", "!", "~", '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a b", "x".repeat(255)])
    expect(keyOf(post(key))).toBe(key);
});

test.each(["", " ", "x".repeat(256), "é", "a\tb", "\u00a0"])("%j is not a key: 400", (key) => {
  expect(() => keyOf(post(key))).toThrow(expect.objectContaining({ status: 400 }));
});

const refuse = (status: "invalid" | "malformed" | "unsupported_media_type") => () => {
  throw new Problem(status, "no");
};
const statusOf = (read: Promise<unknown>): Promise<unknown> =>
  read.then(
    () => 200,
    (error: unknown) => (error instanceof Problem ? error.status : error),
  );
const missing = async () => {
  throw new Problem("not_found", "no");
};

test("a bad key comes before invalid input, and after an unreadable body", async () => {
  expect(await statusOf(readInput(post(""), refuse("invalid")))).toBe(400);
  expect(await statusOf(readInput(post(""), refuse("unsupported_media_type")))).toBe(415);
  expect(await statusOf(readInput(post("a"), refuse("invalid")))).toBe(422);
  expect(await statusOf(readInput(post("", "PATCH"), refuse("invalid")))).toBe(422);
});

test("a missing resource comes before any fault in the request", async () => {
  for (const why of ["invalid", "malformed", "unsupported_media_type"] as const) {
    expect(await statusOf(readInput(post(null), refuse(why), missing))).toBe(404);
  }
  expect(await statusOf(readInput(post(null, "POST", "?a=1"), () => 1, missing))).toBe(404);
  expect(await readInput(post(null), () => 1, missing)).toBe(1);
});

test("an unexpected query is 422; a fault of ours stays one", async () => {
  expect(await statusOf(readInput(post(null, "POST", "?a=1"), () => 1))).toBe(422);
  const fault = new Error("broken");
  const broken = () => {
    throw fault;
  };
  expect(await statusOf(readInput(post(null), broken, missing))).toBe(fault);
});
