import {
  compareReleases,
  currentZones,
  readZoneTable,
  useZones,
  type ZoneTable,
  zoneRelease,
} from "@carillon/calendar/zone";
import type { Db } from "@carillon/kit/database";
import type { ApiDeps } from "../deps.ts";

type Deps = Pick<ApiDeps, "sql" | "log">;

/**
 * Keeps the rules of this process in the database, for whoever has to read instants found by them, and puts newer ones in force that
 * somebody (an operator, a replica of a newer image) has put there. Safe to run anywhere, any time.
 */
export async function shareZones({ sql, log }: Deps): Promise<void> {
  const { release, text } = currentZones();
  await sql`insert into api.zone_releases (release, data) values (${release}, ${text}) on conflict do nothing`;
  const newest = (await sql<{ release: string }[]>`select release from api.zone_releases`)
    .map((row) => row.release)
    .sort(compareReleases)
    .at(-1);
  if (newest === undefined || compareReleases(newest, release) <= 0) return;
  if (useZones(await zonesOf(sql, newest)))
    log.info("zone rules brought up to date", { from: release, to: zoneRelease() });
}

/** What has been read of other releases than the one in force; there are a few in the life of a process. */
const read = new Map<string, ZoneTable>();

/** The rules of a release that instants in the database were found by. */
export async function zonesOf(sql: Db, release: string): Promise<ZoneTable> {
  const current = currentZones();
  const known = release === current.release ? current : read.get(release);
  if (known) return known;
  const [row] = await sql<{ data: string }[]>`select data from api.zone_releases where release = ${release}`;
  if (!row) throw new Error(`The zone rules ${release} are not in api.zone_releases.`);
  const table = readZoneTable(row.data);
  read.set(release, table);
  return table;
}
