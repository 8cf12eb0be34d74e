import type { MailState } from "@carillon/contracts/http/auth";
import type { Clock } from "@carillon/kit/ports";
import { type Answer, notFound } from "./refusal.ts";
import type { Account } from "./store.ts";

type Change = { event_type: string; task_id: string | null; version: number };

/** The fake's whole state, and the ways a test can make it misbehave. */
export type World = {
  clock: Clock;
  /** By e-mail address. */
  accounts: Map<string, Account>;
  /** By session token. */
  sessions: Map<string, Account>;
  /** Links that set a new password and were not used yet. */
  links: Set<string>;
  requests: { method: string; path: string; headers: Headers }[];
  /** The name of the sign-in provider. */
  provider: string | null;
  /** Mail leaves the product: addresses have to be proven. */
  mailGoesOut: boolean;
  /** Why nothing is mailed to an address. */
  stopped: MailState["stopped"];
  /** The last proof of a password is too old for what asks for one. */
  proofIsOld: boolean;
  /** Every call fails as if nothing listened. */
  away: boolean;
  /** Refuses every sign-in and renewal as one too many. */
  tooMany: boolean;
  historyAway: boolean;
  /** Called with every change, as realtime would be. */
  changed: (account: Account, change: Change) => void;
};

export type Call = {
  world: World;
  account: Account;
  request: Request;
  url: URL;
  body: Record<string, unknown>;
  /** The id in the path. */
  id: string;
  now: string;
};

/** `path` has at most one group, the id. */
export type Route = { method: string; path: RegExp; run: (call: Call) => Answer };

/** The session token of a request. */
export const tokenOf = (request: Request): string => request.headers.get("authorization")?.replace("Bearer ", "") ?? "";

/** 204 when there was something to remove, 404 otherwise. */
export function gone(was: boolean): Answer {
  if (!was) throw notFound();
  return { status: 204 };
}
