import { metrics } from "@carillon/kit/observe";
import { askApi } from "./ask-api.ts";
import type { NotificationDeps } from "./deps.ts";
import { armAgain } from "./ledger/alarms.ts";
import { figures, forgetOld } from "./ledger/figures.ts";
import { adopt } from "./ledger/plans.ts";

/** Reminders due within this time must be known here, even if their announcement was lost. */
const aheadMs = 60_000;
/** Maximum pages of one sweep; with more overdue, nothing is being delivered anyway. */
const mostPages = 20;

/**
 * Compares the ledger with what api reports as pending, and repairs differences: lost announcements
 * and reports, plans cancelled by mistake, alarms the scheduler lost. Sets the figures that
 * operators watch.
 */
export async function reconcile({ sql, invoke, log }: NotificationDeps): Promise<void> {
  const [row] = await sql<{ now: Date }[]>`select now() as now`;
  const before = new Date((row?.now.getTime() ?? 0) + aheadMs);
  const api = askApi(invoke);
  let unaccounted = 0;
  let cursor: string | null = null;
  for (let page = 0; page < mostPages && (page === 0 || cursor !== null); page++) {
    const { reminders, next_cursor } = await api.due(before, cursor);
    unaccounted += await adopt(
      sql,
      reminders.map(({ id, generation, user_id, task_id, remind_at }) => ({
        userId: user_id,
        reminderId: id,
        generation,
        taskId: task_id,
        remindAt: new Date(remind_at),
        traceparent: null,
        cause: null,
      })),
    );
    cursor = next_cursor;
  }
  await armAgain(sql);
  const { due, unreported } = await figures(sql);
  for (const [state, count] of Object.entries(due)) metrics.remindersDue.set({ state }, count);
  metrics.remindersUnaccounted.set(unaccounted + unreported);
  if (unaccounted > 0) log.warn("reminders: lost reminders were found; they are sent now", { count: unaccounted });
  const forgotten = await forgetOld(sql);
  if (forgotten > 0) log.info("reminders: old rows deleted", { rows: forgotten });
}
