import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { searchQuery } from "./search-query.ts";

describe("a search becomes a query of to_tsquery", () => {
  test.each([
    ["report", "'report':*"],
    ["  Quarterly   REPORT ", "'quarterly':* & 'report':*"],
    ['"quarterly report"', "'quarterly report'"],
    ['"never closed', "'never closed'"],
    ['draft"quarterly report"done', "'draft':* & 'quarterly report' & 'done':*"],
    ["-draft", "!'draft'"],
    ["report -draft", "'report':* & !'draft'"],
    ['report -"first draft"', "'report':* & !'first draft'"],
    ["--draft", "'draft':*"],
    ["---draft", "!'draft'"],
    ["report - draft", "'report':* & 'draft':*"],
    ["report or invoice", "'report':* | 'invoice':*"],
    ["report OR invoice draft", "'report':* | 'invoice':* & 'draft':*"],
    ["or", "'or':*"],
    ["or report", "'or':* & 'report':*"],
    ["report or", "'report':* & 'or':*"],
    ["either or or neither", "'either':* | 'or':* & 'neither':*"],
    ["report -or", "'report':* & !'or'"],
    ["orbit order", "'orbit':* & 'order':*"],
    ['report or "tax form"', "'report':* | 'tax form'"],
    ["well-known", "'well-known':*"],
    ["ada@example.com", "'ada@example.com':*"],
    ["see https://example.com/a?b=c&d=(e) now", "'see':* & 'https://example.com/a?b=c&d=(e)':* & 'now':*"],
    ["o'clock", "'o''clock':*"],
    ["back\\slash", "'back\\\\slash':*"],
    ["report:", "'report':*"],
    ["(report|invoice)&!draft", "'report':* & 'invoice':* & 'draft':*"],
    ["report:* <-> draft", "'report':* & 'draft':*"],
    ["Ｒｅｐｏｒｔ", "'report':*"],
    ["“report”", "'report':*"],
    ["Straße", "'straße':*"],
    ["日本語、東京", "'日本語':* & '東京':*"],
    ["🎉party🎉", "'party':*"],
  ])("%s", (search, query) => {
    expect(searchQuery(search)).toBe(query);
  });

  test.each(["", " ", "!", "-", "--", '"', '""', '" "', "&|!()<>:*", "🎉", "—", "…", "- - -", "\u200b", "'", "\\"])(
    "nothing in %j can be searched for",
    (search) => {
      expect(searchQuery(search)).toBeNull();
    },
  );

  test("every text ends up between quotes: nothing of it is ever an operator", () => {
    const nasty = fc.string({ unit: fc.constantFrom(..."a'\\\"-:*&|!()<> or\u00e9💥".split("")), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), (search) => {
        const query = searchQuery(search);
        expect(query === null || /^(!?'([^'\\]|''|\\\\)+'(:\*)?( [&|] |$))+$/u.test(query)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
