import type { Delivery } from "@carillon/contracts/http/channels";

const reasons: Record<string, string> = {
  completed: "the task was completed",
  deleted: "the task was deleted",
  moved: "the reminder was moved",
  snoozed: "it was snoozed",
  too_late: "its time had passed",
  channel_gone: "the channel is gone",
  channel_limit: "too many reminders went there already",
  queue_full: "too much waited for this channel",
  mail_off: "reminders by e-mail were switched off",
};

/** What became of a test, for the one who asked for it. */
export function saidOf({ state, detail }: Delivery): string {
  if (state === "sent") return "The test was sent.";
  if (state === "pending") return "The test is on its way.";
  return detail === null ? "The test could not be sent." : `The test could not be sent: ${detail}.`;
}

/** What became of a delivery: "failed: it answered 404". */
export function stateOf({ state, reason, detail, attempts }: Delivery): string {
  const why = detail ?? (reason === null || reason === "provider" ? null : (reasons[reason] ?? reason));
  const words = state === "pending" ? (attempts === 0 ? "waits" : "will be tried again") : state;
  return why === null || state === "sent" ? words : `${words}: ${why}`;
}
