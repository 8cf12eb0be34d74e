import { compile } from "../compile.ts";
import { dayGroups } from "./days.ts";
import { phraseGroups, phrases } from "./phrases.ts";
import { ruleGroups } from "./rules.ts";
import { timeGroups } from "./times.ts";
import { words } from "./words.ts";

export const german = compile({
  words,
  groups: { ...dayGroups, ...timeGroups, ...ruleGroups, ...phraseGroups },
  phrases,
});
