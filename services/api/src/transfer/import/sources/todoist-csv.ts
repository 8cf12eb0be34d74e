import { isTimeZone } from "@carillon/calendar/zone";
import { parse } from "@carillon/quick-add";
import { type ImportFile, type ImportItem, Losses, type Reader } from "../item.ts";
import { type CellOf, hasAll, type Table, withColumns } from "./columns.ts";
import { type Due, itemOf, type Rule, wholeDay } from "./foreign.ts";

const known = [
  "type",
  "content",
  "description",
  "priority",
  "date",
  "date_lang",
  "timezone",
  "indent",
  "is_collapsed",
  "responsible",
];
const priorities = { 1: "urgent", 2: "high", 3: "medium", 4: "low" } as const;

/** A project that Todoist exported as a template or a backup. */
export const todoistTable = {
  fits: (header: readonly string[]): boolean => hasAll(header, ["type", "content", "priority", "date"]),
  read(table: Table, reader: Reader): ImportFile {
    const losses = new Losses();
    let last: ImportItem | null = null;
    const items = withColumns(table, { known: new Set(known), losses }, (cell, row): ImportItem[] => {
      const type = cell("type").toLowerCase();
      if (type === "note" && last) addNote(last, cell("content"));
      else if (type === "section") losses.note("section", row, "sections are left out; their tasks are not");
      if (type !== "task") return [];
      last = taskOf(cell, row, reader, losses);
      return [last];
    });
    return { source: "todoist", items, tags: [], lost: losses.list(), errors: [] };
  },
};

function addNote(item: ImportItem, note: string): void {
  item.body.description = [item.body.description, note].filter((part) => part !== "").join("\n\n");
}

function taskOf(cell: CellOf, row: number, reader: Reader, losses: Losses): ImportItem {
  if (Number(cell("indent")) > 1) losses.note("INDENT", row, "there are no tasks within tasks; each stands for itself");
  if (cell("responsible") !== "") losses.note("RESPONSIBLE", row, "tasks have no other person here");
  const content = cell("content");
  const labels = [...content.matchAll(/(?:^|\s)@([^\s@]+)/g)].flatMap(([, label]) => label ?? []);
  const title = content.replaceAll(/(?:^|\s)@[^\s@]+/g, "").replace(/^\* /, "");
  const zone = isTimeZone(cell("timezone")) ? cell("timezone") : reader.timeZone;
  const { due, rule, left } = datesOf(cell("date"), { ...reader, timeZone: zone, german: cell("date_lang") === "de" });
  if (left !== "") losses.note("DATE", row, "was not understood; it is in the description");
  const priority = priorities[Number(cell("priority")) as keyof typeof priorities];
  return itemOf(
    {
      row,
      id: null,
      title: title.trim() === "" ? content : title,
      description: [cell("description"), left === "" ? "" : `Date in Todoist: ${left}`]
        .filter((part) => part !== "")
        .join("\n\n"),
      ...(priority ? { priority } : {}),
      due,
      rule,
      tags: labels,
    },
    reader,
    losses,
  );
}

type Dates = { due: Due | null; rule: Rule | null; left: string };

/** What the words of a date mean, by quick add's own grammar; `left`: the words, where some of them were not understood. */
function datesOf(words: string, { now, timeZone, german }: Reader & { german: boolean }): Dates {
  const text = words.trim();
  const nothing = { due: null, rule: null, left: text.slice(0, 500) };
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d.*)?$/.exec(text);
  if (iso && text.length === 10) return { due: wholeDay(text, timeZone), rule: null, left: "" };
  if (text === "" || text.length > 200) return nothing;
  const read = parse(`x ${text}`, { now, timeZone, language: german ? "de" : "en" });
  if (read.title !== "x" || (!read.due_date && !read.recurring_pattern)) return nothing;
  const due = read.due_date
    ? { at: read.due_date, allDay: read.all_day ?? false, zone: read.time_zone ?? timeZone }
    : null;
  const rule = read.recurring_pattern
    ? {
        pattern: read.recurring_pattern,
        anchor: read.recurrence_anchor ?? "due_date",
        endsAt: read.recurrence_ends_at ?? null,
        source: text,
      }
    : null;
  return { due, rule, left: "" };
}
