import type { Occurrence } from "@carillon/contracts/http/recurrence";
import type { Visit } from "../door/visit.ts";
import { dayOf } from "../time.ts";

/** Days ahead in which the dates of repeating tasks are shown where nothing else sets an end. */
const maxDaysAhead = 14;

const maxDatesShown = 200;

/** Dates that repeating tasks lead to from tomorrow on, soonest first; `until`: the last task's date on a page that has more behind it. */
export async function loadOccurrences(visit: Visit, { until }: { until: string | null }): Promise<Occurrence[]> {
  const zone = visit.user.time_zone;
  const from = dayOf(visit.now, zone).end;
  const end = dayOf(visit.now, zone, maxDaysAhead).end;
  const to = until !== null && Date.parse(until) < Date.parse(end) ? until : end;
  if (Date.parse(to) <= Date.parse(from)) return [];
  const { data } = await visit.api.listOccurrences({ from, to, limit: maxDatesShown });
  return data;
}
