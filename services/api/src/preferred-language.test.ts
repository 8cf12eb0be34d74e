import { expect, test } from "bun:test";
import { preferredLanguage } from "./preferred-language.ts";

test.each([
  [null, "en"],
  ["", "en"],
  ["de", "de"],
  ["de-AT,de;q=0.9,en;q=0.8", "de"],
  ["en-US,en;q=0.9,de;q=0.8", "en"],
  ["fr-FR, de;q=0.3, en;q=0.2", "de"],
  ["de;q=0", "en"],
  ["DE", "de"],
  ["*", "en"],
  ["den, eng", "en"],
  ["de;q=high", "en"],
] as const)("Accept-Language %p asks for %s", (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});
