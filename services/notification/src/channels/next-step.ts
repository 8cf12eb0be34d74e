import type { ChannelAddress, Send, SendResult } from "@carillon/contracts/http/channels";
import { nextTry } from "../retry.ts";
import type { Answered } from "./post-outside.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Pauses after the attempts of an event: some three days, as Standard Webhooks advise. */
export const eventPausesMs: readonly number[] = [
  5_000,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];

/** What came of an attempt: an answer, a receiver that could not be reached, or a target that no message may go to. */
export type Attempt =
  | { kind: "answered"; answer: Answered }
  | { kind: "unreached"; detail: string }
  | { kind: "refused"; detail: string };

type Step = Pick<SendResult, "outcome" | "delay_ms" | "status_code" | "detail">;

/** What follows an attempt. A test has one; an event's last for days; a reminder is retried while it is worth ringing. */
export function nextStep(
  attempt: Attempt,
  send: Send,
  kind: ChannelAddress["kind"],
  { now, random = Math.random }: { now: Date; random?: () => number },
): Step {
  const status = attempt.kind === "answered" ? attempt.answer.status : null;
  const detail = status === null ? (attempt.kind === "answered" ? null : attempt.detail) : `it answered ${status}`;
  const step = { delay_ms: null, status_code: status, detail };
  if (status !== null && status >= 200 && status < 300) return { ...step, outcome: "sent", detail: null };
  if (kind === "web_push" && (status === 404 || status === 410)) return { ...step, outcome: "gone" };
  if (send.content.about === "test" || attempt.kind === "refused" || isFinal(status, send))
    return { ...step, outcome: "failed" };
  const asked = attempt.kind === "answered" ? (attempt.answer.retryAfterMs ?? 0) : 0;
  const delayMs =
    send.content.about === "event"
      ? eventPause(send.attempts, asked, random)
      : reminderPause(send, { asked, now, random, remindAt: new Date(send.content.reminder.remind_at) });
  return delayMs === null
    ? { ...step, outcome: "failed" }
    : { ...step, outcome: "retry", delay_ms: Math.round(delayMs) };
}

/** A receiver of events may be broken for a while in any way; only "gone" is its last word. */
function isFinal(status: number | null, { content }: Send): boolean {
  if (status === null) return false;
  if (content.about === "event") return status === 410;
  return status < 500 && status !== 408 && status !== 425 && status !== 429;
}

function eventPause(attempts: number, asked: number, random: () => number): number | null {
  const pause = eventPausesMs[attempts - 1];
  return pause === undefined ? null : Math.max(pause * (0.9 + 0.2 * random()), Math.min(asked, hourMs));
}

function reminderPause(
  { attempts }: Send,
  { asked, now, random, remindAt }: { asked: number; now: Date; random: () => number; remindAt: Date },
): number | null {
  const next = nextTry({ kind: "later", retryAfterMs: asked }, { remindAt, attempts, now }, random);
  return next.kind === "retry" ? next.delayMs : null;
}
