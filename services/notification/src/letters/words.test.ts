import { expect, test } from "bun:test";
import type { Letter } from "@carillon/contracts/http/letters";
import { wordsOf } from "./words.ts";

const letterOf = (more: Partial<Letter>): Letter => ({
  user_id: "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77",
  id: "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b78",
  kind: "password_changed",
  email: "ada@example.com",
  name: "Ada",
  time_zone: "Europe/Berlin",
  language: "en",
  details: null,
  created_at: "2026-12-01T13:05:00.000Z",
  tries: 1,
  token: null,
  ...more,
});

test.each([
  [{}, "1 December 2026, 14:05 (Europe/Berlin)"],
  [{ hour_cycle: "h12", date_order: "mdy" }, "December 1, 2026, 2:05 PM (Europe/Berlin)"],
  [{ language: "de" }, "1. Dezember 2026, 14:05 (Europe/Berlin)"],
  [{ language: "de", date_order: "mdy", time_zone: "Asia/Tokyo" }, "1. Dezember 2026, 22:05 (Asia/Tokyo)"],
] as [Partial<Letter>, string][])("a letter with %j says when as its reader is used to: %s", (more, when) => {
  expect(wordsOf(letterOf(more)).lead).toContain(when);
});
