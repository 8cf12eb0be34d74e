import { inSpan, parseTraceparent, traceparentOf } from "@carillon/kit/observe";
import type { NotificationDeps } from "./deps.ts";
import { noteUnarmed, type ToArm, takeToArm, takeToClear } from "./ledger/alarms.ts";
import { alarmNameOf } from "./plan.ts";

const atOnce = 100;
const setAtOnce = 8;

export type Armed = {
  /** Some were already due and need no alarm. */
  someAreDue: boolean;
  /** Probably more are left. */
  more: boolean;
};

/** Sets the alarms of plans that have none, and clears those of cancelled plans. @throws when the scheduler is away. */
export async function armAlarms(deps: Pick<NotificationDeps, "sql" | "alarms">): Promise<Armed> {
  const plans = await takeToArm(deps.sql, atOnce);
  const over = await takeToClear(deps.sql, atOnce);
  // Best effort: the alarm of a cancelled plan rings without effect.
  await Promise.allSettled(over.map(async (plan) => deps.alarms.clear(alarmNameOf(plan))));
  await setAll(
    deps,
    plans.filter(({ isDue }) => !isDue),
  );
  return { someAreDue: plans.some(({ isDue }) => isDue), more: plans.length === atOnce || over.length === atOnce };
}

async function setAll(
  { sql, alarms }: Pick<NotificationDeps, "sql" | "alarms">,
  plans: readonly ToArm[],
): Promise<void> {
  for (let at = 0; at < plans.length; at += setAtOnce) {
    const setting = plans.slice(at, at + setAtOnce).map((plan) => setOne(alarms, plan));
    const failed = (await Promise.allSettled(setting)).find((one) => one.status === "rejected");
    if (!failed) continue;
    await noteUnarmed(sql, plans.slice(at));
    throw failed.reason;
  }
}

/** In the trace of the change that planned it. A Dapr job carries no trace, so its data does. */
async function setOne(alarms: NotificationDeps["alarms"], plan: ToArm): Promise<void> {
  const parent = parseTraceparent(plan.traceparent);
  return inSpan({ name: "schedule reminder", kind: "producer", parent, service: "notification" }, async ({ trace }) =>
    alarms.set(alarmNameOf(plan), plan.remindAt, { traceparent: traceparentOf(trace) }),
  );
}
