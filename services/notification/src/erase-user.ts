import type { NotificationDeps } from "./deps.ts";
import { callOffAll, type Forgettable, removeAll } from "./ledger/erase.ts";
import { alarmNameOf } from "./plan.ts";

export type EraseDeps = Pick<NotificationDeps, "sql" | "alarms" | "mailer">;

/**
 * Forgets a user: plans, tries, alarms, and mails where the transport keeps any. False while a mail of theirs is under way: then it is to be
 * called again, within a lease (20 s) it has an end. Called twice it finds nothing and is true.
 */
export async function eraseUser({ sql, alarms, mailer }: EraseDeps, userId: string): Promise<boolean> {
  const plans = await callOffAll(sql, userId);
  const over = plans.filter(({ isUnderWay }) => !isUnderWay);
  for (const plan of over.filter(({ isTried }) => isTried)) await mailer.forget?.(alarmNameOf(plan));
  await clearAlarms(alarms, over);
  await removeAll(sql, userId);
  return over.length === plans.length;
}

/** Best effort: the alarm of a plan that is not there any more rings in vain. */
async function clearAlarms(alarms: EraseDeps["alarms"], plans: readonly Forgettable[]): Promise<void> {
  const armed = plans.filter(({ isArmed }) => isArmed);
  for (let at = 0; at < armed.length; at += 8)
    await Promise.allSettled(armed.slice(at, at + 8).map(async (plan) => alarms.clear(alarmNameOf(plan))));
}
