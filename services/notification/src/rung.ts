import type { Trace } from "@carillon/kit/observe";
import { alarmNameOf, type PlanKey } from "./plan.ts";

/** The traces of alarms that rang, until their reminders are claimed: a mail belongs to the alarm that caused it. */
export type Rung = {
  note(plan: PlanKey, trace: Trace): void;
  /** Null when no alarm triggered the send: it was due and a poll found it. */
  take(plan: PlanKey): Trace | null;
};

/** Keeps at most `most` traces, the newest: those of alarms without effect are never taken. */
export function createRung(most = 1_000): Rung {
  const traces = new Map<string, Trace>();
  return {
    note(plan, trace) {
      const [oldest] = traces.keys();
      if (traces.size >= most && oldest !== undefined) traces.delete(oldest);
      traces.set(alarmNameOf(plan), trace);
    },
    take(plan) {
      const name = alarmNameOf(plan);
      const trace = traces.get(name) ?? null;
      traces.delete(name);
      return trace;
    },
  };
}
