import { describe, expect, test } from "bun:test";
import { type Options, parse } from "./index.ts";
import { read, summary } from "./testing/phrases.ts";

const en = (text: string, now: string, timeZone = "Europe/Berlin", more: Partial<Options> = {}) =>
  parse(text, { now: new Date(now), timeZone, language: "en", ...more });

describe("clock changes", () => {
  test.each([
    ["29 march 2026 2:30am", "2026-01-10T12:00:00Z", "Europe/Berlin", "2026-03-29T01:30:00.000Z", "gap"],
    ["25 october 2026 2:30am", "2026-01-10T12:00:00Z", "Europe/Berlin", "2026-10-25T00:30:00.000Z", "overlap"],
    ["4 october 2026 2:10am", "2026-01-10T12:00:00Z", "Australia/Lord_Howe", "2026-10-03T15:40:00.000Z", "gap"],
    ["5 april 2026 1:45am", "2026-01-10T12:00:00Z", "Australia/Lord_Howe", "2026-04-04T14:45:00.000Z", "overlap"],
    ["27 september 2026 2:50am", "2026-01-10T12:00:00Z", "Pacific/Chatham", "2026-09-26T14:05:00.000Z", "gap"],
    ["1 july 9am", "2026-11-30T09:30:00Z", "Europe/Berlin", "2027-07-01T07:00:00.000Z", null],
  ])("%s from %s in %s", (text, now, zone, due, note) => {
    const parsed = en(text, now, zone);
    expect(parsed.due_date).toBe(due);
    expect(parsed.pieces.find(({ kind }) => kind === "time")?.note ?? null).toBe(note);
  });

  test("hours are elapsed time, days are the calendar's", () => {
    expect(en("in 24 hours", "2026-03-28T12:00:00Z").due_date).toBe("2026-03-29T12:00:00.000Z");
    expect(en("tomorrow 13:00", "2026-03-28T12:00:00Z").due_date).toBe("2026-03-29T11:00:00.000Z");
    expect(en("in 1 hour", "2026-10-25T00:30:00Z").due_date).toBe("2026-10-25T01:30:00.000Z");
  });

  test("a whole day begins at its first instant, also where clocks skip midnight", () => {
    expect(en("4 november 2018", "2018-10-01T12:00:00Z", "America/Sao_Paulo").due_date).toBe(
      "2018-11-04T03:00:00.000Z",
    );
  });
});

describe("moments on which calendars go wrong", () => {
  test.each([
    ["tomorrow", "2024-02-29T11:00:00Z", "2024-03-01"],
    ["in a year", "2024-02-29T11:00:00Z", "2025-02-28"],
    ["feb 29", "2024-02-29T11:00:00Z", "2024-02-29"],
    ["in a month", "2027-01-31T11:00:00Z", "2027-02-28"],
    ["next month", "2027-01-31T11:00:00Z", "2027-02-01"],
    ["the 31st", "2027-02-01T11:00:00Z", "2027-03-31"],
    ["the 30th", "2027-01-31T11:00:00Z", "2027-03-30"],
    ["end of month", "2024-02-10T11:00:00Z", "2024-02-29"],
    ["monday", "2026-12-06T22:59:00Z", "2026-12-07"],
    ["next monday", "2026-12-06T22:59:00Z", "2026-12-07"],
    ["next week", "2026-12-06T22:59:00Z", "2026-12-07"],
    ["sunday", "2026-12-06T22:59:00Z", "2026-12-13"],
    ["this weekend", "2026-12-06T22:59:00Z", "2026-12-06"],
    ["next weekend", "2026-12-06T22:59:00Z", "2026-12-12"],
    ["tomorrow", "2026-12-31T23:30:00Z", "2027-01-02"],
  ])("%s at %s is %s", (text, now, due) => {
    expect(summary(en(text, now))).toBe(` | ${due} | - |`);
  });

  test("every month on the 31st, said on one, begins today", () => {
    expect(summary(en("rent every month on the 31st", "2027-01-31T11:00:00Z"))).toBe("rent | 2027-01-31 | monthly |");
    expect(summary(en("rent every month", "2027-01-31T11:00:00Z"))).toBe("rent | 2027-01-31 | monthly |");
    expect(summary(en("rent every year", "2024-02-29T11:00:00Z"))).toBe("rent | 2024-02-29 | yearly |");
  });

  test("late in the evening a time alone is tomorrow's, and what is over today is not taken", () => {
    expect(summary(en("9pm", "2026-12-06T22:59:00Z"))).toBe(" | 2026-12-07 21:00 | - |");
    expect(summary(en("tonight", "2026-12-06T22:59:00Z"))).toBe("tonight | - | - | past");
    expect(summary(en("today at 8", "2026-12-06T22:59:00Z"))).toBe("today at 8 | - | - | past");
    expect(summary(en("at 8", "2026-12-06T22:59:00Z"))).toBe(" | 2026-12-07 08:00 | - |");
  });
});

describe("what a reader sets", () => {
  const now = "2026-11-30T09:30:00Z";

  test("the order of 3/4, with the other one offered", () => {
    const parsed = en("3/4", now, "Europe/Berlin", { dateOrder: "mdy" });
    expect(summary(parsed)).toBe(" | 2027-03-04 | - |");
    expect(parsed.pieces[0]?.alternatives.map(({ due_date }) => due_date)).toEqual(["2027-04-02T22:00:00.000Z"]);
  });

  test("the day weeks begin on", () => {
    expect(summary(en("next sunday", now, "Europe/Berlin", { weekStart: 6 }))).toBe(" | 2026-12-06 | - |");
    expect(summary(en("next sunday", now))).toBe(" | 2026-12-13 | - |");
  });

  test("when the parts of the day are", () => {
    const partsOfDay = { morning: 420, evening: 1_080, night: 1_320 };
    expect(summary(en("tomorrow morning", now, "Europe/Berlin", { partsOfDay }))).toBe(" | 2026-12-01 07:00 | - |");
    expect(summary(en("tonight", now, "Europe/Berlin", { partsOfDay }))).toBe(" | 2026-11-30 22:00 | - |");
  });
});

describe("odd characters", () => {
  test.each([
    ["en", "call mum ｔｏｍｏｒｒｏｗ ａｔ ９：３０", "call mum | 2026-12-01 09:30 | - |"],
    ["en", "call mum\u00a0tomorrow", "call mum | 2026-12-01 | - |"],
    ["en", "call mum \u200ftomorrow\u200f", "call mum | 2026-12-01 | - |"],
    ["de", "Mama anrufen u\u0308bermorgen", "Mama anrufen | 2026-12-02 | - |"],
    ["de", "MAMA ANRUFEN ÜBERMORGEN", "MAMA ANRUFEN | 2026-12-02 | - |"],
    ["en", "👨‍👩‍👧 dinner friday 7pm #family", "👨‍👩‍👧 dinner | 2026-12-04 19:00 | - | #family"],
    ["en", "first line\nsecond line tomorrow", "first line second line | 2026-12-01 | - |"],
    ["en", 'read "Moby Dick" tomorrow', 'read "Moby Dick" | 2026-12-01 | - |'],
    ["en", 'monday "9"', "9 | 2026-12-07 | - |"],
    ["en", "18:30\u200ftoday", " | 2026-11-30 18:30 | - |"],
    ["en", "", " | - | - |"],
  ] as const)("%s: %s", (language, text, meaning) => expect(summary(read(text, language))).toBe(meaning));

  test("offsets count code points", () => {
    const [piece] = read("🛒🛒 tomorrow", "en").pieces;
    expect(piece).toMatchObject({ kind: "due", start: 3, end: 11, text: "tomorrow" });
  });

  test("a text of 1 000 characters is read, and its answer stays under 64 KiB", () => {
    for (const unit of [
      "#a1 #b2 ",
      "friday ",
      "call mum every friday at 9 or on the 1st of may ",
      "😀 today 9am ",
      "\\x ",
    ]) {
      const parsed = read(unit.repeat(1_000).slice(0, 1_000), "en");
      expect(Buffer.byteLength(JSON.stringify(parsed))).toBeLessThan(64 * 1_024);
    }
  });
});

test("a crowd of dates is none of them, and is not answered with a reason each", () => {
  const parsed = read("3/4 5/6 ".repeat(125), "en");
  expect([parsed.due_date, parsed.title.length, parsed.reasons.length]).toEqual([undefined, 999, 1]);
});

describe("pieces say what they stand for", () => {
  const kinds = (text: string, language: "en" | "de" = "en") =>
    read(text, language).pieces.map(({ kind, text: words, value }) => [kind, words, value]);

  test("each with its words, its kind and its value", () => {
    expect(kinds("pay rent every month on the 1st at 9 !high #home remind 1 day before")).toEqual([
      ["recurrence", "every month on the 1st", "FREQ=MONTHLY;BYMONTHDAY=1"],
      ["time", "at 9", "09:00"],
      ["priority", "!high", "high"],
      ["tag", "#home", "home"],
      ["reminder", "remind 1 day before", { before: "1d" }],
    ]);
    expect(kinds("every day until 24 dec after completion")).toEqual([
      ["recurrence", "every day", "FREQ=DAILY"],
      ["ends", "until 24 dec", "2026-12-24"],
      ["anchor", "after completion", "completion"],
    ]);
    expect(kinds('"every day" essay')).toEqual([
      ["quote", '"', null],
      ["quote", '"', null],
    ]);
    expect(kinds("Erinnere mich morgen um 8 an die Wäsche", "de")).toEqual([
      ["filler", "Erinnere mich", null],
      ["due", "morgen", "2026-12-01"],
      ["time", "um 8", "08:00"],
      ["filler", "an", null],
    ]);
  });

  test("the other reading is offered, with all its fields", () => {
    const offered = (text: string, language: "en" | "de" = "en") =>
      read(text, language).pieces.flatMap(({ alternatives }) =>
        alternatives.map(({ text: words, due_date, recurring_pattern }) => [words, due_date, recurring_pattern]),
      );
    expect(offered("next friday")).toEqual([["4 December 2026", "2026-12-03T23:00:00.000Z", undefined]]);
    expect(offered("monday")).toEqual([["30 November 2026", "2026-11-29T23:00:00.000Z", undefined]]);
    expect(offered("every 2nd tuesday")).toEqual([
      ["every other tuesday", "2026-11-30T23:00:00.000Z", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"],
    ]);
    expect(offered("jeden zweiten Dienstag", "de")).toEqual([
      ["jeden zweiten Dienstag im Monat", "2026-12-07T23:00:00.000Z", "FREQ=MONTHLY;BYDAY=2TU"],
    ]);
  });

  test("what stays in the title says why, and what could be meant", () => {
    const [reason] = read("gym today 9am", "en").reasons;
    expect(reason).toMatchObject({ kind: "past", start: 4, end: 13 });
    expect(reason?.alternatives[0]).toMatchObject({ title: "gym", due_date: "2026-12-01T08:00:00.000Z" });
    const [offer] = read("monthly report on the 5th", "en").reasons;
    expect(offer).toMatchObject({ kind: "ambiguous", start: 0, end: 7 });
    expect(offer?.alternatives[0]).toMatchObject({ recurring_pattern: "FREQ=MONTHLY;BYMONTHDAY=5" });
  });

  test("the preview begins with the due date and holds five", () => {
    expect(read("every monday x3", "en").preview).toEqual([
      "2026-11-29T23:00:00.000Z",
      "2026-12-06T23:00:00.000Z",
      "2026-12-13T23:00:00.000Z",
    ]);
    expect(read("every day", "en").preview).toHaveLength(5);
    expect(read("tomorrow", "en").preview).toHaveLength(1);
    expect(read("nothing to see", "en").preview).toEqual([]);
  });
});
