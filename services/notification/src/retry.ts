import type { MailFailure } from "@carillon/adapters/mail";
import { mostLateMs } from "@carillon/calendar/reminder";
import { backoffMs } from "@carillon/kit/loop";

/** What follows a failed attempt: another one, or the end. */
export type NextTry = { kind: "retry"; delayMs: number } | { kind: "failed" };

/** A provider that was away gets mail again within half a minute of its return (G10). */
const whileAway = { firstMs: 1_000, maxMs: 20_000 };
/** A mail that its receiver defers (greylisting, a full mailbox) is retried more slowly. */
const oneMail = { firstMs: 10_000, maxMs: 15 * 60_000 };
const mostWaitMs = 3_600_000;

/**
 * What to do after failed attempt number `attempts` of a reminder for `remindAt`. Pauses double, with
 * jitter, and are at least what the provider asked for. A permanent rejection fails, and so does a
 * mail that cannot be retried within 24 h of its instant.
 */
export function nextTry(
  failure: Pick<MailFailure, "kind" | "retryAfterMs">,
  { remindAt, attempts, now }: { remindAt: Date; attempts: number; now: Date },
  random: () => number = Math.random,
): NextTry {
  if (failure.kind === "refused") return { kind: "failed" };
  const ownMs = backoffMs(failure.kind === "away" ? whileAway : oneMail, attempts, random);
  const delayMs = Math.max(ownMs, Math.min(failure.retryAfterMs ?? 0, mostWaitMs));
  const isTooLate = now.getTime() + delayMs > remindAt.getTime() + mostLateMs;
  return isTooLate ? { kind: "failed" } : { kind: "retry", delayMs };
}
