import type { Tx } from "@carillon/kit/database";
import type { ApiDeps } from "../deps.ts";

/** A plan that was claimed and rings now. */
export type Ringing = { id: string; generation: number; userId: string; taskId: string };

/** Reminders that one address gets within an hour and a day, from whomever. */
export const maxRings = { hour: 60, day: 400 };
const hourMs = 3_600_000;

type Target = { user_id: string; id: string; kind: string; recipient: Uint8Array; hour: number; day: number };

/**
 * Has reminders ring in the other channels of their users, each once per channel and plan: the rows commit with the claim, and a
 * claim that is repeated finds them.
 */
export async function spreadReminders(deps: ApiDeps, tx: Tx, ringing: readonly Ringing[], now: Date): Promise<void> {
  const users = [...new Set(ringing.map(({ userId }) => userId))];
  const targets = users.length === 0 ? [] : await targetsOf(tx, users, now);
  if (targets.length === 0) return;
  const isLimited = deps.settings.ratePerMinute > 0;
  const rows = ringing.flatMap((plan) => {
    const own = targets.filter(({ user_id }) => user_id === plan.userId);
    if (own.length === 0) return [];
    const row = { user_id: plan.userId, task_id: plan.taskId, reminder_id: plan.id, generation: plan.generation };
    const mail = { ...row, id: deps.newId(), channel_id: plan.userId, kind: "email", recipient: null, reason: null };
    return [
      mail,
      ...own.map((target) => {
        const isFull = isLimited && (target.hour >= maxRings.hour || target.day >= maxRings.day);
        target.hour += 1;
        target.day += 1;
        const recipient = Buffer.from(target.recipient).toString("hex");
        const reason = isFull ? "channel_limit" : null;
        return { ...row, id: deps.newId(), channel_id: target.id, kind: target.kind, recipient, reason };
      }),
    ];
  });
  await tx`
    insert into api.channel_sends (user_id, id, channel_id, kind, about, task_id, reminder_id, generation, recipient, state, reason,
      next_try_at, created_at, ended_at)
    select user_id, id, channel_id, kind, 'reminder', task_id, reminder_id, generation, decode(recipient, 'hex'),
      case when reason is null then 'pending' else 'cancelled' end, reason, ${now}, ${now}, case when reason is not null then ${now}::timestamptz end
    from jsonb_to_recordset(${tx.json(rows)}) as row (user_id uuid, id uuid, channel_id uuid, kind text, task_id uuid,
      reminder_id uuid, generation integer, recipient text, reason text)
    on conflict do nothing`;
  await tx`
    with mine as (
      select user_id, id from api.channels where rings and user_id = any(${users}::uuid[]) order by user_id, id for update
    )
    update api.channels c set next_at = least(c.next_at, ${now}::timestamptz) from mine
    where c.user_id = mine.user_id and c.id = mine.id`;
}

/** The users' channels that ring for reminders, and what each address got lately. */
const targetsOf = async (tx: Tx, users: string[], now: Date): Promise<Target[]> => tx<Target[]>`
  select c.user_id, c.id, c.kind, c.recipient,
    coalesce(used.hour, 0) as hour, coalesce(used.day, 0) as day
  from api.channels c
  left join lateral (
    select count(*) filter (where s.created_at > ${new Date(now.getTime() - hourMs)})::int4 as hour, count(*)::int4 as day
    from api.channel_sends s where s.recipient = c.recipient and s.about = 'reminder'
      and s.created_at > ${new Date(now.getTime() - 24 * hourMs)}
  ) used on true
  where c.rings and c.user_id = any(${users}::uuid[])`;
