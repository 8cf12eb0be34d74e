import type { Trace } from "@carillon/kit/observe";
import { alarmNameOf, type PlanKey } from "./plan.ts";

/** The traces of alarms that rang, until their reminders are taken: a mail belongs to the ring that caused it. */
export type Rung = {
  note(plan: PlanKey, trace: Trace): void;
  /** Null when the reminder is sent without a ring: it was due, and somebody looked. */
  take(plan: PlanKey): Trace | null;
};

/** Remembers at most `most`, the newest: what rang in vain is never taken. */
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
