import { maxImportTasks } from "@carillon/contracts/http/transfer";
import { invalid } from "@carillon/kit/service";
import { readCsv } from "../../formats/read-csv.ts";
import type { ImportFile, Reader } from "../item.ts";
import { carillonTable } from "./carillon-csv.ts";
import type { Table } from "./columns.ts";
import { tickTickTable } from "./ticktick-csv.ts";
import { todoistTable } from "./todoist-csv.ts";

type TableSource = { fits: (header: readonly string[]) => boolean; read: (table: Table, reader: Reader) => ImportFile };

const sources: readonly TableSource[] = [carillonTable, todoistTable, tickTickTable];

const tooMany = { line: 0, detail: `holds more than ${maxImportTasks} tasks; split the file` };

/** Lines before the header: TickTick writes six. */
const maxPreface = 12;

/** The tasks of a table, recognised by its header. @throws Problem 422. */
export function readTable(text: string, reader: Reader): ImportFile {
  const separator = separatorOf(text);
  const { rows, fault: readFault } = readCsv(text, separator, maxImportTasks + maxPreface + 1);
  for (const [at, { cells }] of rows.slice(0, maxPreface).entries()) {
    const header = cells.map((cell) => cell.trim());
    const source = sources.find(({ fits }) => fits(header));
    if (!source) continue;
    const file = source.read({ header, rows: rows.slice(at + 1) }, reader);
    const fault = readFault ?? (file.items.length > maxImportTasks ? tooMany : null);
    const broken = fault ? [{ row: fault.line, pointer: "", detail: fault.detail }] : [];
    return { ...file, errors: [...broken, ...file.errors] };
  }
  throw invalid({
    pointer: "",
    detail: "The first line is no header that Carillon knows; its documents list the files it reads.",
  });
}

/** A comma, or what the spreadsheet of another country writes. */
function separatorOf(text: string): string {
  const line = text.slice(0, 2_000).split(/[\r\n]/, 1)[0] ?? "";
  const counted = [",", ";", "\t"].map((sign) => [sign, line.split(sign).length] as const);
  return counted.toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? ",";
}
