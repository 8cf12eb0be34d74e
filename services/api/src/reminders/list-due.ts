import { parseInstant } from "@carillon/calendar/zone";
import { type DuePage, type DueReminder, ListDue } from "@carillon/contracts/http/reminders";
import { answer, readBody, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/** For notification: every reminder that is pending before an instant. */
export const listDueRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/reminders/due",
  callers: ["notification"],
  handle: async ({ request }) => toResponse(answer(200, await listDue(deps, await readBody(request, ListDue)))),
});

type Row = Omit<DueReminder, "remind_at"> & { remind_at: Date };
type Position = { at: string; id: string };

const scope = "due reminders";

/**
 * One page of the pending reminders before an instant, of all users, the earliest first:
 * notification's sweep compares its own with them.
 */
export async function listDue({ sql, seals }: ApiDeps, { before, limit = 500, cursor }: ListDue): Promise<DuePage> {
  const position = cursor === undefined ? null : seals.openCursor<Position>(scope, cursor);
  const rows = await sql<Row[]>`
    select id, generation, user_id, task_id, remind_at from api.reminders r
    where state = 'pending' and remind_at < ${parseInstant(before)}
      -- Only other channels are left to ring: notification has nothing to mail.
      and not exists (select from api.channel_sends s where s.user_id = r.user_id and s.reminder_id = r.id
        and s.generation = r.generation and s.about = 'reminder' and s.channel_id = r.user_id and s.state <> 'pending')
      ${position ? sql`and (remind_at, id) > (${position.at}::text::timestamptz, ${position.id}::uuid)` : sql``}
    order by remind_at, id limit ${limit + 1}`;
  const page = rows.slice(0, limit).map((row) => ({ ...row, remind_at: row.remind_at.toISOString() }));
  const last = page.at(-1);
  const more = rows.length > limit && last;
  return { reminders: page, next_cursor: more ? seals.sealCursor(scope, { at: last.remind_at, id: last.id }) : null };
}
