import { createLoop } from "@carillon/kit/loop";
import { inSpan, type Trace } from "@carillon/kit/observe";
import { armAlarms } from "./arm-alarms.ts";
import { createChannelSender } from "./channels/deliver-sends.ts";
import type { NotificationDeps } from "./deps.ts";
import { groupWrites } from "./group-writes.ts";
import { settle, type Try } from "./ledger/sends.ts";
import { sendLetters } from "./letters/send-letters.ts";
import type { PlanKey } from "./plan.ts";
import { reconcile } from "./reconcile.ts";
import { reportResults } from "./report-results.ts";
import { createRung } from "./rung.ts";
import { createSender } from "./sender.ts";

/** The background work of notification: alarms, sends, reports to api, and the sweep that finds lost reminders. */
export type Courier = {
  /** The alarm of a plan rang: something is due. */
  rung(plan: PlanKey, trace: Trace | null): void;
  /** A plan was announced or cancelled. */
  plansChanged(): void;
  /** Compares with api now instead of at the next turn. */
  sweep(): void;
  start(): void;
  /** Resolves when the mails under way are sent. */
  stop(): Promise<void>;
};

const idleMs = 10_000;
/** A user waits for a way back in. */
const lettersMs = 2_000;
/**
 * A turn waits for mails, for the scheduler alarm by alarm, or for api page by page; each of these
 * waits has its own limit.
 */
const maxTurnMs = 300_000;

/** Each kind of work is a loop of its own, so that none waits for another's dependency; they share only the ledger. */
export function createCourier(deps: NotificationDeps): Courier {
  const { log, sql } = deps;
  const write = groupWrites<Try>((tries) => settle(sql, tries));
  const traces = createRung();
  const send = createSender(deps, {
    write,
    rung: traces,
    // A moved reminder may have a newer plan, which has no alarm yet.
    onMoved: () => alarms.ring(),
    onSomethingToTell: () => reports.ring(),
    claimed: () => channels.ring(),
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
    // Jitter, so that replicas started together do not keep sweeping together.
    return idleMs * (0.9 + 0.2 * Math.random());
  }

  const report = async (): Promise<number> => ((await reportResults(deps)) ? 0 : idleMs);
  const loop = (name: string, work: () => Promise<number>) =>
    createLoop({ name, service: "notification", log, maxTurnMs, work });
  const senders = [send, send].map((work) => loop("sending reminders", work));
  const alarms = loop("setting alarms", arm);
  const reports = loop("reporting to api", report);
  const letters = loop("sending letters", async () => ((await sendLetters(deps)) ? 0 : lettersMs));
  const toChannels = createChannelSender(deps, () => channels.ring());
  const channels = loop("sending to channels", toChannels.turn);
  const sweeps = loop("sweeping reminders", sweep);
  const loops = [sweeps, alarms, ...senders, reports, letters, channels];
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
      // In parallel: a loop that waits for a neighbour must not let another start new mails meanwhile.
      await Promise.all(loops.map((loop) => loop.stop()));
      await toChannels.drained();
    },
  };
}
