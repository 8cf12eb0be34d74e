import type { ReminderResult } from "@carillon/contracts/http/reminders";
import { backoffMs } from "@carillon/kit/backoff";
import { askApi } from "./ask-api.ts";
import { deliverDue } from "./deliver-due.ts";
import type { NotificationDeps } from "./deps.ts";
import { groupWrites } from "./group-writes.ts";
import { noteUnarmed, takeToArm, takeToClear } from "./ledger/alarms.ts";
import { noteReported, noteUnreported, takeReports, type Unreported } from "./ledger/reports.ts";
import { nextInMs, settle, type Try } from "./ledger/sends.ts";
import { createLoop } from "./loop.ts";
import { alarmNameOf } from "./plan.ts";
import { reconcile } from "./reconcile.ts";

/** The work of notification that no request waits for: alarms, sends, reports to api, and the sweep that finds what was forgotten. */
export type Courier = {
  /** Something is due. */
  ring(): void;
  /** Something was announced or called off. */
  plansChanged(): void;
  /** Compares with api now, and not at the next turn. */
  sweep(): void;
  start(): void;
  /** Ends after the mails that are on their way. */
  stop(): Promise<void>;
};

const idleMs = 10_000;
const atOnce = 100;
const armsAtOnce = 8;
/** So many failures in a row mean that the provider is away: from then on one mail at a time finds out whether it is back. */
const failuresOfADeadProvider = 3;
const providerPause = { firstMs: 1_000, maxMs: 10_000 };
const mostPauseMs = 60_000;

export function createCourier(deps: NotificationDeps): Courier {
  const { log } = deps;
  const write = groupWrites<Try>((tries) => settle(deps.sql, tries));
  let failuresInARow = 0;
  let pausedUntil = 0;

  async function send(): Promise<number> {
    const pauseMs = pausedUntil - performance.now();
    if (pauseMs > 0) return pauseMs;
    const limit = failuresInARow >= failuresOfADeadProvider ? 1 : deps.width;
    const { taken, sent, failures } = await deliverDue(deps, limit, write);
    noteProvider(sent, failures);
    // One that was moved may have a newer plan, which has no alarm yet.
    if (taken > sent + failures.length) alarms.ring();
    if (taken === limit) return 0;
    // Bells first: what has rung is told when nothing more is due just now.
    reports.ring();
    return Math.max(1, Math.min(idleMs, Math.ceil((await nextInMs(deps.sql)) ?? idleMs)));
  }

  function noteProvider(sent: number, failures: readonly { kind: string; retryAfterMs: number | null }[]): void {
    const away = failures.filter(({ kind }) => kind === "away");
    if (sent > 0 || (failures.length > 0 && away.length === 0)) {
      if (failuresInARow >= failuresOfADeadProvider) log.info("reminders: the mail provider takes mail again");
      failuresInARow = 0;
    }
    if (away.length === 0) return;
    const before = failuresInARow;
    failuresInARow += away.length;
    const asked = Math.min(mostPauseMs, Math.max(0, ...away.map(({ retryAfterMs }) => retryAfterMs ?? 0)));
    const past = failuresInARow - failuresOfADeadProvider;
    const ownMs = past < 0 ? 0 : backoffMs(providerPause, Math.min(past + 1, 10));
    pausedUntil = performance.now() + Math.max(asked, ownMs);
    if (before < failuresOfADeadProvider && past >= 0) log.error("reminders: the mail provider takes nothing");
  }

  async function arm(): Promise<number> {
    const [plans, over] = [await takeToArm(deps.sql, atOnce), await takeToClear(deps.sql, atOnce)];
    if (plans.some(({ isDue }) => isDue)) ring();
    const ahead = plans.filter(({ isDue }) => !isDue);
    for (let at = 0; at < ahead.length; at += armsAtOnce) {
      const setting = ahead.slice(at, at + armsAtOnce).map((plan) => {
        const { traceparent } = plan;
        return deps.alarms.set(alarmNameOf(plan), plan.remindAt, { traceparent });
      });
      const failed = (await Promise.allSettled(setting)).find((one) => one.status === "rejected");
      if (!failed) continue;
      await noteUnarmed(deps.sql, ahead.slice(at));
      throw failed.reason;
    }
    // Best effort: an alarm of what was called off rings in vain.
    await Promise.allSettled(over.map((plan) => deps.alarms.clear(alarmNameOf(plan))));
    return plans.length === atOnce || over.length === atOnce ? 0 : idleMs;
  }

  async function report(): Promise<number> {
    const unreported = await takeReports(deps.sql, atOnce);
    if (unreported.length === 0) return idleMs;
    const results = unreported.flatMap((one) => resultOf(one) ?? []);
    try {
      if (results.length > 0) await askApi(deps.invoke).report(results);
    } catch (error) {
      await noteUnreported(deps.sql, unreported);
      throw error;
    }
    await noteReported(deps.sql, unreported);
    return unreported.length === atOnce ? 0 : idleMs;
  }

  async function sweep(): Promise<number> {
    await reconcile(deps);
    alarms.ring();
    reports.ring();
    ring();
    return idleMs * (0.9 + 0.2 * Math.random());
  }

  const senders = [1, 2].map((number) => createLoop({ name: `sending reminders (${number})`, log, work: send }));
  const alarms = createLoop({ name: "setting alarms", log, work: arm });
  const reports = createLoop({ name: "reporting to api", log, work: report });
  const sweeps = createLoop({ name: "sweeping reminders", log, work: sweep });
  const loops = [sweeps, alarms, ...senders, reports];
  const ring = () => {
    for (const sender of senders) sender.ring();
  };

  return {
    ring,
    plansChanged: () => alarms.ring(),
    sweep: () => sweeps.ring(),
    start() {
      for (const loop of loops) loop.start();
    },
    async stop() {
      for (const loop of loops) await loop.stop();
    },
  };
}

/** Null for what api itself called off. */
function resultOf({ reminderId: id, generation, status, attempts, at }: Unreported): ReminderResult | null {
  if (status === "cancelled") return null;
  return { id, generation, outcome: status === "pending" ? "tried" : status, attempts, at: at.toISOString() };
}
