import { MailFailure } from "@carillon/adapters/mail";
import type { SendClaim } from "@carillon/contracts/http/reminders";
import { cleanReason } from "@carillon/events/consume";
import { within } from "@carillon/kit/loop";
import {
  inSpan,
  metrics,
  parseTraceparent,
  type Span,
  traceparentOf,
  withCause,
  withTrace,
} from "@carillon/kit/observe";
import type { NotificationDeps } from "./deps.ts";
import type { Settled, Taken, Try } from "./ledger/sends.ts";
import { reminderMail } from "./mail/reminder-mail.ts";
import { noteBounce } from "./note-bounce.ts";
import { alarmNameOf, causeOf } from "./plan.ts";
import { nextTry } from "./retry.ts";

/** Maximum time for one mail; shorter than a lease, so that no other sender claims a mail that may still go out. */
export const mailMs = 15_000;

type Send = {
  lease: string;
  taken: Taken;
  claim: SendClaim;
  /** The surrounding span; its caller ends it. */
  span: Span;
  write: (one: Try) => Promise<void>;
};

/** One attempt to mail one reminder; returns its result once `write` has recorded it. */
export function sendReminder(
  deps: NotificationDeps,
  { lease, taken, claim, span, write }: Send,
): Promise<"sent" | MailFailure> {
  const send = async () => {
    const result = await attempt(deps, taken, claim);
    if (result instanceof MailFailure) await noteBounce(deps, result, claim.user.email);
    const settled = result instanceof MailFailure ? afterFailure(deps, taken, result) : result;
    if (result instanceof MailFailure) span.fail(result.kind);
    await write({ id: deps.newId(), lease, taken, settled, traceparent: traceparentOf(span.trace) });
    record(deps, taken, settled, result);
    return result instanceof MailFailure ? result : "sent";
  };
  return withTrace(span.trace, async () => withCause(causeOf(taken), send), "notification");
}

async function attempt(
  { mailer, clock, publicUrl }: NotificationDeps,
  taken: Taken,
  claim: SendClaim,
): Promise<Extract<Settled, { kind: "sent" }> | MailFailure> {
  try {
    const mail = reminderMail(claim, { publicUrl, now: clock.now() });
    const { messageId } = await inSpan(
      { name: "send mail", kind: "client", attributes: { "peer.service": "mail" } },
      async () => within(mailMs, "the mail provider", mailer.send(mail, alarmNameOf(taken))),
    );
    // Claimed, so due by the database's clock: a local clock some milliseconds behind must not object.
    const at = new Date(Math.max(clock.now().getTime(), taken.remindAt.getTime()));
    return { kind: "sent", at, messageId };
  } catch (cause) {
    return cause instanceof MailFailure ? cause : new MailFailure("away", String(cause), { cause });
  }
}

function afterFailure({ clock }: NotificationDeps, { remindAt, attempts }: Taken, failure: MailFailure): Settled {
  const detail = cleanReason(failure.message);
  return { ...nextTry(failure, { remindAt, attempts, now: clock.now() }), detail };
}

function record({ log }: NotificationDeps, taken: Taken, settled: Settled, result: Settled | MailFailure): void {
  const { userId, taskId, reminderId, remindAt, attempts } = taken;
  metrics.reminderSends.inc({ outcome: result instanceof MailFailure ? result.kind : "sent" });
  const planned = parseTraceparent(taken.traceparent);
  const fields = {
    user_id: userId,
    task_id: taskId,
    reminder_id: reminderId,
    attempts,
    ...(planned ? { planned_trace_id: planned.traceId } : {}),
  };
  if (settled.kind !== "sent") {
    const level = settled.kind === "failed" ? "error" : "warn";
    log[level]("reminder: not sent", { ...fields, outcome: settled.kind, reason: settled.detail });
    return;
  }
  const lateMs = settled.at.getTime() - remindAt.getTime();
  metrics.reminderDeliveryLatency.observe(Math.max(0, lateMs) / 1_000);
  log.info("reminder: sent", { ...fields, late_ms: lateMs });
}
