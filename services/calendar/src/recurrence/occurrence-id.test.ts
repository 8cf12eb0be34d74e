import { expect, test } from "bun:test";
import { occurrenceId } from "./occurrence-id.ts";

test("a task's successor has one id, in every run and every release", () => {
  expect(occurrenceId("0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77")).toBe("9a00effe-6e5b-5db9-ac90-e326a7e90c34");
});

test("two tasks have different ones, and case makes no difference", () => {
  expect(occurrenceId(crypto.randomUUID())).not.toBe(occurrenceId(crypto.randomUUID()));
  expect(occurrenceId("0199A8C2-7F3E-7B61-9D4C-3A5E8F102B77")).toBe(
    occurrenceId("0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77"),
  );
});
