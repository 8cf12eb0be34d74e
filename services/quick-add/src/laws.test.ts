import { describe, expect, test } from "bun:test";
import { planSeries } from "@carillon/calendar/recurrence";
import { dayIn } from "@carillon/calendar/zone";
import type { ParsedText } from "@carillon/contracts/http/quick-add";
import fc from "fast-check";
import { parse } from "./index.ts";
import { lines, readers } from "./testing/words.ts";

/** Enough to find what one in a thousand texts does. */
const options = { numRuns: 1_000 };

const law = (name: string, check: (parsed: ParsedText, text: string, reader: Reader) => void) =>
  test(name, () => {
    fc.assert(
      fc.property(lines, readers, ({ text, language }, reader) => {
        check(parse(text, { ...reader, language }), text, reader);
      }),
      options,
    );
  });

type Reader = { timeZone: string; now: Date };

const bare = (text: string): string => text.replace(/[\s\u00ad\u200b-\u200f\u2028\u2029\ufeff]+/gu, "");

describe("whatever the text", () => {
  law("title and pieces give it back", ({ title, pieces }, text) => {
    const points = Array.from(text);
    let from = 0;
    let rest = "";
    for (const { start, end, text: words } of pieces) {
      expect(start).toBeGreaterThanOrEqual(from);
      expect(points.slice(start, end).join("")).toBe(words);
      rest += points.slice(from, start).join("");
      from = end;
    }
    rest += points.slice(from).join("");
    expect(bare(title)).toBe(bare(rest));
  });

  law("nothing due is over", ({ due_date, all_day, preview }, _, { now, timeZone }) => {
    if (typeof due_date !== "string") return;
    const due = new Date(due_date);
    if (all_day) expect(dayIn(due, timeZone)).toBeGreaterThanOrEqual(dayIn(now, timeZone));
    else expect(due.getTime()).toBeGreaterThanOrEqual(now.getTime());
    expect(preview[0]).toBe(due_date);
    expect([...preview].sort()).toEqual(preview);
  });

  law(
    "a rule's first date is one of its own, unless it only starts there",
    ({ due_date, recurring_pattern, ...parsed }, _, { now }) => {
      if (recurring_pattern === undefined || typeof due_date !== "string") return;
      const plan = planSeries({
        pattern: recurring_pattern,
        dueAt: new Date(due_date),
        allDay: parsed.all_day ?? false,
        timeZone: parsed.time_zone ?? "UTC",
        endsAt: parsed.recurrence_ends_at === undefined ? null : new Date(parsed.recurrence_ends_at),
        now,
      });
      expect(plan.ok && plan.firstOrdinal).toBe(1);
    },
  );

  law("reasons point at words of the title", ({ reasons, pieces }) => {
    for (const { start, end } of reasons) {
      expect(end).toBeGreaterThan(start);
      const taken = pieces.filter((piece) => piece.kind !== "filler" && piece.start < end && piece.end > start);
      expect(taken).toEqual([]);
    }
  });

  law("reminders come with a date, and only so", ({ reminders, due_date }) => {
    if (reminders !== undefined) expect(typeof due_date).toBe("string");
  });

  test("the same text at the same moment means the same", () => {
    fc.assert(
      fc.property(lines, readers, ({ text, language }, reader) => {
        const once = parse(text, { ...reader, language });
        expect(parse(text, { ...reader, language })).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  test("an alternative put in place of its words gives the fields it promises", () => {
    fc.assert(
      fc.property(lines, readers, ({ text, language }, reader) => {
        const { pieces, reasons } = parse(text, { ...reader, language });
        const points = Array.from(text);
        for (const { start, end, alternatives } of [...pieces, ...reasons]) {
          for (const { text: words, ...fields } of alternatives) {
            const instead = [...points.slice(0, start), words, ...points.slice(end)].join("");
            expect(parse(instead, { ...reader, language })).toMatchObject(fields);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
