import { describe, expect, test } from "bun:test";
import { explainText } from "./text.ts";

const title = (value: unknown) => explainText({ minLength: 1, maxLength: 5, multiline: false }, value);
const description = (value: unknown) => explainText({ minLength: 0, maxLength: 5, multiline: true }, value);

describe("lengths are code points", () => {
  test.each(["aaaaa", "äöüßé", "👍👍👍👍👍", "𠀀𠀀𠀀𠀀𠀀", "e\u0301e\u0301e"])("%s has five", (text) => {
    expect(title(text)).toBeNull();
    expect(title(`${text}a`)).toBe("must have at most 5 characters, and has 6");
  });
});

describe("text of invisible characters only is empty", () => {
  test.each(["", " ", "\u00a0", "\u3000\u2003", "\u200b", "\u200d\ufeff", "\u2028", "\u3164", "\u2800", "\u00ad"])(
    "%j",
    (text) => {
      expect(title(text)).toBe("must not be empty");
      expect(description(text)).toBeNull();
    },
  );

  test("and what shows something is not", () => {
    for (const text of [" a", ".", "0", "\u0301", "👍"]) expect(title(text)).toBeNull();
  });
});

describe("text that would break a line, a page or a log is rejected", () => {
  test.each(["a\u0000", "\u0001a", "a\u001fb", "a\u007fb", "a\u0085b", "a\u009bb", "a\rb", "a\u000bb", "a\u001b[0m"])(
    "control character in %j",
    (text) => {
      expect(title(text)).toBe("holds a control character");
      expect(explainText({ minLength: 0, maxLength: 50, multiline: true }, text)).toBe("holds a control character");
    },
  );

  test.each(["a\nb", "a\r\nb", "a\tb", "\n"])("line breaks and tabs are allowed in descriptions only: %j", (text) => {
    expect(title(text)).toBe("holds a control character");
    expect(description(text)).toBeNull();
  });

  test.each(["\ud800", "a\udc00", "\udc00\ud800", "\ud83d \ude00"])("half a character in %j", (text) => {
    expect(title(text)).toBe("holds half a character (a lone surrogate)");
  });

  test("characters that reorder their neighbours, and only those", () => {
    for (let code = 0x2000; code <= 0x206f; code++) {
      const reorders = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
      const found = title(`a${String.fromCodePoint(code)}b`);
      expect(found).toBe(reorders ? "holds a character that reorders text (U+202A–202E, U+2066–2069)" : null);
    }
  });

  test("a value that is not text", () => {
    for (const value of [1, null, undefined, true, {}, ["a"]]) expect(title(value)).toBe("must be text");
  });
});

test("right-to-left names and joined emoji are ordinary text", () => {
  for (const text of ["שלום", "مرحبا", "👩‍👧", "🇩🇪"]) expect(title(text)).toBeNull();
});
