import { parseInstant } from "@carillon/calendar/zone";
import { type AuditComparison, InternalCompareAudit } from "@carillon/contracts/http/audit";
import type { Sql } from "@carillon/kit/database";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { Static } from "@sinclair/typebox";

/** `POST /internal/compare`: called by api, which knows the events. */
export const compareHistoryRoute = ({ sql }: { sql: Sql }): InternalRoute => ({
  method: "POST",
  path: "/internal/compare",
  callers: ["api"],
  async handle({ request }) {
    requireNoQuery(request);
    return toResponse(answer(200, await compareHistory(sql, await readBody(request, InternalCompareAudit))));
  },
});

/** Maximum ids named of each kind: one shows that something is wrong, a hundred show what. */
const maxNamed = 100;

type Row = { entries: number; missing: string[]; foreign: string[]; is_erased: boolean };

/** The comparison, as of one instant. */
export async function compareHistory(
  sql: Sql,
  { user_id, since, ids }: Static<typeof InternalCompareAudit>,
): Promise<AuditComparison> {
  const instant = since === null ? null : parseInstant(since);
  const [row] = await sql<Row[]>`
    with given as (select id, place from unnest(${ids}::uuid[]) with ordinality as given (id, place))
    select (select count(*)::int from audit.entries where user_id = ${user_id}) as entries,
      coalesce((select jsonb_agg(id order by place) from (
        select id, place from given
        where not exists (select from audit.entries e where e.user_id = ${user_id} and e.id = given.id)
        order by place limit ${maxNamed}
      ) missing), '[]') as missing,
      coalesce((select jsonb_agg(id order by seq) from (
        select id, seq from audit.entries
        where user_id = ${user_id} and at >= ${instant}::timestamptz and id not in (select id from given)
        order by seq limit ${maxNamed}
      ) foreign_to_api), '[]') as foreign,
      exists (select from audit.erased where user_digest = audit.user_digest(${user_id}::uuid)) as is_erased`;
  if (!row) throw new Error("one row was asked for and none came");
  return row;
}
