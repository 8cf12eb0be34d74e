import { describe, expect, test } from "bun:test";
import { english, german, titles } from "./testing/golden.ts";
import { read, summary } from "./testing/phrases.ts";

describe("the golden phrases mean what is promised, in English", () => {
  test.each([...english])("%s", (phrase, meaning) => expect(summary(read(phrase, "en"))).toBe(meaning));
});

describe("the golden phrases mean what is promised, in German", () => {
  test.each([...german])("%s", (phrase, meaning) => expect(summary(read(phrase, "de"))).toBe(meaning));
});

describe("what only looks like a date, a rule or a tag stays in the title", () => {
  test.each([...titles])("%s: %s", (language, title) => {
    const { due_date, recurring_pattern, tags, ...parsed } = read(title, language);
    expect({ title: parsed.title, due_date, recurring_pattern, tags }).toEqual({
      title,
      due_date: undefined,
      recurring_pattern: undefined,
      tags: undefined,
    });
  });
});
