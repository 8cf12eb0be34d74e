import { ListNotifications, type Notification, NotificationPage } from "@carillon/contracts/http/reminders";
import { type Reminder, reminderStates } from "@carillon/contracts/http/tasks";
import { answer, describe, readQuery, toResponse } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";

export const listNotificationsRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/notifications",
    async ({ request }) =>
      toResponse(
        answer(200, await listNotifications(deps, callerOf(request).userId, readQuery(request, ListNotifications))),
      ),
    {
      parse: "none",
      detail: describe({
        summary: "Your reminders, the latest first: which rang, which did not, and why",
        tag: "Notifications",
        query: ListNotifications,
        answers: { 200: NotificationPage },
      }),
    },
  );

type Row = Omit<Notification, "remind_at" | "sent_at"> & {
  remind_at: Date | null;
  sent_at: Date | null;
  position_at: string;
};
type Position = { at: string; id: string };

/** One page of the user's reminders, each once, by the instant they ring at. Attempts are those of the present plan. */
export async function listNotifications(
  { sql, seals }: ApiDeps,
  userId: string,
  { state, limit = 50, cursor }: ListNotifications,
): Promise<NotificationPage> {
  const states = statesOf(state);
  const scope = `notifications ${userId} ${states.join()}`;
  const position = cursor === undefined ? null : seals.openCursor<Position>(scope, cursor);
  const at = sql`coalesce(r.remind_at, '-infinity'::timestamptz)`;
  const behind = position
    ? sql`and ${at} <= ${position.at}::text::timestamptz and (${at} < ${position.at}::text::timestamptz or r.id > ${position.id}::uuid)`
    : sql``;
  const rows = await sql<Row[]>`
    select r.id, r.task_id, t.title as task_title, r.before, r.remind_at, r.state, r.reason, r.sent_at,
      coalesce(a.attempts, 0) as attempts, coalesce(parts.channels, '[]') as channels, ${at}::text as position_at
    from api.reminders r
    join api.tasks t on t.user_id = r.user_id and t.id = r.task_id
    left join api.reminder_attempts a
      on a.user_id = r.user_id and a.task_id = r.task_id and a.id = r.id and a.generation = r.generation
    left join lateral (
      select jsonb_agg(jsonb_build_object('kind', s.kind, 'sent_at', s.sent_at,
        -- What waits for a reminder that is over never rings.
        'state', case when s.state = 'pending' and r.state = 'cancelled' then 'cancelled' else s.state end,
        'reason', case when s.state = 'pending' and r.state = 'cancelled' then r.reason else s.reason end,
        'attempts', case when s.kind = 'email' then coalesce(a.attempts, 0) else s.attempts end) order by s.id) as channels
      from api.channel_sends s where s.user_id = r.user_id and s.reminder_id = r.id and s.generation = r.generation
        and s.about = 'reminder'
    ) parts on true
    where r.user_id = ${userId} and r.state = any(${states}) ${behind}
    order by ${at} desc, r.id limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last ? seals.sealCursor(scope, { at: last.position_at, id: last.id }) : null;
  return { data: page.map(toNotification), next_cursor: next };
}

/** The states of a comma list, in their own order; all of them without one. @throws Problem 422 for an unknown word. */
function statesOf(list: string | undefined): Reminder["state"][] {
  if (list === undefined) return [...reminderStates];
  const words = list.split(",");
  if (!words.every((word) => reminderStates.some((state) => state === word)))
    throw invalid({ pointer: "state", detail: `must be a comma list of ${reminderStates.join(", ")}` });
  return reminderStates.filter((state) => words.includes(state));
}

const toNotification = ({ position_at: _, ...row }: Row): Notification => ({
  ...row,
  channels: row.channels.map((one) => ({
    ...one,
    sent_at: one.sent_at === null ? null : new Date(one.sent_at).toISOString(),
  })),
  remind_at: row.remind_at?.toISOString() ?? null,
  sent_at: row.sent_at?.toISOString() ?? null,
});
