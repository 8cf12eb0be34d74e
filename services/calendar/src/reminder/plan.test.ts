import { describe, expect, test } from "bun:test";
import { isTooLate, planReminder, replanReminder } from "./plan.ts";

const at = (text: string): Date => new Date(text);
const due = { dueAt: at("2026-11-27T17:00:00Z"), allDay: false, timeZone: "UTC" };
const dayBefore = { kind: "before", before: { days: 1 } } as const;
const thursday = at("2026-11-26T17:00:00Z");

describe("planReminder", () => {
  test("one ahead is pending", () => {
    const plan = planReminder(dayBefore, due, at("2026-11-20T00:00:00Z"));
    expect(plan).toEqual({ state: "pending", remindAt: thursday, reason: null });
  });

  test("one already past when set is missed, and rings never", () => {
    const plan = planReminder(dayBefore, due, at("2026-11-26T17:00:00.001Z"));
    expect(plan).toEqual({ state: "missed", remindAt: thursday, reason: "too_late" });
  });

  test("one for this very instant is not past", () => {
    expect(planReminder(dayBefore, due, thursday).state).toBe("pending");
  });

  test("an absolute one needs no due date, a relative one does", () => {
    const now = at("2026-01-01T00:00:00Z");
    expect(planReminder({ kind: "at", at: thursday }, null, now)).toEqual({
      state: "pending",
      remindAt: thursday,
      reason: null,
    });
    expect(planReminder(dayBefore, null, now)).toEqual({ state: "unplannable" });
  });
});

test("a moved date plans again only what lies ahead", () => {
  expect(replanReminder({ days: 1 }, due, at("2026-11-20T00:00:00Z"))).toEqual({ remindAt: thursday });
  expect(replanReminder({ days: 1 }, due, at("2026-11-27T00:00:00Z"))).toBeNull();
});

test("more than 24 hours late is too late, 24 hours are not", () => {
  expect(isTooLate(thursday, at("2026-11-27T17:00:00Z"))).toBe(false);
  expect(isTooLate(thursday, at("2026-11-27T17:00:00.001Z"))).toBe(true);
});
