import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { beforeKey, parseBefore, remindAt } from "./before.ts";

const at = (text: string): Date => new Date(text);

describe("parseBefore", () => {
  test.each([
    ["0m", { minutes: 0 }],
    ["15m", { minutes: 15 }],
    ["90m", { minutes: 90 }],
    ["1h", { minutes: 60 }],
    ["1d", { days: 1 }],
    ["1w", { days: 7 }],
    ["52w", { days: 364 }],
    ["365d", { days: 365 }],
    ["8760h", { minutes: 525_600 }],
    ["525600m", { minutes: 525_600 }],
  ])("takes %s", (text, meaning) => expect(parseBefore(text)).toEqual(meaning));

  test.each([
    "",
    "15",
    "m",
    "-1d",
    "+1d",
    "1.5h",
    "015m",
    "1M",
    "1 d",
    "1d ",
    "1y",
    "366d",
    "53w",
    "8761h",
    "525601m",
    "1e1d",
    "１d",
    "99999999d",
  ])("refuses %p", (text) => expect(parseBefore(text)).toBeNull());

  test("no text throws", () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => void parseBefore(text)));
  });
});

test("reminders are equal when they mean the same, and a day is not 24 hours", () => {
  const key = (text: string) => beforeKey(parseBefore(text) ?? { days: -1 });
  expect(key("60m")).toBe(key("1h"));
  expect(key("7d")).toBe(key("1w"));
  expect(key("0d")).toBe(key("0m"));
  expect(key("24h")).not.toBe(key("1d"));
});

describe("remindAt", () => {
  const friday = { dueAt: at("2026-11-27T16:00:00Z"), allDay: false, timeZone: "Europe/Berlin" };

  test("due Friday 17:00, one day before: Thursday 17:00", () => {
    expect(remindAt({ days: 1 }, friday)).toEqual(at("2026-11-26T16:00:00Z"));
  });

  test("days are calendar days across a clock change, hours are elapsed time", () => {
    const monday = { dueAt: at("2026-03-30T07:00:00Z"), allDay: false, timeZone: "Europe/Berlin" };
    expect(remindAt({ days: 2 }, monday)).toEqual(at("2026-03-28T08:00:00Z"));
    expect(remindAt({ minutes: 48 * 60 }, monday)).toEqual(at("2026-03-28T07:00:00Z"));
  });

  test("a day before that falls into a gap rings after the gap", () => {
    const due = { dueAt: at("2026-03-30T00:30:00Z"), allDay: false, timeZone: "Europe/Berlin" };
    expect(remindAt({ days: 1 }, due)).toEqual(at("2026-03-29T01:30:00Z"));
  });

  test("a day before that happens twice rings the first time", () => {
    const due = { dueAt: at("2026-10-26T01:30:00Z"), allDay: false, timeZone: "Europe/Berlin" };
    expect(remindAt({ days: 1 }, due)).toEqual(at("2026-10-25T00:30:00Z"));
  });

  test("at the due date itself the second pass of a repeated hour stays the second", () => {
    const due = { dueAt: at("2026-10-25T01:30:00Z"), allDay: false, timeZone: "Europe/Berlin" };
    expect(remindAt({ minutes: 0 }, due)).toEqual(due.dueAt);
    expect(remindAt({ days: 0 }, due)).toEqual(due.dueAt);
  });

  test("an all-day task counts from nine in the morning of its day", () => {
    const day = { dueAt: at("2026-03-29T23:00:00Z"), allDay: true, timeZone: "Europe/London" };
    expect(remindAt({ minutes: 0 }, day)).toEqual(at("2026-03-30T08:00:00Z"));
    expect(remindAt({ minutes: 60 }, day)).toEqual(at("2026-03-30T07:00:00Z"));
    expect(remindAt({ days: 2 }, day)).toEqual(at("2026-03-28T09:00:00Z"));
  });

  test("an all-day task begins at nine also on a day that has no midnight", () => {
    const day = { dueAt: at("2018-11-04T03:00:00Z"), allDay: true, timeZone: "America/Sao_Paulo" };
    expect(remindAt({ minutes: 0 }, day)).toEqual(at("2018-11-04T11:00:00Z"));
  });
});
