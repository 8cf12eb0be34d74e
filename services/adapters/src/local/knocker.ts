import { backoffMs } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import type { Answer } from "./door.ts";
import type { Due } from "./due.ts";

/** Delivers events to one door, and notices when it does not answer. */
export type Knocker = {
  knock(entries: readonly Due[]): Promise<Answer>;
  /** Milliseconds for which the door is left alone; 0 while it answers. */
  pauseMs(): number;
  /** True when the door, and no event, is to blame. */
  isDead(): boolean;
};

/** Consecutive unanswered calls after which the subscriber, not the event, is considered down. */
const maxUnanswered = 8;
const doorPause = { firstMs: 200, maxMs: 5_000 };

export function createKnocker(
  deliver: (entries: readonly Due[]) => Promise<Answer>,
  log: Log,
  names: Record<string, string>,
): Knocker {
  let unanswered = 0;
  let pausedUntil = 0;
  return {
    async knock(entries) {
      const answer = await deliver(entries);
      if (answer.kind === "answered") {
        unanswered = 0;
        pausedUntil = 0;
        return answer;
      }
      const past = ++unanswered - maxUnanswered;
      if (past >= 0) pausedUntil = performance.now() + backoffMs(doorPause, past + 1);
      if (past <= 0)
        log.warn("delivery: a call failed as a whole", { ...names, events: entries.length, reason: answer.reason });
      return answer;
    },
    pauseMs: () => Math.max(0, pausedUntil - performance.now()),
    isDead: () => unanswered >= maxUnanswered,
  };
}
