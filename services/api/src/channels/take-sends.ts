import { isTooLate } from "@carillon/calendar/reminder";
import {
  maxChannelsAtOnce,
  maxSendsAtOnce,
  type Send,
  type TakenChannel,
  type TakenSends,
  TakeSends,
} from "@carillon/contracts/http/channels";
import type { DateOrder, HourCycle } from "@carillon/contracts/http/quick-add";
import { type Tx, transact } from "@carillon/kit/database";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import { change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { addressOf, type ChannelRow } from "./channel-row.ts";
import { nothingOfErased } from "./note-sends.ts";
import { freeQueues, type Queue, waiting } from "./queues.ts";
import { type SendEnd, settleSends } from "./settle-sends.ts";

/**
 * Another replica may have the channel after this time. A message starts within 5 s of its claim, and its receiver has 10 s.
 */
export const leaseMs = 20_000;

/** `POST /internal/channels/take`: messages that should go out now, of channels that no other sender has. */
export const takeSendsRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/channels/take",
  callers: ["notification"],
  async handle({ request }) {
    requireNoQuery(request);
    const { push_key } = await readBody(request, TakeSends);
    await notePushKey(deps, push_key);
    return toResponse(answer(200, { channels: await takeSends(deps) } satisfies TakenSends));
  },
});

async function notePushKey({ sql }: ApiDeps, key: string | null): Promise<void> {
  await sql`
    insert into api.push_key (one, public_key) values (true, ${key}) on conflict (one) do update set public_key = excluded.public_key
    where push_key.public_key is distinct from excluded.public_key`;
}

async function takeSends(deps: ApiDeps): Promise<TakenChannel[]> {
  const leased = await lease(deps);
  if (leased.length === 0) return [];
  const addresses = new Map(leased.map((row) => [keyOf(row.user_id, row.id), addressOf(deps, row, deps.clock.now())]));
  const judged = await transact(deps.sql, (tx) => claim(deps, tx, leased));
  const claimed = judged.map((one) =>
    one.send && !addresses.get(keyOf(one.user_id, one.channel_id)) ? unreadable(one, one.send) : one,
  );
  const ended = Map.groupBy(
    claimed.flatMap(({ user_id, end }) => (end ? [{ user_id, end }] : [])),
    ({ user_id }) => user_id,
  );
  for (const [userId, ends] of ended)
    await change(deps, { userId, actor: "notification" }, async (current) =>
      settleSends(
        current,
        ends.map(({ end }) => end),
      ),
    ).catch(nothingOfErased);
  const taken = leased.flatMap((row): TakenChannel[] => {
    const channel = addresses.get(keyOf(row.user_id, row.id));
    const sends = claimed.flatMap(({ user_id, channel_id, send }) =>
      send && user_id === row.user_id && channel_id === row.id ? [send] : [],
    );
    return channel && sends.length > 0 ? [{ channel, sends }] : [];
  });
  const busy = new Set(taken.map(({ channel, sends }) => keyOf(sends[0]?.user_id ?? "", channel.id)));
  await freeQueues(
    deps,
    leased.filter(({ user_id, id }) => !busy.has(keyOf(user_id, id))),
  );
  return taken;
}

const keyOf = (userId: string, channelId: string): string => `${userId} ${channelId}`;

/** Its secrets were sealed under another `JWT_SECRET`. */
const unreadable = ({ user_id, channel_id }: Claimed, { id }: Send): Claimed => ({
  user_id,
  channel_id,
  end: { id, state: "failed", reason: "channel_gone", statusCode: null, detail: "add this channel again" },
});

/** In a transaction of its own: a transaction that waits for an owner's row must not hold a channel's. */
const lease = async ({ sql, databaseNow }: ApiDeps): Promise<ChannelRow[]> =>
  transact(sql, async (tx) => {
    const now = await databaseNow(tx);
    const until = new Date(now.getTime() + leaseMs);
    return tx<ChannelRow[]>`
      with due as (
        select user_id, id from api.channels where next_at <= ${now} and (leased_until is null or leased_until <= ${now})
        order by next_at limit ${maxChannelsAtOnce} for update skip locked
      )
      update api.channels c set leased_until = ${until}, next_at = ${until} from due
      where c.user_id = due.user_id and c.id = due.id
      returning c.user_id, c.id, c.kind, c.name, c.sealed, c.events, c.created_at`;
  });

type Picked = {
  user_id: string;
  id: string;
  channel_id: string;
  about: "reminder" | "event" | "test";
  attempts: number;
  created_at: Date;
  task_id: string | null;
  user_zone: string;
  hour_cycle: HourCycle;
  date_order: DateOrder;
  reminder_id: string | null;
  remind_at: Date | null;
  reminder_state: string | null;
  reminder_reason: string | null;
  is_current: boolean | null;
  title: string | null;
  due_at: Date | null;
  all_day: boolean | null;
  time_zone: string | null;
  completed_at: Date | null;
  deleted_at: Date | null;
  event: { type: string; time: string; data: unknown } | null;
};

type Claimed = { user_id: string; channel_id: string; send?: Send; end?: SendEnd };

/**
 * The next messages of each queue, decided while the owners' rows are locked: none starts after what cancels it. Of the events of
 * a task only the oldest goes, so that they keep their order through every retry.
 */
async function claim(deps: ApiDeps, tx: Tx, queues: readonly Queue[]): Promise<Claimed[]> {
  const owners = [...new Set(queues.map(({ user_id }) => user_id))];
  // Whose own change is under way is asked for again in a second: an import of one user holds up no other's bells.
  const locked = await tx<{ id: string }[]>`
    select id from api.users where id = any(${owners}::uuid[]) order by id for share skip locked`;
  const isFree = ({ user_id }: Queue): boolean => locked.some(({ id }) => id === user_id);
  const asked = queues.filter(isFree).map(({ user_id, id }) => ({ user_id, id }));
  const now = await deps.databaseNow(tx);
  const rows = await tx<Picked[]>`
    with queue as (
      select * from jsonb_to_recordset(${tx.json(asked)}) as row (user_id uuid, id uuid)
    ), picked as (
      select s.* from queue cross join lateral (
        select w.user_id, w.id from (${waiting(tx, tx`queue.user_id`, tx`queue.id`)}) w
        where w.next_try_at <= ${now} order by w.about = 'event', w.change_seq, w.id limit ${maxSendsAtOnce}
      ) s
    ), counted as (
      update api.channel_sends s set attempts = attempts + 1 from picked where s.user_id = picked.user_id and s.id = picked.id
      returning s.*
    )
    select s.user_id, s.id, s.channel_id, s.about, s.attempts, s.created_at, s.task_id, u.time_zone as user_zone, u.hour_cycle, u.date_order,
      r.id as reminder_id, r.remind_at, r.state as reminder_state, r.reason as reminder_reason, r.generation = s.generation as is_current,
      t.title, t.due_at, t.all_day, t.time_zone, t.completed_at, t.deleted_at, o.event
    from counted s
    join api.users u on u.id = s.user_id
    left join api.reminders r on s.about = 'reminder' and r.user_id = s.user_id and r.task_id = s.task_id and r.id = s.reminder_id
    left join api.tasks t on s.about = 'reminder' and t.user_id = s.user_id and t.id = s.task_id
    left join api.outbox o on s.about = 'event' and o.user_id = s.user_id and o.change_seq = s.change_seq
    order by s.about = 'event', s.change_seq, s.id`;
  return rows.map((row) => decideSend(row, now));
}

function decideSend(row: Picked, now: Date): Claimed {
  const { user_id, channel_id, id } = row;
  const end = (state: SendEnd["state"], reason: string): Claimed => ({
    user_id,
    channel_id,
    end: { id, state, reason, statusCode: null, detail: null },
  });
  const send = (content: Send["content"]): Claimed => ({
    user_id,
    channel_id,
    send: {
      user_id,
      id,
      attempts: row.attempts,
      created_at: row.created_at.toISOString(),
      task_id: row.task_id,
      content,
    },
  });
  if (row.about === "test") return send({ about: "test" });
  if (row.about === "event") {
    if (!row.event) return end("failed", "too_late");
    const { type, time, data } = row.event;
    return send({ about: "event", type, timestamp: time, data });
  }
  const { reminder_id, remind_at, title, time_zone, task_id } = row;
  if (!reminder_id || !task_id || title === null || time_zone === null) return end("cancelled", "deleted");
  if (!row.is_current || !remind_at || remind_at > now) return end("cancelled", "moved");
  if (row.deleted_at) return end("cancelled", "deleted");
  if (row.completed_at) return end("cancelled", "completed");
  if (row.reminder_state === "cancelled") return end("cancelled", row.reminder_reason ?? "moved");
  if (isTooLate(remind_at, now)) return end("missed", "too_late");
  const reminder = {
    reminder_id,
    remind_at: remind_at.toISOString(),
    task_id,
    title,
    due_date: row.due_at?.toISOString() ?? null,
    all_day: row.all_day ?? false,
    time_zone,
  };
  const { user_zone, hour_cycle, date_order } = row;
  return send({ about: "reminder", reminder, user_zone, hour_cycle, date_order });
}
