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
 * Stores the rules of this process in the database, for readers of instants computed by them, and
 * activates newer ones stored by an operator or by a replica of a newer image. Safe to run
 * anywhere, at any time.
 */
export async function shareZones({ sql, log }: Deps): Promise<void> {
  const { release, text } = currentZones();
  await sql`insert into api.zone_releases (release, data) values (${release}, ${text}) on conflict do nothing`;
  const newest = (await sql<{ release: string }[]>`select release from api.zone_releases`)
    .map((row) => row.release)
    .sort(compareReleases)
    .at(-1);
  if (newest === undefined || compareReleases(newest, release) <= 0) return;
  if (useZones(await zonesOf(sql, newest))) log.info("zone rules updated", { from: release, to: zoneRelease() });
}

/** Cached releases other than the one in force; a process sees only a few. */
const read = new Map<string, ZoneTable>();

/** The rules of a release that instants in the database were computed by. */
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
