import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { ReminderEvent } from "@carillon/contracts/events/reminder.v1";
import { done, retryFor, type Verdict } from "@carillon/events/consume";
import { decode } from "@carillon/kit/http";
import { causeOfEvent } from "@carillon/kit/observe";
import { type EraseDeps, eraseUser } from "./erase-user.ts";
import { announce, type CalledOff } from "./ledger/plans.ts";
import type { Plan } from "./plan.ts";

type Decoded =
  | { kind: "planned"; plan: Plan }
  | { kind: "called off"; plan: CalledOff }
  | { kind: "erased"; userId: string }
  | { kind: "nonsense"; reason: string };

/**
 * A verdict for each event of `reminders`: by then plans and cancellations are in the ledger. Their
 * order does not matter, since each plan has a generation of its own; a repeated event finds its
 * row. Alarms are set later from the ledger, so that a scheduler that hangs delays no event.
 */
export async function onReminderEvents(
  { plansChanged, ...deps }: EraseDeps & { plansChanged: () => void },
  events: readonly CloudEvent<EventData>[],
): Promise<Verdict[]> {
  const decoded = events.map(planIn);
  const planned = decoded.flatMap((one) => (one.kind === "planned" ? [one.plan] : []));
  const calledOff = decoded.flatMap((one) => (one.kind === "called off" ? [one.plan] : []));
  await announce(deps.sql, planned, calledOff);
  plansChanged();
  const busy = new Set<string>();
  // Last, so that rows which this batch just added for an erased user are removed too.
  for (const one of decoded) if (one.kind === "erased" && !(await eraseUser(deps, one.userId))) busy.add(one.userId);
  return decoded.map((one) => verdictOn(one, busy));
}

function verdictOn(one: Decoded, busy: ReadonlySet<string>): Verdict {
  if (one.kind === "nonsense") return { kind: "drop", reason: one.reason };
  if (one.kind === "erased" && busy.has(one.userId)) return retryFor("a mail to this user is on its way");
  return done;
}

function planIn(event: CloudEvent<EventData>): Decoded {
  if (event.type === "user.erased") return { kind: "erased", userId: event.data.user_id };
  const read = decode(ReminderEvent, event.data);
  if (!read.fits) return { kind: "nonsense", reason: read.wrong };
  const { user_id, reminder, task_data } = read.value;
  const isCalledOff = event.type === "reminder.cancelled";
  // A relative reminder whose task lost its date has no instant; the time of its cancellation serves
  // as well.
  const at = reminder.remind_at ?? (isCalledOff ? event.time : null);
  if (at === null) return { kind: "nonsense", reason: "/reminder/remind_at is when it should ring" };
  const plan: Plan = {
    userId: user_id,
    reminderId: reminder.id,
    generation: reminder.generation,
    taskId: task_data.id,
    remindAt: new Date(at),
    traceparent: event.traceparent ?? null,
    cause: causeOfEvent(event),
  };
  return isCalledOff ? { kind: "called off", plan: { ...plan, reason: reminder.reason } } : { kind: "planned", plan };
}
