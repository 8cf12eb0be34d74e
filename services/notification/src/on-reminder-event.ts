import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { ReminderEvent } from "@carillon/contracts/events/reminder.v1";
import { done, type Verdict } from "@carillon/kit/consume";
import type { Sql } from "@carillon/kit/database";
import { explain } from "@carillon/kit/http";
import { announce, type CalledOff } from "./ledger/plans.ts";
import type { Plan } from "./plan.ts";

type Decoded =
  | { kind: "planned"; plan: Plan }
  | { kind: "called off"; plan: CalledOff }
  | { kind: "nonsense"; reason: string };

/**
 * A verdict for each event of `reminders`: plans and what calls them off are in the ledger when it is given. Their order does not matter, since
 * each plan has a generation of its own; the same event again finds its row. Alarms follow from the ledger, not from here: a scheduler
 * that hangs holds up no event.
 */
export async function onReminderEvents(
  { sql, plansChanged }: { sql: Sql; plansChanged: () => void },
  events: readonly CloudEvent<EventData>[],
): Promise<Verdict[]> {
  const decoded = events.map(decode);
  const planned = decoded.flatMap((one) => (one.kind === "planned" ? [one.plan] : []));
  const calledOff = decoded.flatMap((one) => (one.kind === "called off" ? [one.plan] : []));
  await announce(sql, planned, calledOff);
  plansChanged();
  return decoded.map((one) => (one.kind === "nonsense" ? { kind: "drop", reason: one.reason } : done));
}

function decode(event: CloudEvent<EventData>): Decoded {
  const [wrong] = explain(ReminderEvent, event.data);
  if (wrong) return { kind: "nonsense", reason: `${wrong.pointer} ${wrong.detail}` };
  // Sound: just checked against the schema this type comes from.
  const { user_id, reminder, task_data } = event.data as ReminderEvent;
  const isCalledOff = event.type === "reminder.cancelled";
  // A relative reminder whose task has no date any more has no instant; when it was called off is as good.
  const at = reminder.remind_at ?? (isCalledOff ? event.time : null);
  if (at === null) return { kind: "nonsense", reason: "/reminder/remind_at is when it should ring" };
  const plan: Plan = {
    userId: user_id,
    reminderId: reminder.id,
    generation: reminder.generation,
    taskId: task_data.id,
    remindAt: new Date(at),
    traceparent: event.traceparent ?? null,
  };
  return isCalledOff ? { kind: "called off", plan: { ...plan, reason: reminder.reason } } : { kind: "planned", plan };
}
