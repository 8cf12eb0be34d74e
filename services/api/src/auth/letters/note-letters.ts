import { LetterResults } from "@carillon/contracts/http/letters";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";

/** `POST /internal/letters/results`: what became of letters that were taken. Told again, it changes nothing. */
export const noteLettersRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/letters/results",
  callers: ["notification"],
  async handle({ request }) {
    requireNoQuery(request);
    const { results } = await readBody(request, LetterResults);
    await noteLetters(deps, results);
    return toResponse(answer(204));
  },
});

/** A letter without a next try has ended, sent or not; the link in it holds until it runs out. */
async function noteLetters({ sql, clock }: ApiDeps, results: LetterResults["results"]): Promise<void> {
  await sql`
    update api.letters l set
      ended_at = case when row.delay_ms is null then ${clock.now()}::timestamptz end,
      next_try_at = ${clock.now()}::timestamptz + coalesce(row.delay_ms, 0) * interval '1 millisecond'
    from json_to_recordset(${JSON.stringify(results)}::text::json) as row (user_id uuid, id uuid, delay_ms integer)
    where l.user_id = row.user_id and l.id = row.id and l.ended_at is null`;
}
