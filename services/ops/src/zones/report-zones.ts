import { compareReleases } from "@carillon/calendar/zone";
import type { Sql } from "@carillon/kit/database";
import { type Report, report } from "../report.ts";

/** Which zone rules the product holds, and whether everything planned stands by the newest of them; exit 1 while something does not. */
export async function reportZones(api: Sql): Promise<Report> {
  const releases = await releasesOf(api);
  const newest = releases.at(-1) ?? null;
  const [row] = await api<{ unmoved: number }[]>`
    select count(*)::int as unmoved from api.users where zone_release is distinct from ${newest} or days_zone <> time_zone`;
  const unmoved = row?.unmoved ?? 0;
  const lines =
    newest === null
      ? ["No zone rules are noted yet; api notes those it holds as it starts."]
      : [
          `Zone rules: IANA ${newest}.`,
          unmoved === 0
            ? "Everything planned stands by them."
            : `The dates of ${unmoved} users have still to be moved; api does that by itself within minutes.`,
        ];
  return report(lines, { zones: newest, known: releases, users_to_move: unmoved }, unmoved === 0 ? 0 : 1);
}

/** The releases noted, the newest last. */
export async function releasesOf(api: Sql): Promise<string[]> {
  const rows = await api<{ release: string }[]>`select release from api.zone_releases`;
  return rows.map(({ release }) => release).sort(compareReleases);
}
