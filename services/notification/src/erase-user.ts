import type { NotificationDeps } from "./deps.ts";
import { callOffAll, type Forgettable, removeAll } from "./ledger/erase.ts";
import { lettersOf } from "./letters/letter-mail.ts";
import { alarmNameOf } from "./plan.ts";

export type EraseDeps = Pick<NotificationDeps, "sql" | "alarms" | "mailer">;

/**
 * Erases a user: plans, attempts, alarms, and mails where the transport keeps any. False while one of
 * their mails is under way: call it again, the mail ends within a lease (20 s). Idempotent.
 */
export async function eraseUser({ sql, alarms, mailer }: EraseDeps, userId: string): Promise<boolean> {
  const plans = await callOffAll(sql, userId);
  const over = plans.filter(({ isUnderWay }) => !isUnderWay);
  for (const plan of over.filter(({ isTried }) => isTried)) await mailer.forget?.(alarmNameOf(plan));
  await mailer.forgetAll?.(lettersOf(userId));
  await clearAlarms(alarms, over);
  await removeAll(sql, userId);
  return over.length === plans.length;
}

/** Best effort: the alarm of a removed plan rings without effect. */
async function clearAlarms(alarms: EraseDeps["alarms"], plans: readonly Forgettable[]): Promise<void> {
  const armed = plans.filter(({ isArmed }) => isArmed);
  for (let at = 0; at < armed.length; at += 8)
    await Promise.allSettled(armed.slice(at, at + 8).map(async (plan) => alarms.clear(alarmNameOf(plan))));
}
