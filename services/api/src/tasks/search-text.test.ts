import { expect, test } from "bun:test";
import fc from "fast-check";
import { foldText, withPlainJoiners } from "./fold-text.ts";
import { pairsOf, piecesOf, searchVector } from "./search-text.ts";

/** Its parts, for a word that is found as one too. */
const words = (text: string): (string | string[])[] => piecesOf(text).map(({ text: word, parts }) => parts ?? word);

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
  ["علی علي على", "علي علي علي"],
  ["کتاب كتاب ڪتاب", "كتاب كتاب كتاب"],
  ["أحمد إحمد آحمد ٱحمد", "احمد احمد احمد احمد"],
  ["خانه خانۀ مدرسة مدرسه", "خانه خانه مدرسه مدرسه"],
  ["سؤال مسئول", "سوال مسيول"],
  ["كـــتـاب", "كتاب"],
  ["ﻣﺤﻤﺪ ﻻ", "محمد لا"],
  ["خیابان ۱۲۳ شارع ١٢٣ १२३ ๑๒๓", "خيابان 123 شارع 123 123 123"],
  ["بِسْمِ ٱللَّهِ ۖ", "بسم الله "],
  ["בְּרֵאשִׁית בראשית", "בראשית בראשית"],
  ["ﬡﬢ שׁ", "אד ש"],
  ["O’Brien Oʼbrien O‘Brien O`Brien O´Brien", "o'brien o'brien o'brien o'brien o'brien"],
  ["e‐mail e‑mail בית־ספר col·lega", "e-mail e-mail בית-ספר col-lega"],
  ['צה"ל צה״ל', "צה'ל צה'ל"],
])("%j is searched as %j", (text, folded) => {
  expect(foldText(text)).toBe(folded);
});

test.each([
  ["Call mother/father", ["call", "mother", "father"]],
  ["https://shop.example.com/lamps/brass?id=7", ["https", "shop", "example", "com", "lamps", "brass", "id", "7"]],
  ["snake_case kebab-case a.b <tag>", ["snake", "case", ["kebab", "case"], "a", "b", "tag"]],
  ["O'Brien 'don't' rock-'n'-roll", [["o", "brien"], ["don", "t"], "rock", "n", "roll"]],
  [
    "2026-12-01 +49-30-123",
    [
      ["2026", "12", "01"],
      ["49", "30", "123"],
    ],
  ],
  ["a-b-c-d-e-f-g-h", [[..."abcdefgh"]]],
  ["a-b-c-d-e-f-g-h-i", [..."abcdefghi"]],
  ["-a- 'b' c--d e- f", ["a", "b", "c", "d", "e", "f"]],
  ["東京-大阪", ["東京", "大阪"]],
  ["“quoted” – dashed—twice…", ["quoted", "dashed", "twice"]],
  ["iPhone15を買う", ["iphone15", "を買う"]],
  ["日本語、東京", ["日本語", "東京"]],
  ["จองตั๋วรถไฟ", ["จองตั๋วรถไฟ"]],
  ["🎉party👍🏽🇩🇪🇫🇷❤️", ["🎉", "party", "👍", "🇩🇪", "🇫🇷", "❤"]],
  ["zero\u200bspace", ["zero", "space"]],
])("%j has the pieces %j", (text, pieces) => {
  expect(words(text)).toEqual(pieces);
});

test("any part of a stretch without blanks, from two characters on, is pairs of the stretch", () => {
  const han = fc.string({ unit: fc.constantFrom(..."電池を買う火车票รถไฟ新"), minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(han, fc.nat(12), fc.integer({ min: 2, max: 12 }), (run, from, length) => {
      const part = [...run].slice(from, from + length);
      const pairs = pairsOf(run);
      for (let at = 0; at + 1 < part.length; at++) expect(pairs).toContain(`${part[at]}${part[at + 1]}`);
    }),
  );
});

const letter = (script: string): fc.Arbitrary<string> => fc.constantFrom(...[...script]);
const word = (script: string): fc.Arbitrary<string> =>
  fc.array(letter(script), { minLength: 1, maxLength: 6 }).map((letters) => letters.join(""));
const arabic = word("ابتثجحخدذرزسشصضطظعغفقكلمنهويءپچژگ");
const hebrew = word("אבגדהוזחטיכלמנסעפצקרשת");

/** The word with the marks behind its letters, in turn. */
const withMarks = (text: string, written: readonly string[]): string =>
  [...text].map((one, at) => one + (written[at % Math.max(1, written.length)] ?? "")).join("");

test("vowel marks, cantillation and the kashida do not matter anywhere in a word", () => {
  const tashkeel = fc.array(letter("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640\u0670\u06d6"));
  const niqqud = fc.array(letter("\u05b0\u05b4\u05b7\u05b8\u05bc\u05c1\u05c2\u0591\u05a5"));
  for (const [script, written] of [
    [arabic, tashkeel],
    [hebrew, niqqud],
  ] as const)
    fc.assert(
      fc.property(script, written, (plain, some) => {
        expect(foldText(withMarks(plain, some))).toBe(foldText(plain));
      }),
    );
});

test("letters of Arabic, Persian and Urdu that look or sound the same are typed for one another", () => {
  const same = ["يىیے", "كکڪ", "اأإآٱ", "هةہۀۂەھۃ", "وؤ"];
  fc.assert(
    fc.property(arabic, arabic, fc.constantFrom(...same), fc.nat(9), fc.nat(9), (before, after, group, one, other) => {
      const of = (at: number) => before + [...group][at % [...group].length] + after;
      expect(foldText(of(one))).toBe(foldText(of(other)));
    }),
  );
});

test("a presentation form is the letters it stands for, and a digit of any script the digit", () => {
  for (let code = 0xfb1d; code <= 0xfefc; code++) {
    const form = String.fromCodePoint(code);
    if (/\p{L}/u.test(form)) expect(foldText(`x${form}x`)).toBe(foldText(`x${form.normalize("NFKC")}x`));
  }
  const zeros = "٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᪀᪐᭐᮰᱀᱐꘠꣐꤀꧐꧰꩐꯰𐒠𑁦𑄶𑓐𑙐𑛀𑜰𑣠𞥐";
  for (const zero of zeros)
    for (let value = 0; value < 10; value++)
      expect(foldText(String.fromCodePoint((zero.codePointAt(0) ?? 0) + value))).toBe(String(value));
});

test("whatever looks like an apostrophe or a hyphen is one, and never a letter", () => {
  for (const sign of "'’‘‛ʼʻʽʹˈ`´′׳״՚ߴ᾿＇") expect([sign, withPlainJoiners(sign)]).toEqual([sign, "'"]);
  for (const sign of "-‐‑־֊·‧－﹣") expect([sign, withPlainJoiners(sign)]).toEqual([sign, "-"]);
  expect(withPlainJoiners("– — − “ ” « » ,")).toBe("– — − “ ” « » ,");
});

test("a folded text is not changed by folding it again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text));
    }),
    { numRuns: 500 },
  );
});

test("the title's words weigh more than the description's, and quotes stay within their lexeme", () => {
  expect(searchVector("Buy 電池", "o'clock")).toBe(
    "'buy':1A '電池':2A '池':3A 'o':4B 'clock':5B 'oclock':4B 'oclock':5B",
  );
});
