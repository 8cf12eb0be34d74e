import type { Language } from "@carillon/contracts/http/quick-add";
import type { Command, Rule } from "./command.ts";
import { englishRules } from "./english.ts";
import { germanRules } from "./german.ts";

const rulesOf: Record<Language, readonly Rule[]> = { en: englishRules, de: germanRules };

/** A command, and the language it was said in: dates in it are read in that one. */
export type Said = { command: Command; language: Language };

/** What the message asks for in the words of the grammar, its own language first; null where it says nothing of the kind. */
export function readCommand(message: string, language: Language): Said | null {
  const text = message
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.!?\s]+$/u, "");
  const others: Language = language === "en" ? "de" : "en";
  for (const spoken of [language, others]) {
    for (const { words, means } of rulesOf[spoken]) {
      const found = words.exec(text);
      const command = found && means({ 0: found[0], ...found.groups } as Record<string, string>);
      if (!command) continue;
      return { command: command.do === "create" ? { ...command, text: message.trim() } : command, language: spoken };
    }
  }
  return null;
}
