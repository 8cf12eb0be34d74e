import { parseInstant } from "@carillon/calendar/zone";
import { type ReminderResult, ReportResults, type ResultsNoted } from "@carillon/contracts/http/reminders";
import { answer, readBody, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import { endingOf, endReminders } from "./end-reminders.ts";
import { planKey } from "./ending.ts";

/** For notification: the results of sends. */
export const reportResultsRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/reminders/results",
  callers: ["notification"],
  handle: async ({ request }) => {
    const { results } = await readBody(request, ReportResults);
    return toResponse(answer(200, await reportResults(deps, results)));
  },
});

/** The effect of each report. Reporting the same end twice, or of a reminder that is gone, is not an error. */
export async function reportResults(deps: ApiDeps, results: readonly ReminderResult[]): Promise<ResultsNoted> {
  const endings = results.flatMap((result) => endingOf(result, instantOf(result.at)) ?? []);
  const taken = await endReminders(deps, endings);
  const tried = await noteAttempts(deps, results);
  return {
    results: results.map(({ id, generation, outcome }) => ({
      id,
      generation,
      taken: (outcome === "tried" ? tried.get(id.toLowerCase()) : taken.get(planKey({ id, generation }))) ?? "gone",
    })),
  };
}

/** Counts attempts beside the reminders they belong to; only of the present plan, and never backwards. */
async function noteAttempts(
  { sql }: ApiDeps,
  results: readonly ReminderResult[],
): Promise<Map<string, "noted" | "stale">> {
  const rows = results.map(({ id, generation, attempts }) => ({ id, generation, attempts }));
  const known = await sql<{ id: string; current: boolean }[]>`
    with report as (
      select distinct on (id) * from json_to_recordset(${JSON.stringify(rows)}::text::json)
        as row (id uuid, generation integer, attempts integer)
      order by id, generation desc, attempts desc
    ), mine as (
      select r.user_id, r.task_id, r.id, r.generation, report.attempts, r.generation = report.generation as current
      from report join api.reminders r on r.id = report.id
      order by r.user_id, r.task_id, r.id
    ), written as (
      insert into api.reminder_attempts as known (user_id, task_id, id, generation, attempts)
      select user_id, task_id, id, generation, attempts from mine where current
      on conflict (user_id, task_id, id) do update set generation = excluded.generation, attempts = excluded.attempts
      where (excluded.generation, excluded.attempts) > (known.generation, known.attempts)
    )
    select id, current from mine`;
  return new Map(known.map(({ id, current }) => [id, current ? "noted" : "stale"]));
}

/** The schema has already rejected anything that is not an instant. */
function instantOf(text: string): Date {
  const at = parseInstant(text);
  if (!at) throw new Error("An instant passed the schema and cannot be read.");
  return at;
}
