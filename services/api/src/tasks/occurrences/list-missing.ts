import { parseInstant } from "@carillon/calendar/zone";
import { type MissingPage, MissingQuery } from "@carillon/contracts/http/occurrences";
import { answer, isUuid, readQuery, toResponse } from "@carillon/kit/http";
import { type InternalRoute, invalid } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { selectTasks, stateOf, type TaskRow } from "../task-row.ts";
import { completionOf } from "./succession.ts";

/** The event of a younger completion is still on its way, so the sweep can ignore it. */
const graceMs = 5_000;

/** For recurring's sweep: the completions of all users without a successor. */
export const listMissingRoute = (deps: ApiDeps): InternalRoute => ({
  method: "GET",
  path: "/internal/occurrences/missing",
  callers: ["recurring"],
  handle: async ({ request }) => toResponse(answer(200, await listMissing(deps, readQuery(request, MissingQuery)))),
});

/** A page of them, oldest first. Every page is read from an index that holds only open completions. */
export async function listMissing({ sql, clock }: ApiDeps, { limit = 50, cursor }: MissingQuery): Promise<MissingPage> {
  const before = new Date(clock.now().getTime() - graceMs);
  const after = cursor === undefined ? null : read(cursor);
  const rows = await sql`
    ${selectTasks(sql)} from api.tasks t
    where t.succession = 'open' and t.completed_at is not null and t.rrule is not null and t.deleted_at is null
      and t.completed_at <= ${before}
      ${after ? sql`and (t.completed_at, t.user_id, t.id) > (${after.at}, ${after.userId}, ${after.id})` : sql``}
    order by t.completed_at, t.user_id, t.id limit ${limit}`;
  const states = rows.map(stateOf);
  const last = states.at(-1)?.row;
  return { data: states.map(completionOf), next_cursor: last && states.length === limit ? write(last) : null };
}

const write = ({ completed_at, user_id, id }: TaskRow): string => `${completed_at?.toISOString()}_${user_id}_${id}`;

/** @throws Problem 422 for anything but a cursor of ours. */
function read(cursor: string): { at: Date; userId: string; id: string } {
  const [instant = "", userId = "", id = "", ...rest] = cursor.split("_");
  const at = parseInstant(instant);
  if (!at || !isUuid(userId) || !isUuid(id) || rest.length > 0)
    throw invalid({ pointer: "cursor", detail: "is not a cursor of this list" });
  return { at, userId, id };
}
