import type { Actor } from "@carillon/contracts/event";
import type { Scope } from "@carillon/contracts/http/auth";
import { Problem } from "@carillon/kit/service";
import type { Habits } from "./habits.ts";

/** The caller: a signed-in user, or a program with an access token. */
export type Caller = Known & ({ kind: "session"; provenAt: Date } | { kind: "token"; scope: Scope });

type Known = {
  userId: string;
  credentialId: string;
  timeZone: string;
  habits: Habits;
  /** The user's change number when the request came. */
  changeSeq: number;
};

const callers = new WeakMap<Request, Caller>();

export const setCaller = (request: Request, caller: Caller): void => void callers.set(request, caller);

/** The caller of a request, null where none is asked for. */
export const callerIfAny = (request: Request): Caller | null => callers.get(request) ?? null;

/**
 * The caller of a request to a guarded route; without one the guard was bypassed, which is a defect.
 */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Error("A guarded route was reached without a caller.");
  return caller;
}

export const actorOf = (caller: Caller): Actor => (caller.kind === "token" ? "token" : "user");

/** The caller, if it is a user's own session: accounts and tokens are not for programs. */
export function personOf(request: Request): Caller {
  const caller = callerOf(request);
  if (caller.kind === "token") throw new Problem("forbidden", "An access token cannot do this; sign in instead.");
  return caller;
}
