import { createLoop } from "@carillon/kit/loop";
import { inSpan, type Trace } from "@carillon/kit/observe";
import { armAlarms } from "./arm-alarms.ts";
import type { NotificationDeps } from "./deps.ts";
import { groupWrites } from "./group-writes.ts";
import { settle, type Try } from "./ledger/sends.ts";
import type { PlanKey } from "./plan.ts";
import { reconcile } from "./reconcile.ts";
import { reportResults } from "./report-results.ts";
import { createRung } from "./rung.ts";
import { createSender } from "./sender.ts";

/** The work of notification that no request waits for: alarms, sends, reports to api, and the sweep that finds what was forgotten. */
export type Courier = {
  /** The alarm of a plan rang: something is due. */
  rung(plan: PlanKey, trace: Trace | null): void;
  /** Something was announced or called off. */
  plansChanged(): void;
  /** Compares with api now, and not at the next turn. */
  sweep(): void;
  start(): void;
  /** Ends after the mails that are on their way. */
  stop(): Promise<void>;
};

const idleMs = 10_000;
/** A turn waits for mails, for a scheduler alarm by alarm, for api page by page; each of these waits ends by itself. */
const maxTurnMs = 300_000;

/** Each kind of work is a loop of its own, for none may wait for another's neighbour; the ledger is all they share. */
export function createCourier(deps: NotificationDeps): Courier {
  const { log, sql } = deps;
  const write = groupWrites<Try>((tries) => settle(sql, tries));
  const traces = createRung();
  const send = createSender(deps, {
    write,
    rung: traces,
    // One that was moved may have a newer plan, which has no alarm yet.
    onMoved: () => alarms.ring(),
    onSomethingToTell: () => reports.ring(),
  });

  async function arm(): Promise<number> {
    const { someAreDue, more } = await armAlarms(deps);
    if (someAreDue) ring();
    return more ? 0 : idleMs;
  }

  async function sweep(): Promise<number> {
    await inSpan({ name: "sweep reminders", kind: "internal", service: "notification" }, () => reconcile(deps));
    alarms.ring();
    reports.ring();
    ring();
    // Replicas that were started together do not sweep together for ever.
    return idleMs * (0.9 + 0.2 * Math.random());
  }

  const report = async (): Promise<number> => ((await reportResults(deps)) ? 0 : idleMs);
  const loop = (name: string, work: () => Promise<number>) =>
    createLoop({ name, service: "notification", log, maxTurnMs, work });
  const senders = [send, send].map((work) => loop("sending reminders", work));
  const alarms = loop("setting alarms", arm);
  const reports = loop("reporting to api", report);
  const sweeps = loop("sweeping reminders", sweep);
  const loops = [sweeps, alarms, ...senders, reports];
  const ring = () => {
    for (const sender of senders) sender.ring();
  };

  return {
    rung(plan, trace) {
      if (trace) traces.note(plan, trace);
      ring();
    },
    plansChanged: () => alarms.ring(),
    sweep: () => sweeps.ring(),
    start() {
      for (const loop of loops) loop.start();
    },
    async stop() {
      // All at once: one that waits for a neighbour must not let another begin new mails meanwhile.
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
