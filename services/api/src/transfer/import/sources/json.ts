import { maxImportTasks } from "@carillon/contracts/http/transfer";
import { invalid } from "@carillon/kit/service";
import type { ImportFile, Reader } from "../item.ts";
import { readCarillon } from "./carillon-json.ts";
import { isFields } from "./foreign.ts";
import { microsoftTasks, readMicrosoft } from "./microsoft-json.ts";
import { readSuperProductivity, superProductivityData } from "./super-productivity-json.ts";
import { readVikunja, vikunjaTasks } from "./vikunja-json.ts";

/** The tasks of a JSON file, recognised by its shape. @throws Problem 422. */
export function readJson(file: unknown, reader: Reader): ImportFile {
  if (isFields(file) && file.format === "carillon") return readCarillon(file);
  const read = readForeign(file, reader);
  if (read === null) throw unknownFile();
  if (read.items.length > maxImportTasks)
    throw invalid({ pointer: "", detail: `The file holds more than ${maxImportTasks} tasks; split it.` });
  return read;
}

function readForeign(file: unknown, reader: Reader): ImportFile | null {
  const data = superProductivityData(file);
  if (data) return readSuperProductivity(data, reader);
  const microsoft = microsoftTasks(file);
  if (microsoft) return readMicrosoft(microsoft, reader);
  const vikunja = vikunjaTasks(file);
  return vikunja ? readVikunja(vikunja, reader) : null;
}

const unknownFile = () =>
  invalid({
    pointer: "",
    detail: "This is no file that Carillon can read: its own export, or one of the programs that its documents list.",
  });
