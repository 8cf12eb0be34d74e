import { compareReleases, currentZones, readZoneTable, type ZoneTable } from "@carillon/calendar/zone";
import type { Sql } from "@carillon/kit/database";
import { type Report, report } from "../report.ts";
import { releasesOf } from "./report-zones.ts";

export type Update = {
  api: Sql;
  /** A path, or `-` for standard input. */
  file: string;
  dryRun: boolean;
};

/**
 * Gives the product a newer `tzdata.zi`. api activates it within a minute, tells its neighbours, and
 * moves planned dates.
 * @throws Error when the file cannot be read, is not such data, or lacks a zone that users may have
 * chosen.
 */
export async function updateZones({ api, file, dryRun }: Update): Promise<Report> {
  const table = checked(await textOf(file));
  const newest = (await releasesOf(api)).at(-1) ?? currentZones().release;
  const data = { zones: table.release, before: newest, dry_run: dryRun };
  if (compareReleases(table.release, newest) <= 0)
    return report([`The product has IANA ${newest} already; ${file} is ${table.release}.`], { ...data, added: false });
  const added = dryRun || (await add(api, table));
  const line = dryRun
    ? `Would update the zone rules from IANA ${newest} to ${table.release}.`
    : `Zone rules updated from IANA ${newest} to ${table.release}; they are in force within a minute, without a restart.`;
  return report([line], { ...data, added });
}

async function add(api: Sql, { release, text }: ZoneTable): Promise<boolean> {
  const [row] = await api<{ added: boolean }[]>`select api.add_zones(${release}, ${text}) as added`;
  return row?.added ?? false;
}

async function textOf(file: string): Promise<string> {
  if (file === "-") return Bun.stdin.text();
  try {
    return await Bun.file(file).text();
  } catch (cause) {
    throw new Error(`${file} cannot be read.`, { cause });
  }
}

/** The table, with each zone compiled once, so that errors show here and not in a service. */
function checked(text: string): ZoneTable {
  const table = readTable(text);
  const missing = currentZones()
    .names()
    .find((name) => !table.has(name));
  if (missing !== undefined)
    throw new Error(`This data lacks ${missing}: build tzdata.zi with all names ("backward").`);
  for (const name of table.names()) table.offsetsOf(name);
  return table;
}

function readTable(text: string): ZoneTable {
  try {
    return readZoneTable(text);
  } catch (error) {
    throw new Error(
      `This is not a tzdata.zi of the IANA time zone database. ${error instanceof Error ? error.message : ""}`,
      {
        cause: error,
      },
    );
  }
}
