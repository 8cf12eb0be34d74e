import { compareReleases, currentZones } from "@carillon/calendar/zone";
import { ZonesQuery } from "@carillon/contracts/http/zones";
import { readQuery } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";

/** For neighbours: the zone rules in force here, when they are newer than theirs. */
export const getZonesRoute = (): InternalRoute => ({
  method: "GET",
  path: "/internal/zones",
  callers: ["web", "notification", "recurring"],
  handle({ request }) {
    const { release, text } = currentZones();
    const isNewer = compareReleases(release, readQuery(request, ZonesQuery).newer_than) > 0;
    return isNewer
      ? new Response(text, { headers: { "content-type": "text/plain; charset=utf-8" } })
      : new Response(null, { status: 204 });
  },
});
