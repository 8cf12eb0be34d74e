import { beforeOf, type Command, minutesOf, type Rule, targetOf } from "./command.ts";

const german = {
  it: /^(es|das|dies(es|en|e)?|ihn|sie|den|die)$/i,
  them: /^alle( davon)?$/i,
  article: /^(den|die|das|meine?n?|eine?n?|der|dem)\s+(aufgabe\s+)?/i,
};
const target = (text = "") => targetOf(text, german);
const rule = (words: RegExp, means: Rule["means"]): Rule => ({ words, means });

const toTask = (verb: "complete" | "reopen" | "delete" | "restore" | "skip" | "show") => (g: Record<string, string>) =>
  ({ do: verb, target: target(g.what) }) as Command;

const ask = "(?:was|welche[rs]?|zeig(?:e)?|liste|gibt es|habe ich|wie viele)";
const amount = "(?<amount>\\d{1,3}|eine?n?r?)";
const unit = "(?<unit>m(?:in(?:uten?)?)?|h|stunden?|std|tage?n?|wochen?)";
const priorities: Record<string, "low" | "medium" | "high" | "urgent"> = {
  niedrig: "low",
  mittel: "medium",
  hoch: "high",
  dringend: "urgent",
};

/** The commands of German, the narrower before the wider. */
export const germanRules: readonly Rule[] = [
  rule(/^(ja|jep|ja bitte|ok|okay|mach das|bestätigen|los)$/i, () => ({ do: "yes" })),
  rule(/^(nein|nö|abbrechen|lass es|stopp?)$/i, () => ({ do: "no" })),
  rule(/^(rückgängig|mach (das|es|alles) rückgängig|nimm (das|es) zurück)$/i, () => ({ do: "undo" })),
  rule(/^(hilfe|hallo|was kannst du.*)$/i, () => ({ do: "help" })),
  rule(new RegExp(`^erinnere mich ${amount} ?${unit} (?:vorher|davor)$`, "i"), (g) => ({
    do: "remind",
    before: beforeOf(g.amount ?? "", g.unit ?? ""),
  })),
  rule(/^(erstelle?|neue aufgabe|lege? .+ an|erinnere?|notiere?|füge? )/i, () => ({ do: "create", text: "" })),
  rule(new RegExp(`^(?:${ask}\\b.*\\s)?(?:überfällig|verspätet)\\b.*$`, "i"), () => ({ do: "list", list: "overdue" })),
  rule(new RegExp(`^${ask}\\b.*\\b(erledigt|fertig)\\b.*$`, "i"), () => ({ do: "list", list: "completed" })),
  rule(/^(?:(?:zeig|was ist)\b.*\b)?(papierkorb|gelöscht)\b.*$/i, () => ({ do: "list", list: "trash" })),
  rule(new RegExp(`^${ask}\\b.*\\b(diese|kommende) woche\\b.*$`, "i"), () => ({ do: "list", list: "week" })),
  rule(/^(?:öffne) (?<what>.+?) wieder$/i, toTask("reopen")),
  rule(/^(?:bitte )?(?:erledige|hake) (?<what>.+?)(?: ab)?$/i, toTask("complete")),
  rule(/^(?<what>.+?) (?:ist|sind) (?:erledigt|fertig)$/i, toTask("complete")),
  rule(/^(?:bitte )?(?:lösche?|entferne?|wirf) (?<what>.+?)(?: weg)?$/i, toTask("delete")),
  rule(/^(?:stelle?) (?<what>.+?) wieder her$/i, toTask("restore")),
  rule(/^(?:überspringe?) (?<what>.+)$/i, toTask("skip")),
  rule(
    new RegExp(`^(?:schlummer[en]*|erinnere mich (?<what>an .+?) wieder) (?:in |für )?${amount} ?${unit}$`, "i"),
    (g) => ({
      do: "snooze",
      target: target((g.what ?? "es").replace(/^an /i, "")),
      minutes: minutesOf(g.amount ?? "", g.unit ?? ""),
    }),
  ),
  rule(/^setze? (?:die priorität von )?(?<what>.+?) auf (?<priority>niedrig|mittel|hoch|dringend)$/i, (g) => ({
    do: "priority",
    target: target(g.what),
    priority: priorities[(g.priority ?? "").toLowerCase()] ?? "medium",
  })),
  rule(/^(?:bitte )?(?:verschiebe?|verlege?|setze?) (?<what>.+?) auf (?<to>.+)$/i, (g) => ({
    do: "move",
    target: target(g.what),
    to: g.to ?? "",
  })),
  rule(/^(?:finde?|suche?)(?: nach)? (?<what>.+)$/i, (g) => ({ do: "find", words: g.what ?? "" })),
  rule(new RegExp(`^${ask}\\b(?<rest>.*)$`, "i"), (g) => {
    const words = (g.rest ?? "")
      .replace(
        /\b(mir|meine|alle|ist|sind|steht|stehen|ich|habe|es|an|noch|zu tun|aufgaben?|offen(?:en?)?|fällig)\b/gi,
        " ",
      )
      .replace(/\s+/g, " ")
      .trim();
    return words === "" ? { do: "list", list: "open" } : { do: "day", words };
  }),
  rule(/^(meine |alle )?(offenen )?(aufgaben|liste)$/i, () => ({ do: "list", list: "open" })),
  rule(/^(heute|morgen|übermorgen)$/i, (g) => ({ do: "day", words: g[0] ?? "" })),
];
