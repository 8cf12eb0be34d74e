import type { Language } from "@carillon/contracts/http/quick-add";
import type { TaskState } from "../../tasks/index.ts";
import { type Speaking, spokenText } from "./local-time.ts";

/** What a call did, or would do. */
export type Verb =
  | "create"
  | "change"
  | "move"
  | "complete"
  | "reopen"
  | "skip"
  | "snooze"
  | "delete"
  | "restore"
  | "rename"
  | "undo";

/** `did` of what is done, `would` of what is proposed; what follows names the tasks. */
type Words = {
  did: Record<Verb, string>;
  would: Record<Verb, string>;
  tasks: (count: number) => string;
  due: (when: string) => string;
  undated: string;
  repeats: (rule: string) => string;
  next: (title: string, when: string) => string;
  last: (title: string) => string;
  rings: (when: string) => string;
  oneDate: string;
  changes: string;
  nothing: string;
  more: (count: number) => string;
  tag: (name: string) => string;
};

const words: Record<Language, Words> = {
  en: {
    did: {
      create: "Created",
      change: "Changed",
      move: "Moved",
      complete: "Completed",
      reopen: "Reopened",
      skip: "Skipped",
      snooze: "Snoozed",
      delete: "Deleted",
      restore: "Restored",
      rename: "Renamed",
      undo: "Took back",
    },
    would: {
      create: "Create",
      change: "Change",
      move: "Move",
      complete: "Complete",
      reopen: "Reopen",
      skip: "Skip",
      snooze: "Snooze",
      delete: "Delete",
      restore: "Restore",
      rename: "Rename",
      undo: "Take back",
    },
    tasks: (count) => `${count} tasks`,
    due: (when) => `, due ${when}`,
    undated: ", without a date",
    repeats: (rule) => `, repeats ${rule}`,
    next: (title, when) => `The next “${title}” is ${when}.`,
    last: (title) => `“${title}” was the last of its series.`,
    rings: (when) => `, rings ${when}`,
    oneDate: "one date of ",
    changes: "changes of ",
    nothing: "nothing",
    more: (count) => `${count} more`,
    tag: (name) => `the tag #${name}`,
  },
  de: {
    did: {
      create: "Angelegt:",
      change: "Geändert:",
      move: "Verschoben:",
      complete: "Erledigt:",
      reopen: "Wieder offen:",
      skip: "Übersprungen:",
      snooze: "Erinnert später:",
      delete: "Gelöscht:",
      restore: "Wiederhergestellt:",
      rename: "Umbenannt:",
      undo: "Zurückgenommen:",
    },
    would: {
      create: "Anlegen:",
      change: "Ändern:",
      move: "Verschieben:",
      complete: "Erledigen:",
      reopen: "Wieder öffnen:",
      skip: "Überspringen:",
      snooze: "Später erinnern:",
      delete: "Löschen:",
      restore: "Wiederherstellen:",
      rename: "Umbenennen:",
      undo: "Zurücknehmen:",
    },
    tasks: (count) => `${count} Aufgaben`,
    due: (when) => `, fällig ${when}`,
    undated: ", ohne Datum",
    // A rule's words are English; the dates that follow say the same.
    repeats: () => ", wiederholt sich",
    next: (title, when) => `„${title}“ ist als Nächstes am ${when} fällig.`,
    last: (title) => `„${title}“ war die letzte dieser Serie.`,
    rings: (when) => `, klingelt ${when}`,
    oneDate: "ein Termin von ",
    changes: "Änderungen an ",
    nothing: "nichts",
    more: (count) => `${count} weiteren`,
    tag: (name) => `das Schlagwort #${name}`,
  },
};

export const wordsIn = (language: Language): Words => words[language];

/** A title as the language quotes it. */
export const quoted = (title: string, language: Language): string => (language === "de" ? `„${title}“` : `“${title}”`);

/** `“Report”`, or `4 tasks`. */
export const named = (states: readonly TaskState[], language: Language): string => {
  const [first] = states;
  return first && states.length === 1 ? quoted(first.row.title, language) : words[language].tasks(states.length);
};

/** `, due Friday 4 December 2026, 17:00 (Europe/Berlin)` for one task; its rule with it. */
export function dueWords(states: readonly TaskState[], reader: Speaking): string {
  const [state] = states;
  if (!state || states.length > 1) return "";
  const { row } = state;
  const { due, undated, repeats } = words[reader.language];
  if (row.due_at === null) return undated;
  const when = spokenText(row.due_at, { timeZone: row.time_zone, allDay: row.all_day }, reader);
  return `${due(`${when} (${row.time_zone})`)}${row.rrule === null ? "" : repeats(row.rrule_text ?? "")}`;
}
