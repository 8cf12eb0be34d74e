import { expect, test } from "bun:test";
import fc from "fast-check";
import { searchText } from "./search-text.ts";

test.each([
  ["Report", "report"],
  ["ÉCOLE", "école"],
  ["e\u0301cole", "école"],
  ["Ｆｕｌｌ width ﬁt", "full width fit"],
  ["“quoted” – dashed—twice…", " quoted    dashed twice..."],
  ["日本語、東京", "日本語 東京"],
  ["🎉party", " party"],
  ["soft\u00adhyphen", "softhyphen"],
  ["می\u200cخواهم", "میخواهم"],
  ["zero\u200bspace", "zero space"],
  ["m²", "m2"],
  ["well-known ada@example.com https://x.y/z?a=b", "well-known ada@example.com https://x.y/z?a=b"],
])("%j is searched as %j", (text, expected) => {
  expect(searchText(text)).toBe(expected);
});

test("a text that was prepared once is not changed by preparing it again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(searchText(searchText(text))).toBe(searchText(text));
    }),
    { numRuns: 2_000 },
  );
});
