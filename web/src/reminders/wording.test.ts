import { expect, test } from "bun:test";
import type { Reminder } from "@carillon/contracts/http/tasks";
import { beforeWords, stateWords } from "./wording.ts";

const now = new Date("2026-11-21T13:00:00Z");
const at = "2026-11-26T16:00:00.000Z";

test.each([
  ["15m", "15 minutes before"],
  ["1h", "1 hour before"],
  ["1d", "1 day before"],
  ["2w", "2 weeks before"],
  ["0m", "When it is due"],
  ["<b>", "<b>"],
])("%s reads “%s”", (before, words) => expect(beforeWords(before)).toBe(words));

test.each<[Partial<Reminder>, string]>([
  [{ state: "pending", remind_at: at }, "will ring Thu 26 Nov, 17:00"],
  [{ state: "pending", remind_at: "2026-11-22T08:00:00.000Z" }, "will ring tomorrow, 09:00"],
  [{ state: "pending", remind_at: now.toISOString() }, "is ringing now"],
  [{ state: "pending", remind_at: null }, "waits for a due date"],
  [{ state: "sent", remind_at: at, sent_at: "2026-11-21T12:30:00.000Z" }, "rang today, 13:30"],
  [{ state: "missed", reason: "too_late" }, "missed because its time had passed"],
  [{ state: "failed", reason: "provider" }, "failed because the mail could not be delivered"],
  [{ state: "cancelled", reason: "completed" }, "cancelled because the task was completed"],
  [{ state: "cancelled", reason: "mail_off" }, "cancelled because reminders by e-mail were switched off"],
  [{ state: "cancelled", reason: "moved" }, "cancelled because the due date was moved"],
  [{ state: "cancelled", reason: null }, "cancelled"],
])("%j has this state", (reminder, words) => {
  const whole = { remind_at: null, reason: null, sent_at: null, state: "pending" as const, ...reminder };
  expect(stateWords(whole, now, { time_zone: "Europe/Berlin", hour_cycle: "h23", date_order: "dmy" })).toBe(words);
});
