import { zoneRelease } from "@carillon/calendar/zone";
import { type EventType, isHistory } from "@carillon/contracts/catalog";
import type { Actor } from "@carillon/contracts/event";
import { slotOf } from "@carillon/events/publish";
import { type Tx, transact } from "@carillon/kit/database";
import { currentCause, currentTrace, inSpan, metrics, type SpanOptions, traceparentOf } from "@carillon/kit/observe";
import { Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import { eventOf, type Said } from "./event.ts";
import { type Queued, queueEvents } from "./queue-events.ts";

/** Maximum that a user may own; a change beyond is rejected, so that no list, export or page grows without limit. */
const most = { tasks: 100_000, tags: 1_000 };

/**
 * A writing transaction under way. It locks the user's row, so no other transaction writes this user's
 * data until it ends.
 */
export type Change = {
  tx: Tx;
  userId: string;
  now: Date;
  newId: () => string;
  /** Time zone of the user, for tasks without their own. */
  timeZone: string;
  /** Appends an event; returns the change number that the affected row must carry. */
  say(said: Said): number;
  /** Ids of the history's events said so far: each becomes an entry of the history under that id. */
  eventIds(): string[];
  /** A way back to what is said and counted so far, for when what follows is rolled back. */
  mark(): () => void;
  /** Notes how many live tasks or tags this change adds or takes away. */
  count(kind: "tasks" | "tags", difference: number): void;
};

/** What a writing transaction itself takes. */
type Writing = Pick<ApiDeps, "sql" | "clock" | "newId">;

/** Who changes something, and for an assistant on whose word: a conversation or an access token. */
export type Author = { userId: string; actor: Actor; via?: string };

/** What was said, under the id that its event will have. */
type Noted = Said & { eventId: string };

/**
 * Runs `work` in the one transaction in which this user's data may change: row, version and outbox row
 * commit together or not at all. The first statement locks the user's row; the change numbers it
 * hands out are therefore also the order of commit.
 */
export async function change<Result>(
  deps: ApiDeps,
  author: Author,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await changeAsSeated(deps, author, work, isSeated);
    } catch (error) {
      if (!(error instanceof Unseated) || tries === mostSeatings) throw error;
      while (!(await deps.seatSome(author.userId)));
    }
  }
}

/** Rules change a few times a year, a user's zone on a journey: not twice within one change. */
const mostSeatings = 3;

/**
 * The user's instants were computed by other zone rules, or for another zone, than hold now: they must
 * be moved first.
 */
class Unseated extends Error {}

const isSeated = ({ zone_release, days_zone, time_zone }: LockedUser): boolean =>
  zone_release === zoneRelease() && days_zone === time_zone;

/** As `change`, for moving a user's instants itself. */
export const changeUnseated = <Result>(
  deps: Writing,
  author: Author,
  work: (change: Change) => Promise<Result>,
): Promise<Result> => changeAsSeated(deps, author, work, () => true);

async function changeAsSeated<Result>(
  deps: Writing,
  author: Author,
  work: (change: Change) => Promise<Result>,
  admits: (user: LockedUser) => boolean,
): Promise<Result> {
  const said: Noted[] = [];
  const transaction = () =>
    transact(deps.sql, (tx) => {
      said.length = 0;
      return changeIn(deps, tx, author, { work, admits }, said);
    });
  const result = await inSpan(inDatabase, transaction);
  for (const { type } of said) {
    const operation = operations[type];
    if (operation) metrics.taskOperations.inc({ operation });
  }
  return result;
}

/** One span for all statements of a change. */
const inDatabase: SpanOptions = {
  name: "change",
  kind: "client",
  attributes: { "db.system.name": "postgresql", "db.namespace": "api", "db.operation.name": "transaction" },
};

/** The name of each change of a task in the operators' metric. */
const operations: Partial<Record<EventType, string>> = {
  "task.created": "create",
  "task.updated": "update",
  "task.completed": "complete",
  "task.reopened": "reopen",
  "task.deleted": "delete",
  "task.restored": "restore",
  "task.skipped": "skip",
  "task.purged": "purge",
};

async function changeIn<Result>(
  deps: Writing,
  tx: Tx,
  author: Author,
  { work, admits }: { work: (change: Change) => Promise<Result>; admits: (user: LockedUser) => boolean },
  said: Noted[],
): Promise<Result> {
  const user = await lockUser(tx, author.userId);
  if (!admits(user)) throw new Unseated();
  const counts = { tasks: 0, tags: 0 };
  const owned = { tasks: user.live_tasks, tags: user.tag_count };
  const now = deps.clock.now();
  const result = await work({
    tx,
    userId: author.userId,
    now,
    newId: deps.newId,
    timeZone: user.time_zone,
    say: (one) => user.change_seq + said.push({ ...one, eventId: deps.newId() }) - 1,
    eventIds: () => said.flatMap(({ type, eventId }) => (isHistory(type) ? eventId : [])),
    mark() {
      const [spoken, counted] = [said.length, { ...counts }];
      return () => {
        said.length = spoken;
        Object.assign(counts, counted);
      };
    },
    count(kind, difference) {
      counts[kind] += difference;
      if (difference > 0 && owned[kind] + counts[kind] > most[kind]) throw tooMany(kind, most[kind]);
    },
  });
  if (said.length > 0) await append(tx, author, user.change_seq, said, now);
  if (user.event_hooks > 0)
    await queueEvents(tx, { ...author, now, newId: deps.newId }, queuedOf(said, user.change_seq));
  // Most changes are one event of the history: that much was counted with the lock.
  const uncounted = said.filter(({ type }) => isHistory(type)).length - 1;
  if (said.length > 1 || uncounted !== 0 || counts.tasks !== 0 || counts.tags !== 0) {
    await tx`
      update api.users set change_seq = change_seq + ${Math.max(0, said.length - 1)}, history_events = history_events + ${uncounted},
        live_tasks = live_tasks + ${counts.tasks}, tag_count = tag_count + ${counts.tags}
      where id = ${author.userId}`;
  }
  return result;
}

const queuedOf = (said: readonly Noted[], first: number): Queued[] =>
  said.flatMap(({ type, taskId }, at) => (isHistory(type) ? [{ seq: first + at, type, taskId }] : []));

type LockedUser = {
  change_seq: number;
  event_hooks: number;
  live_tasks: number;
  tag_count: number;
  time_zone: string;
  zone_release: string;
  days_zone: string;
};

async function lockUser(tx: Tx, userId: string): Promise<LockedUser> {
  const [user] = await tx<LockedUser[]>`
    update api.users set change_seq = change_seq + 1, history_events = history_events + 1 where id = ${userId}
    returning change_seq::float8 as change_seq, live_tasks, tag_count, time_zone, zone_release, days_zone, event_hooks`;
  // Erased between the check of the credential and here.
  if (!user)
    throw new Problem("unauthenticated", "This account is gone.", { headers: { "www-authenticate": "Bearer" } });
  return user;
}

/** Maximum events in one statement: an import has tens of thousands, of a few kilobytes each. */
const eventsAtOnce = 500;

async function append(tx: Tx, author: Author, first: number, said: readonly Noted[], now: Date): Promise<void> {
  for (let at = 0; at < said.length; at += eventsAtOnce)
    await appendSome(tx, author, first + at, said.slice(at, at + eventsAtOnce), now);
}

async function appendSome(
  tx: Tx,
  { userId, actor, via }: Author,
  first: number,
  said: readonly Noted[],
  now: Date,
): Promise<void> {
  const trace = currentTrace();
  const traceparent = trace ? traceparentOf(trace) : undefined;
  const slot = slotOf(userId);
  const rows = said.map((one, index) => {
    const { eventId } = one;
    const cause = one.cause ?? currentCause();
    const event = eventOf(one, { eventId, userId, changeSeq: first + index, actor, via, now, traceparent, cause });
    return {
      change_seq: first + index,
      event_id: eventId,
      type: one.type,
      entity_id: one.entityId,
      task_id: one.taskId,
      batch_id: one.batchId ?? null,
      event,
    };
  });
  // One row at a time in this order: the identity column then ascends with the change number, which
  // is the relay's order.
  await tx`
    insert into api.outbox (user_id, slot, change_seq, event_id, type, entity_id, task_id, batch_id, event)
    select ${userId}, ${slot}, change_seq, event_id, type, entity_id, task_id, batch_id, event
    from jsonb_to_recordset(${tx.json(rows as never)}) as
      row (change_seq bigint, event_id uuid, type text, entity_id uuid, task_id uuid, batch_id uuid, event jsonb)
    order by change_seq`;
}

const tooMany = (what: string, limit: number): Problem =>
  new Problem("conflict", `There may be at most ${limit} ${what}; remove some first.`);
