import { compareReleases } from "@carillon/calendar/zone";
import type { Sql } from "@carillon/kit/database";
import { type Report, report } from "../report.ts";

/** The zone rules the product holds, and whether all planned dates follow the newest; exit 1 while some do not. */
export async function reportZones(api: Sql): Promise<Report> {
  const releases = await releasesOf(api);
  const newest = releases.at(-1) ?? null;
  const [row] = await api<{ unmoved: number }[]>`
    select count(*)::int as unmoved from api.users where zone_release is distinct from ${newest} or days_zone <> time_zone`;
  const unmoved = row?.unmoved ?? 0;
  const lines =
    newest === null
      ? ["No zone rules are recorded yet; api records its own at its start."]
      : [
          `Zone rules: IANA ${newest}.`,
          unmoved === 0
            ? "All planned dates follow them."
            : `The dates of ${unmoved} users have not been moved yet; api does that by itself within minutes.`,
        ];
  return report(lines, { zones: newest, known: releases, users_to_move: unmoved }, unmoved === 0 ? 0 : 1);
}

/** The recorded releases, the newest last. */
export async function releasesOf(api: Sql): Promise<string[]> {
  const rows = await api<{ release: string }[]>`select release from api.zone_releases`;
  return rows.map(({ release }) => release).sort(compareReleases);
}
