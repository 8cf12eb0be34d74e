import { isTooLate } from "@carillon/calendar/reminder";
import type { DateOrder, HourCycle } from "@carillon/contracts/http/quick-add";
import type { Claim } from "@carillon/contracts/http/reminders";
import type { ReminderRow } from "../tasks/index.ts";
import type { Ending } from "./ending.ts";

/** A reminder with the data for its mail, read while its owner's row was locked. */
export type Claimable = Pick<ReminderRow, "id" | "remind_at" | "state" | "reason" | "generation"> & {
  user_id: string;
  email: string;
  name: string;
  user_time_zone: string;
  hour_cycle: HourCycle;
  date_order: DateOrder;
  notify_by_email: boolean;
  /** The address was proven; another one gets no mail. */
  is_proven: boolean;
  task_id: string;
  title: string;
  due_at: Date | null;
  all_day: boolean;
  task_time_zone: string;
  /** An earlier one of the task's list rings at the same instant. */
  is_double: boolean;
  /** The part that is mailed where other channels ring too; null where none was asked yet. */
  mail_state: Ending["state"] | "pending" | null;
  /** Why nothing of it rings any more, whatever has rung already. */
  over: "completed" | "deleted" | null;
};

/** An answer; or an end caused by the claim itself, which must be recorded before it is answered. */
export type Decision = { kind: "answer"; claim: Claim } | { kind: "end"; ending: Ending };

/**
 * Whether this plan of the reminder may be sent at `now`, the database's time; `tokenFor` creates the
 * token of its unsubscribe link.
 */
export function decideClaim(
  { id, generation }: { id: string; generation: number },
  found: Claimable | undefined,
  now: Date,
  tokenFor: (userId: string) => string,
): Decision {
  const answer = (claim: Claim): Decision => ({ kind: "answer", claim });
  if (!found) return answer({ id, generation, outcome: "cancelled", state: null, reason: null });
  const { state, reason, remind_at } = found;
  // Another channel has rung, and the mail is still to come.
  const isLeft = state === "sent" && found.mail_state === "pending" && found.generation === generation;
  if ((state !== "pending" && !isLeft) || !remind_at)
    return answer({ id, generation, outcome: "cancelled", state, reason });
  if (found.generation !== generation || remind_at > now) {
    const next = { generation: found.generation, remind_at: remind_at.toISOString() };
    return answer({ id, generation, outcome: "moved", next });
  }
  if (found.over) return end(id, generation, "cancelled", found.over);
  if (!found.is_proven) return end(id, generation, "cancelled", "unverified");
  if (isTooLate(remind_at, now)) return end(id, generation, "missed", "too_late");
  if (found.is_double) return end(id, generation, "cancelled", "same_time");
  if (!found.notify_by_email) return end(id, generation, "cancelled", "mail_off");
  return answer({
    id,
    generation,
    outcome: "send",
    remind_at: remind_at.toISOString(),
    user: {
      id: found.user_id,
      email: found.email,
      name: found.name,
      time_zone: found.user_time_zone,
      hour_cycle: found.hour_cycle,
      date_order: found.date_order,
    },
    task: {
      id: found.task_id,
      title: found.title,
      due_date: found.due_at?.toISOString() ?? null,
      all_day: found.all_day,
      time_zone: found.task_time_zone,
    },
    unsubscribe_token: tokenFor(found.user_id),
  });
}

const end = (id: string, generation: number, state: Ending["state"], reason: Ending["reason"]): Decision => ({
  kind: "end",
  ending: { id, generation, state, reason, sentAt: null },
});
