import { dayFromText, isTimeZone, startOfDay } from "@carillon/calendar/zone";
import { csvColumns } from "@carillon/contracts/http/transfer";
import { readCsv, unsafe } from "../../formats/read-csv.ts";
import { type ImportFile, type ImportItem, Losses, type Reader } from "../item.ts";
import { type CellOf, hasAll, type Table, withColumns } from "./columns.ts";

/** A table of our own export, or one with some of its columns. */
export const carillonTable = {
  fits: (header: readonly string[]): boolean =>
    hasAll(header, ["title"]) && header.every((name) => csvColumns.some((column) => column === name.toLowerCase())),
  read(table: Table, reader: Reader): ImportFile {
    const losses = new Losses();
    const items = withColumns(table, { known: new Set(csvColumns), losses }, (cell, row) => [
      itemOf(cell, row, reader, losses),
    ]);
    return { source: "carillon_csv", items, tags: [], lost: losses.list(), errors: [] };
  },
};

function itemOf(raw: CellOf, row: number, { timeZone, now }: Reader, losses: Losses): ImportItem {
  const cell: CellOf = (column) => unsafe(raw(column));
  const zone = cell("time_zone") || timeZone;
  const repeats = cell("recurring_pattern") !== "";
  if (cell("parent_task_id") !== "")
    losses.note("parent_task_id", row, "only the JSON file holds series; here each task stands alone");
  if (repeats && cell("series_id") !== cell("id"))
    losses.note("series_id", row, "the series begins again with this task");
  const list = (column: string): string[] => {
    const [first] = readCsv(cell(column).replaceAll(/[\r\n]/g, " "), ",", 1).rows;
    return (first?.cells ?? []).map((name) => name.trim()).filter((name) => name !== "");
  };
  const due = cell("due_date");
  const isDay = dayFromText(due) !== null && isTimeZone(zone);
  const body = {
    title: cell("title"),
    description: cell("description"),
    ...given("priority", cell("priority").toLowerCase()),
    ...given("due_date", isDay ? startOfDay(dayFromText(due) ?? 0, zone).toISOString() : due),
    time_zone: zone,
    all_day: isDay || cell("all_day").toLowerCase() === "true",
    tags: list("tags"),
    ...given("recurring_pattern", cell("recurring_pattern")),
    ...(repeats ? given("recurrence_anchor", cell("recurrence_anchor")) : {}),
    ...(repeats ? given("recurrence_ends_at", cell("recurrence_ends_at")) : {}),
    reminders: list("reminders").map((text) => (/^\d+[mhdw]$/.test(text) ? { before: text } : { at: text })),
  };
  const isDone = cell("status").toLowerCase() === "completed" || cell("completed_at") !== "";
  return {
    row,
    sourceId: cell("id") || null,
    body,
    completedAt: isDone ? cell("completed_at") || cell("updated_at") || now.toISOString() : null,
    createdAt: cell("created_at") || null,
    own: {
      userId: null,
      updatedAt: cell("updated_at") || null,
      deletedAt: cell("deleted_at") || null,
      parentId: null,
      seriesId: null,
      series: null,
      reminders: null,
    },
  };
}

const given = (name: string, value: string) => (value === "" ? {} : { [name]: value });
