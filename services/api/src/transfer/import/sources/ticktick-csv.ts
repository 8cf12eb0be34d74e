import { dayIn, dayText, isTimeZone } from "@carillon/calendar/zone";
import { type ImportFile, type ImportItem, Losses, type Reader } from "../item.ts";
import { type CellOf, hasAll, type Table, withColumns } from "./columns.ts";
import { durationMinutes, instantText, itemOf, type Rule, reminderOf, wholeDay } from "./foreign.ts";

const known = [
  "list name",
  "title",
  "tags",
  "content",
  "start date",
  "due date",
  "reminder",
  "repeat",
  "priority",
  "status",
  "created time",
];
/** What a row always has, and says nothing of the task. */
const idle = [
  "completed time",
  "order",
  "timezone",
  "is all day",
  "is floating",
  "column order",
  "view mode",
  "taskid",
  "kind",
  "is check list",
];

const priorities = { 1: "low", 3: "medium", 5: "high" } as const;

/** A backup of TickTick. */
export const tickTickTable = {
  fits: (header: readonly string[]): boolean => hasAll(header, ["list name", "title", "content", "due date", "repeat"]),
  read(table: Table, reader: Reader): ImportFile {
    const losses = new Losses();
    const items = withColumns(table, { known: new Set([...known, ...idle]), losses }, (cell, row) => [
      taskOf(cell, row, reader, losses),
    ]);
    return { source: "ticktick", items, tags: [], lost: losses.list(), errors: [] };
  },
};

function taskOf(cell: CellOf, row: number, reader: Reader, losses: Losses): ImportItem {
  const zone = isTimeZone(cell("timezone")) ? cell("timezone") : reader.timeZone;
  const allDay = cell("is all day").toLowerCase() === "true";
  const at = instantText(cell("due date")) ?? instantText(cell("start date"));
  const start = instantText(cell("start date"));
  if (start && at && start !== at) losses.note("Start Date", row, "a task has one date here: the one it is due");
  const day = at ? dayText(dayIn(new Date(at), zone)) : "";
  const due = at === null ? null : allDay ? wholeDay(day, zone) : { at, allDay: false, zone };
  const status = cell("status").trim();
  const priority = priorities[Number(cell("priority")) as keyof typeof priorities];
  return itemOf(
    {
      row,
      id: cell("taskid") || null,
      title: cell("title"),
      description: cell("content"),
      ...(priority ? { priority } : {}),
      due,
      tags: [cell("list name"), ...cell("tags").split(",")],
      rule: due === null ? null : ruleOf(cell("repeat"), row, losses),
      reminders: due === null ? [] : remindersOf(cell("reminder"), { row, allDay, losses }),
      completed: status === "1" || status === "2" ? (instantText(cell("completed time")) ?? true) : null,
      created: instantText(cell("created time")),
    },
    reader,
    losses,
  );
}

function ruleOf(text: string, row: number, losses: Losses): Rule | null {
  const source = text.trim();
  if (source === "") return null;
  const parts = source.replace(/^RRULE:/i, "").split(";");
  if (!/^FREQ=/i.test(parts[0] ?? "")) {
    losses.note("Repeat", row, "is a rule of TickTick's own; the task does not repeat here");
    return null;
  }
  // TT_SKIP and their like are not of RFC 5545.
  const plain = parts.filter((part) => !/^TT_|^X-/i.test(part));
  if (plain.length < parts.length) losses.note("Repeat", row, "skips holidays or weekends, which no rule here can");
  return { pattern: plain.join(";"), source };
}

function remindersOf(text: string, { row, allDay, losses }: { row: number; allDay: boolean; losses: Losses }) {
  return text.split(/[\n,]/).flatMap((trigger) => {
    if (trigger.trim() === "") return [];
    const minutes = durationMinutes(trigger.replace(/^\s*TRIGGER:/i, ""));
    const reminder = minutes === null ? null : reminderOf(minutes, allDay);
    if (reminder === null) losses.note("Reminder", row, "rings after the task is due, or is none that is known");
    return reminder ?? [];
  });
}
