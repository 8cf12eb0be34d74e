import type { Clock } from "@carillon/kit/ports";
import { type Account, type Answer, notFound } from "./store.ts";

type Change = { event_type: string; task_id: string | null; version: number };

/** Everything the fake remembers, and the ways a test can make it misbehave. */
export type World = {
  clock: Clock;
  /** By e-mail. */
  accounts: Map<string, Account>;
  /** By session token. */
  sessions: Map<string, Account>;
  requests: { method: string; path: string; headers: Headers }[];
  /** Every call fails as when nobody listens. */
  away: boolean;
  /** Refuses every sign-in and renewal as one too many. */
  tooMany: boolean;
  historyAway: boolean;
  /** Hears of every change, as realtime would. */
  changed: (account: Account, change: Change) => void;
};

export type Call = {
  world: World;
  account: Account;
  request: Request;
  url: URL;
  body: Record<string, unknown>;
  /** What stands for the id in the path. */
  id: string;
  now: string;
};

/** `path` has at most one group, the id. */
export type Route = { method: string; path: RegExp; run: (call: Call) => Answer };

/** The session token a request shows. */
export const tokenOf = (request: Request): string => request.headers.get("authorization")?.replace("Bearer ", "") ?? "";

/** 204 when there was something to remove, 404 otherwise. */
export function gone(was: boolean): Answer {
  if (!was) throw notFound();
  return { status: 204 };
}
