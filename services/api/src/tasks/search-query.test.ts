import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { namesTag, searchOf, tsqueryOf } from "./search-query.ts";

const queryOf = (text: string): string | null => {
  const search = searchOf(text);
  return search && tsqueryOf(search);
};

describe("a search becomes a query", () => {
  test.each([
    ["report", "('report':*)"],
    ["  Quarterly   REPORT ", "('quarterly':*) & ('report':*)"],
    ['"quarterly report"', "('quarterly' <-> 'report')"],
    ['"never closed', "('never' <-> 'closed')"],
    ['draft"quarterly report"done', "('draft':*) & ('quarterly' <-> 'report') & ('done':*)"],
    ["-draft", "!('draft')"],
    ['report -"first draft"', "('report':*) & !('first' <-> 'draft')"],
    ["--draft", "('draft':*)"],
    ["report - draft", "('report':*) & ('draft':*)"],
    ["report or invoice", "('report':*) | ('invoice':*)"],
    ["report OR invoice draft", "('report':*) | ('invoice':*) & ('draft':*)"],
    ["or", "('or':*)"],
    ["report or", "('report':*) & ('or':*)"],
    ["well-known", "(('well' <-> 'known':*) | ('wellknown':*))"],
    ["ada@example.com", "('ada' <-> 'example' <-> 'com':*)"],
    ["o'clock", "(('o' <-> 'clock':*) | ('oclock':*))"],
    ['"o’clock"', "(('o' <-> 'clock') | ('oclock'))"],
    ["-o'clock", "!(('o' <-> 'clock') | ('oclock'))"],
    ["(report|invoice)&!draft", "('report':*) & ('invoice':*) & ('draft':*)"],
    ["Ｒｅｐｏｒｔ", "('report':*)"],
    ["“report”", "('report':*)"],
    ["Straße", "('strasse':*)"],
    ["火车票", "(('火车' & '车票'))"],
    ['"火车票"', "(('火车' <-> '车票'))"],
    ["電", "('電':*)"],
    ["iphoneを買", "('iphone' & ('を買'))"],
    ["🎉party", "('🎉' & 'party':*)"],
  ])("%s", (search, query) => {
    expect(queryOf(search)).toBe(query);
  });

  test.each(["", " ", "!", "-", "--", '"', '""', '" "', "&|!()<>:*", "—", "…", "- - -", "\u200b", "'", "\\"])(
    "nothing in %j can be searched for",
    (search) => {
      expect(searchOf(search)).toBeNull();
    },
  );

  test("every text ends up between quotes: nothing of it is ever an operator", () => {
    const nasty = fc.string({ unit: fc.constantFrom(..."a'\\\"-:*&|!()<> or\u00e9電💥".split("")), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), (search) => {
        const outside = (queryOf(search) ?? "").replace(/'[^']*'/g, "");
        expect(outside).toMatch(/^[ ()&|!<>:*-]*$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ["garden", "Garden work", true],
  ["gar", "Garden work", true],
  ['"gar"', "Garden work", false],
  ["work garden", "Garden work", true],
  ["haus", "Home", false],
  ["車", "電車", true],
])("%s names the tag %s: %p", (search, name, names) => {
  expect(searchOf(search)?.[0]?.every((term) => namesTag(term, name))).toBe(names);
});
