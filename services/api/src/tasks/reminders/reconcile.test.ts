import { describe, expect, test } from "bun:test";
import { countingIds, now, reminderRow, taskState } from "../../testing/task-state.ts";
import type { WantedReminder } from "../fields.ts";
import type { ReminderRow } from "../task-row.ts";
import { cancelPending, reconcile, reviveCompleted, reviveDeleted } from "./reconcile.ts";

const dueAt = new Date("2026-11-27T16:00:00.000Z");
const moment = { dueAt, timeZone: "Europe/Berlin", allDay: false };
const wish = (before: string): WantedReminder => ({ before, pointer: "" });
const at = (text: string): WantedReminder => ({ at: new Date(text), pointer: "" });
const first = "0190d0a0-0000-7000-8000-000000000001";

const settle = (
  reminders: readonly ReminderRow[] | null,
  wanted: readonly WantedReminder[],
  where: Partial<typeof moment> = {},
  completed_at: Date | null = null,
) =>
  reconcile(
    reminders && taskState({ due_at: dueAt, completed_at }, reminders),
    wanted,
    { ...moment, ...where },
    { now, newId: countingIds() },
  );
const turnsOf = ({ turns }: ReturnType<typeof settle>) => turns.map(({ type }) => type);
const dayBefore = reminderRow({ before: "1d", remind_at: new Date("2026-11-26T16:00:00Z") });

describe("a new reminder", () => {
  test("in the future is pending", () => {
    const { reminders, turns } = settle(null, [wish("1d"), at("2026-11-21T09:00:00Z")]);
    expect(reminders).toMatchObject([
      {
        id: first,
        position: 0,
        before: "1d",
        remind_at: new Date("2026-11-26T16:00:00Z"),
        state: "pending",
        reason: null,
        generation: 1,
      },
      { position: 1, before: null, remind_at: now, state: "pending", reason: null, generation: 1 },
    ]);
    expect(turns).toMatchObject([
      { type: "reminder.scheduled", before: null, after: { id: first } },
      { type: "reminder.scheduled", before: null },
    ]);
  });

  test("already past is missed, and never rings late", () => {
    const settled = settle(null, [wish("7d"), at("2026-11-21T08:59:59.999Z")]);
    expect(settled.reminders).toMatchObject([
      { state: "missed", reason: "too_late" },
      { state: "missed", reason: "too_late" },
    ]);
    expect(turnsOf(settled)).toEqual(["reminder.missed", "reminder.missed"]);
  });

  test("of a completed task is cancelled at once", () => {
    const { reminders } = settle([], [wish("1d")], {}, now);
    expect(reminders).toMatchObject([{ state: "cancelled", reason: "completed" }]);
  });

  test("of a whole day counts from nine in the morning, over a clock change too", () => {
    const allDay = { dueAt: new Date("2026-03-28T23:00:00Z"), allDay: true };
    const plan = reconcile(
      null,
      [wish("0m"), wish("1d"), wish("24h")],
      { ...moment, ...allDay },
      { now: new Date("2026-01-01"), newId: countingIds() },
    );
    expect(plan.reminders.map((one) => one.remind_at?.toISOString())).toEqual([
      "2026-03-29T07:00:00.000Z",
      "2026-03-28T08:00:00.000Z",
      "2026-03-28T07:00:00.000Z",
    ]);
  });
});

describe("an equal reminder", () => {
  test("keeps id and state, in whatever spelling and order it comes back", () => {
    const hour = reminderRow({
      before: "1h",
      remind_at: new Date("2026-11-27T15:00:00Z"),
      state: "sent",
      sent_at: now,
    });
    const absolute = reminderRow({
      id: "0190d0a0-0000-7000-8000-0000000000e2",
      position: 1,
      state: "failed",
      reason: "provider",
    });
    const settled = settle([hour, absolute], [at("2026-11-21T10:00:00Z"), wish("60m")]);
    expect(settled).toEqual({
      reminders: [
        { ...absolute, position: 0 },
        { ...hour, position: 1 },
      ],
      turns: [],
    });
  });

  test("that is gone from the list is cancelled if it was pending, and publishes nothing otherwise", () => {
    const sent = reminderRow({ before: "2d", state: "sent", sent_at: now });
    const settled = settle([dayBefore, sent], []);
    expect(settled).toEqual({ reminders: [], turns: [{ type: "reminder.cancelled", before: dayBefore, after: null }] });
  });
});

describe("when the due date moves", () => {
  const later = { dueAt: new Date("2026-12-04T16:00:00Z") };
  const earlier = { dueAt: new Date("2026-11-21T12:00:00Z") };

  test.each(["pending", "sent", "failed", "missed"] as const)(
    "a relative reminder that was %s rings again if its new instant is ahead",
    (state) => {
      const old = { ...dayBefore, state, sent_at: state === "sent" ? now : null };
      const settled = settle([old], [wish("1d")], later);
      expect(settled.reminders).toEqual([
        {
          ...old,
          remind_at: new Date("2026-12-03T16:00:00Z"),
          state: "pending",
          reason: null,
          sent_at: null,
          generation: 2,
        },
      ]);
      expect(turnsOf(settled)).toEqual(["reminder.scheduled"]);
    },
  );

  test("one whose instant would be past now is cancelled because of the move", () => {
    const settled = settle([dayBefore], [wish("1d")], earlier);
    expect(settled.reminders).toMatchObject([
      { state: "cancelled", reason: "moved", generation: 1, remind_at: new Date("2026-11-20T12:00:00Z") },
    ]);
    expect(turnsOf(settled)).toEqual(["reminder.cancelled"]);
  });

  test("an absolute one stays where it is", () => {
    expect(settle([reminderRow()], [at("2026-11-21T10:00:00Z")], later)).toEqual({
      reminders: [reminderRow()],
      turns: [],
    });
  });

  test("nothing is planned while the task is completed", () => {
    const called = { ...dayBefore, state: "cancelled" as const, reason: "completed" as const };
    const settled = settle([called], [wish("1d")], later, now);
    expect(settled).toEqual({ reminders: [{ ...called, remind_at: new Date("2026-12-03T16:00:00Z") }], turns: [] });
  });
});

describe("completion, deletion and back", () => {
  test("pending ones are cancelled with their reason, the rest stays", () => {
    const sent = reminderRow({ state: "sent", sent_at: now });
    const { reminders, turns } = cancelPending([dayBefore, sent], "completed");
    expect(reminders).toEqual([{ ...dayBefore, state: "cancelled", reason: "completed" }, sent]);
    expect(turns).toHaveLength(1);
  });

  test("undoing a completion plans future ones again, as a new generation", () => {
    const called = { ...dayBefore, state: "cancelled" as const, reason: "completed" as const };
    const { reminders, turns } = reviveCompleted([called], now);
    expect(reminders).toEqual([{ ...dayBefore, generation: 2 }]);
    expect(turns).toMatchObject([{ type: "reminder.scheduled", before: called }]);
    expect(reviveCompleted([{ ...called, remind_at: new Date(now.getTime() - 1) }], now).turns).toEqual([]);
  });

  test("a relative reminder that had rung rings again if its date moved ahead while the task was completed", () => {
    const rung = { ...dayBefore, state: "sent" as const, sent_at: now };
    expect(reviveCompleted([rung], now).reminders).toEqual([{ ...dayBefore, generation: 2 }]);
  });

  test("reminders replaced by a snooze or deleted with the task before stay silent", () => {
    const snoozed = { ...dayBefore, state: "cancelled" as const, reason: "snoozed" as const };
    const absolute = reminderRow({ state: "sent", sent_at: now });
    expect(reviveCompleted([snoozed, absolute], now)).toEqual({ reminders: [snoozed, absolute], turns: [] });
  });

  test("restoring plans again only what the deletion had cancelled", () => {
    const deleted = { ...dayBefore, state: "cancelled" as const, reason: "deleted" as const };
    const completed = { ...reminderRow(), state: "cancelled" as const, reason: "completed" as const };
    const { reminders } = reviveDeleted([deleted, completed], now);
    expect(reminders).toEqual([{ ...dayBefore, generation: 2 }, completed]);
  });
});
