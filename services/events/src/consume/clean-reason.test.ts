import { expect, test } from "bun:test";
import { cleanReason } from "./clean-reason.ts";

test("a reason has no controls and no half characters, and an end", () => {
  expect(cleanReason("a\u0000b\r\nc\ud800")).toBe("a b c\ufffd");
  expect(cleanReason("x".repeat(2_000))).toHaveLength(500);
});
