import { metrics } from "@carillon/kit/observe";
import { clientBucket, Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import { NotServed } from "./admission/fair-queue.ts";
import { requestClient } from "./request-client.ts";

type SecurityEvent =
  | "sign-up"
  | "sign-in"
  | "second factor"
  | "factor start"
  | "factor set up"
  | "factor removal"
  | "passkey creation"
  | "passkey removal"
  | "passkey sign-in"
  | "provider sign-in asked"
  | "provider sign-in"
  | "provider link"
  | "provider removal"
  | "sign-out"
  | "session renewal"
  | "session end"
  | "way back asked"
  | "password reset"
  | "proof of password"
  | "address proof"
  | "address proof asked"
  | "address change asked"
  | "password change"
  | "account erasure"
  | "token creation"
  | "token revocation"
  | "scope check";

/**
 * `challenged`: right so far, the second factor is due. `busy`: the password was not checked, because too many others waited or its
 * caller stopped waiting.
 */
type Outcome = "ok" | "challenged" | "failed" | "limited" | "busy";

/** The subject of an event: the user if known, and the hash of the address if given. */
type Subject = { user_id?: string; account?: string };

/** Events in which a password or a code is checked. */
const passwordEvents: ReadonlySet<SecurityEvent> = new Set([
  "sign-in",
  "second factor",
  "factor start",
  "factor removal",
  "proof of password",
  "address change asked",
  "password change",
  "account erasure",
]);

type Logging<Result> = {
  event: SecurityEvent;
  subject: Subject;
  known?: (result: Result) => Subject;
  /** Of a success; by default "ok". */
  outcome?: (result: Result) => Outcome;
};

/**
 * Returns or throws what `work` does, with one log line about the result. `known` adds what only the
 * answer reveals about the subject. A failure of ours (5xx) is not a security event; the door logs
 * it.
 */
export async function logged<Result>(
  deps: ApiDeps,
  request: Request,
  { event, subject, known, outcome: judge }: Logging<Result>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work();
    // A rejection stored for its Idempotency-Key is returned, not thrown.
    const outcome = result instanceof Response ? outcomeOf(result.status) : (judge?.(result) ?? "ok");
    if (outcome) logSecurity(deps, request, { event, subject: { ...subject, ...known?.(result) }, outcome });
    return result;
  } catch (thrown) {
    const isBusy = thrown instanceof NotServed;
    const outcome = isBusy ? "busy" : thrown instanceof Problem ? outcomeOf(thrown.status) : null;
    if (outcome) logSecurity(deps, request, { event, subject, outcome });
    throw isBusy ? tooBusy(thrown) : thrown;
  }
}

/** Writes one security event to the log, and counts it when a password was involved. */
export function logSecurity(
  deps: ApiDeps,
  request: Request,
  { event, subject, outcome }: { event: SecurityEvent; subject: Subject; outcome: Outcome },
): void {
  const client = clientBucket(requestClient(deps, request).address);
  deps.log[outcome === "ok" || outcome === "challenged" ? "info" : "warn"]("security event", {
    event,
    outcome,
    ...subject,
    client,
  });
  if (passwordEvents.has(event)) metrics.authAttempts.inc({ outcome });
}

function outcomeOf(status: number): Outcome | null {
  if (status < 400) return "ok";
  if (status >= 500) return null;
  return status === 429 ? "limited" : "failed";
}

const tooBusy = (cause: NotServed): Problem =>
  new Problem("unavailable", "Too many sign-ins right now. Try again in a second.", {
    headers: { "retry-after": "1" },
    cause,
  });
