import { compile } from "../compile.ts";
import { dayGroups } from "./days.ts";
import { phrases } from "./phrases.ts";
import { reminderGroups } from "./reminders.ts";
import { ruleGroups } from "./rules.ts";
import { timeGroups } from "./times.ts";
import { words } from "./words.ts";

export const english = compile({
  words,
  groups: { ...dayGroups, ...timeGroups, ...ruleGroups, ...reminderGroups },
  phrases,
});
