import { expect, test } from "bun:test";
import { cleanReason } from "./clean-reason.ts";

test("a reason has no control characters and no lone surrogates, and a maximum length", () => {
  expect(cleanReason("a\u0000b\r\nc\ud800")).toBe("a b c\ufffd");
  expect(cleanReason("x".repeat(2_000))).toHaveLength(500);
});
