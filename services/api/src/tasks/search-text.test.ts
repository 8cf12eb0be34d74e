import { expect, test } from "bun:test";
import fc from "fast-check";
import { foldText, pairsOf, piecesOf, searchVector } from "./search-text.ts";

const words = (text: string): string[] => piecesOf(text).map(({ text: word }) => word);

test.each([
  ["Report", "report"],
  ["ÉCOLE", "ecole"],
  ["e\u0301cole", "ecole"],
  ["Straße STRASSE", "strasse strasse"],
  ["Ёлка ёлка", "елка елка"],
  ["İstanbul ISTANBUL ısı", "istanbul istanbul isi"],
  ["ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"],
  ["Łódź œuvre ÆON", "lodz oeuvre aeon"],
  ["مُحَمَّد محمد", "محمد محمد"],
  ["שָׁלוֹם", "שלום"],
  ["हिन्दी", "हिन्दी"],
  ["が", "が"],
  ["Ｆｕｌｌ width ﬁt", "full width fit"],
  ["soft\u00adhyphen", "softhyphen"],
  ["m²", "m2"],
])("%j is searched as %j", (text, folded) => {
  expect(foldText(text)).toBe(folded);
});

test.each([
  ["Call mother/father", ["call", "mother", "father"]],
  ["https://shop.example.com/lamps/brass?id=7", ["https", "shop", "example", "com", "lamps", "brass", "id", "7"]],
  ["snake_case kebab-case a.b <tag>", ["snake", "case", "kebab", "case", "a", "b", "tag"]],
  ["“quoted” – dashed—twice…", ["quoted", "dashed", "twice"]],
  ["iPhone15を買う", ["iphone15", "を買う"]],
  ["日本語、東京", ["日本語", "東京"]],
  ["จองตั๋วรถไฟ", ["จองตั๋วรถไฟ"]],
  ["🎉party👍🏽🇩🇪🇫🇷❤️", ["🎉", "party", "👍", "🇩🇪", "🇫🇷", "❤"]],
  ["zero\u200bspace", ["zero", "space"]],
])("%j has the pieces %j", (text, pieces) => {
  expect(words(text)).toEqual(pieces);
});

test("any part of a stretch without blanks has all its pairs among the stretch's", () => {
  const han = fc.string({ unit: fc.constantFrom(..."電池を買う火车票รถไฟ新"), minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(han, fc.nat(12), fc.integer({ min: 2, max: 12 }), (run, from, length) => {
      const part = [...run].slice(from, from + length).join("");
      const pairs = pairsOf(run);
      for (const pair of pairsOf(part).slice(0, -1)) expect(pairs).toContain(pair);
    }),
  );
});

test("a folded text is not changed by folding it again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text));
    }),
    { numRuns: 2_000 },
  );
});

test("the title's words weigh more than the description's, and quotes stay within their lexeme", () => {
  expect(searchVector("Buy 電池", "o'clock")).toBe("'buy':1A '電池':2A '池':3A 'o':4B 'clock':5B");
});
