import { createLoop, fatal, type Loop } from "@carillon/kit/loop";
import type { ApiDeps } from "../../../deps.ts";
import { changesSince, type Latest, latestChanges } from "./read-changes.ts";
import type { Notices, Subscriber } from "./subscriber.ts";

export type NoticeLimits = {
  /** Maximum open subscriptions of one user. */
  maxPerUser: number;
  /** Maximum open subscriptions of this process. */
  maxPerProcess: number;
};

export const noticeLimits: NoticeLimits = { maxPerUser: 8, maxPerProcess: 200 };

/** How often the database is asked: half of the time an open stream may outlive its token (G19). */
export const everyMs = 500;

type User = { after: number; subscribers: Set<Subscriber> };

/**
 * The open subscriptions of this process. While there are any, the outbox is asked twice a second what is new in it for their users, and
 * whether their credentials are still valid: one statement each for all of them.
 */
export function createNotices(deps: Pick<ApiDeps, "sql" | "log" | "clock">, limits = noticeLimits): Notices {
  const users = new Map<string, User>();
  let size = 0;
  let loop: Loop | null = null;
  let isStopped = false;

  function leave(subscriber: Subscriber): void {
    const user = users.get(subscriber.userId);
    if (!user?.subscribers.delete(subscriber)) return;
    if (user.subscribers.size === 0) users.delete(subscriber.userId);
    size -= 1;
    if (size > 0) return;
    loop?.stop().catch(fatal);
    loop = null;
  }

  async function look(): Promise<number> {
    const rows = await latestChanges(
      deps,
      [...users.values()].flatMap(({ subscribers }) => [...subscribers]),
    );
    for (const { user_id, credential_id, is_valid } of rows)
      for (const one of users.get(user_id)?.subscribers ?? [])
        if (one.credentialId === credential_id && !is_valid) one.end();
    const news = newsOf(users, rows);
    for (const [userId, changes] of await changesSince(deps, news))
      for (const one of users.get(userId)?.subscribers ?? []) one.changed(changes);
    // Only now: what could not be read is read in the next turn.
    for (const { user, latest } of news) user.after = latest;
    return everyMs;
  }

  const hasRoom = (userId: string): boolean =>
    !isStopped && size < limits.maxPerProcess && (users.get(userId)?.subscribers.size ?? 0) < limits.maxPerUser;

  return {
    get size() {
      return size;
    },
    async subscribe(subscriber) {
      const { userId } = subscriber;
      if (!hasRoom(userId)) return null;
      const [row] = await latestChanges(deps, [subscriber]);
      if (!row?.is_valid || !hasRoom(userId)) return null;
      const user = users.get(userId) ?? { after: row.latest, subscribers: new Set() };
      users.set(userId, user);
      user.subscribers.add(subscriber);
      size += 1;
      if (loop === null) {
        loop = createLoop({ name: "noticing changes for programs", service: "api", log: deps.log, work: look });
        loop.start();
      }
      return () => leave(subscriber);
    },
    stop() {
      isStopped = true;
      for (const { subscribers } of [...users.values()]) for (const one of [...subscribers]) one.end();
    },
  };
}

/** The users for whom there is something new, each once. */
function newsOf(users: ReadonlyMap<string, User>, rows: readonly Latest[]) {
  return [...new Map(rows.map(({ user_id, latest }) => [user_id, latest]))].flatMap(([user_id, latest]) => {
    const user = users.get(user_id);
    return user && latest > user.after ? [{ user, user_id, after: user.after, latest }] : [];
  });
}
