import type { Language } from "@carillon/contracts/http/quick-add";

/** What the deterministic path says, in the language it was spoken to in. */
export type Replies = {
  waitsForNothing: string;
  unchanged: string;
  refused: (places: string) => string;
  gone: string;
  nothingToUndo: string;
  asBefore: string;
  remindOfWhich: string;
  none: {
    overdue: string;
    week: string;
    completed: string;
    trash: string;
    open: string;
    tags: string;
    reminders: string;
  };
  heading: { overdue: string; week: string; completed: string; trash: string; open: string; reminders: string };
  insights: (counts: { done: number; open: number; overdue: number; streak: number }) => string;
  notPlanned: string;
  dueOn: (day: string) => string;
  nothingOn: (day: string) => string;
  found: (words: string) => string;
  foundNothing: (words: string) => string;
  noNumber: (place: number) => string;
  whichTasks: string;
  whichTask: string;
  whichOne: string;
  sayNumber: string;
  noTask: (kind: "open" | "completed" | "deleted" | "any", words: string) => string;
  thenDates: (dates: string) => string;
  reminder: (when: string) => string;
  shallI: string;
  today: (day: string, zone: string) => string;
  /** Between dates that may have commas of their own. */
  betweenDates: string;
  noDate: string;
  overdue: string;
  repeats: (rule: string) => string;
  priority: { high: string; urgent: string };
  more: (count: number) => string;
  help: string;
};

const english: Replies = {
  waitsForNothing: "There is nothing that waits for a yes.",
  unchanged: "Fine, nothing was changed.",
  refused: (places) => `That does not work: ${places}.`,
  gone: "It is not there.",
  nothingToUndo: "There is nothing here to take back.",
  asBefore: "It is as it was already.",
  remindOfWhich: "Remind you of which task? Say its name.",
  none: {
    overdue: "Nothing is overdue.",
    week: "Nothing is due in the next seven days.",
    completed: "Nothing is completed yet.",
    trash: "The trash is empty.",
    open: "Nothing is to do.",
    tags: "There are no tags.",
    reminders: "No reminder is planned.",
  },
  heading: {
    overdue: "Overdue.",
    week: "The next seven days.",
    completed: "Completed, the latest first.",
    trash: "In the trash.",
    open: "Still to do.",
    reminders: "Planned",
  },
  insights: ({ done, open, overdue, streak }) =>
    `${done} completed in the last 30 days, ${open} open, ${overdue} overdue, a streak of ${streak} days.`,
  notPlanned: "not planned",
  dueOn: (day) => `Due on ${day}.`,
  nothingOn: (day) => `Nothing is due on ${day}.`,
  found: (words) => `Found for “${words}”.`,
  foundNothing: (words) => `I find nothing for “${words}”.`,
  noNumber: (place) => `There is no number ${place} in the last list.`,
  whichTasks: "Which tasks? Say what to list first.",
  whichTask: "Which task? Say its name.",
  whichOne: "Which one? Say its number or its name.",
  sayNumber: "Which one? Say its number.",
  noTask: (kind, words) => `I find no ${kind === "any" ? "" : `${kind} `}task with “${words}”.`,
  thenDates: (dates) => `Then ${dates}.`,
  reminder: (when) => `Reminder ${when}.`,
  shallI: "Shall I? Say yes within five minutes.",
  today: (day, zone) => `Today is ${day}; times are ${zone}.`,
  betweenDates: "; ",
  noDate: "no date",
  overdue: "overdue",
  repeats: (rule) => `repeats ${rule}`,
  priority: { high: "high", urgent: "urgent" },
  more: (count) => `… and ${count > 0 ? `${count} ` : ""}more`,
  help: [
    "I can keep your tasks. Say for example:",
    "· Create a daily task: Team standup at 9 AM",
    "· Remind me to submit report by Friday 5 PM, remind me 1 day before",
    "· What is overdue? · What is due tomorrow? · Find dentist",
    "· Complete the report · Move it to Monday · Snooze it for 15 minutes",
    "· Delete buy milk (I ask first)",
  ].join("\n"),
};

const kinds = { open: "offene ", completed: "erledigte ", deleted: "gelöschte ", any: "" };

const german: Replies = {
  waitsForNothing: "Es wartet nichts auf ein Ja.",
  unchanged: "Gut, es wurde nichts geändert.",
  refused: (places) => `Das geht nicht: ${places}.`,
  gone: "Das gibt es nicht mehr.",
  nothingToUndo: "Hier gibt es nichts zurückzunehmen.",
  asBefore: "Es ist schon so, wie es war.",
  remindOfWhich: "An welche Aufgabe? Bitte den Namen nennen.",
  none: {
    overdue: "Nichts ist überfällig.",
    week: "In den nächsten sieben Tagen ist nichts fällig.",
    completed: "Noch ist nichts erledigt.",
    trash: "Der Papierkorb ist leer.",
    open: "Es ist nichts zu tun.",
    tags: "Es gibt keine Schlagwörter.",
    reminders: "Es ist keine Erinnerung geplant.",
  },
  heading: {
    overdue: "Überfällig.",
    week: "Die nächsten sieben Tage.",
    completed: "Erledigt, das Neueste zuerst.",
    trash: "Im Papierkorb.",
    open: "Noch zu tun.",
    reminders: "Geplant",
  },
  insights: ({ done, open, overdue, streak }) =>
    `${done} erledigt in den letzten 30 Tagen, ${open} offen, ${overdue} überfällig, eine Serie von ${streak} Tagen.`,
  notPlanned: "nicht geplant",
  dueOn: (day) => `Fällig am ${day}.`,
  nothingOn: (day) => `Am ${day} ist nichts fällig.`,
  found: (words) => `Gefunden zu „${words}“.`,
  foundNothing: (words) => `Zu „${words}“ finde ich nichts.`,
  noNumber: (place) => `In der letzten Liste gibt es keine Nummer ${place}.`,
  whichTasks: "Welche Aufgaben? Bitte zuerst sagen, was aufgelistet werden soll.",
  whichTask: "Welche Aufgabe? Bitte den Namen nennen.",
  whichOne: "Welche davon? Bitte die Nummer oder den Namen nennen.",
  sayNumber: "Welche davon? Bitte die Nummer nennen.",
  noTask: (kind, words) => `Ich finde keine ${kinds[kind]}Aufgabe mit „${words}“.`,
  thenDates: (dates) => `Danach ${dates}.`,
  reminder: (when) => `Erinnerung ${when}.`,
  shallI: "Soll ich? Bitte innerhalb von fünf Minuten Ja sagen.",
  today: (day, zone) => `Heute ist ${day}; Zeiten in ${zone}.`,
  betweenDates: "; ",
  noDate: "ohne Datum",
  overdue: "überfällig",
  repeats: () => "wiederholt sich",
  priority: { high: "hoch", urgent: "dringend" },
  more: (count) => `… und ${count > 0 ? `${count} ` : ""}weitere`,
  help: [
    "Ich verwalte Ihre Aufgaben. Zum Beispiel:",
    "· Erstelle eine tägliche Aufgabe: Team-Standup um 9 Uhr",
    "· Erinnere mich an den Bericht am Freitag um 17 Uhr, 1 Tag vorher erinnern",
    "· Was ist überfällig? · Was ist morgen fällig? · Suche Zahnarzt",
    "· Erledige den Bericht · Verschiebe es auf Montag · Rückgängig",
    "· Lösche Milch kaufen (ich frage vorher)",
  ].join("\n"),
};

const replies: Record<Language, Replies> = { en: english, de: german };

export const repliesIn = (language: Language): Replies => replies[language];
