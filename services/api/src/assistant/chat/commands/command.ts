/** Which tasks a command is about: those last spoken of, one of a list by its place (from 1), or those that words find. */
export type Target =
  | { kind: "it" }
  | { kind: "them" }
  | { kind: "place"; place: number }
  | { kind: "words"; words: string };

/** The lists that can be asked for. `day` is a stretch that words name. */
export type List = "overdue" | "open" | "week" | "completed" | "trash" | "tags" | "reminders" | "insights";

/** What a message asks for, in the words of the small grammar. */
export type Command =
  | { do: "list"; list: List }
  | { do: "day"; words: string }
  | { do: "find"; words: string }
  | { do: "complete" | "reopen" | "delete" | "restore" | "skip" | "show"; target: Target }
  | { do: "move"; target: Target; to: string }
  | { do: "snooze"; target: Target; minutes: number }
  | { do: "remind"; before: string }
  | { do: "priority"; target: Target; priority: "low" | "medium" | "high" | "urgent" }
  | { do: "rename"; target: Target; title: string }
  | { do: "create"; text: string }
  | { do: "yes" | "no" | "undo" | "help" }
  | { do: "choose"; place: number };

/** A rule of a language: the words, and what they ask for. Rules are tried in order; null lets the next one try. */
export type Rule = { words: RegExp; means: (groups: Record<string, string>) => Command | null };

/** `it`, a place or words; articles and the word "task" are no part of a title. */
export function targetOf(text: string, { it, them, article }: { it: RegExp; them: RegExp; article: RegExp }): Target {
  const words = text.trim().replace(/^["“„]|["”“]$/g, "");
  if (it.test(words)) return { kind: "it" };
  if (them.test(words)) return { kind: "them" };
  const place = /^#?(\d{1,2})[.)]?$/.exec(words)?.[1];
  if (place !== undefined) return { kind: "place", place: Number(place) };
  return { kind: "words", words: words.replace(article, "").trim() || words };
}

/** Minutes of `15 minutes`, `an hour`, `2 days`. */
export function minutesOf(amount: string, unit: string): number {
  const count = /^\d+$/.test(amount) ? Number(amount) : 1;
  const each = /^(m|min)/i.test(unit) ? 1 : /^(h|st)/i.test(unit) ? 60 : /^(d|t)/i.test(unit) ? 1_440 : 10_080;
  return count * each;
}

/** The same as a reminder's offset: `30m`, `1h`, `1d`, `2w`. */
export function beforeOf(amount: string, unit: string): string {
  const count = /^\d+$/.test(amount) ? Number(amount) : 1;
  return `${count}${/^m/i.test(unit) ? "m" : /^(h|st)/i.test(unit) ? "h" : /^(d|t)/i.test(unit) ? "d" : "w"}`;
}
