import { metrics } from "../observe/metrics.ts";
import { Problem } from "../service/problem.ts";

export type AnswerLimits = {
  /** Maximum open answers of one user. */
  maxPerUser: number;
  /** Maximum open answers of this process. */
  maxPerProcess: number;
};

/** A browser opens six connections to one host; each open answer costs at most some megabyte. */
export const answerLimits: AnswerLimits = { maxPerUser: 8, maxPerProcess: 32 };

/** A reader that took nothing for this long gives up its place when another one needs it. */
const stalledMs = 2_000;

/** One answer on its way to a reader. */
export type OpenAnswer = {
  /** The reader took a part. */
  taken(): void;
  /** It is complete, or its reader is gone. Idempotent. */
  end(): void;
};

export type OpenAnswers = {
  /**
   * Admits an answer; `cut` is called when it has to make room.
   * @throws Problem when there is no room: 429 for this user, 503 for all.
   */
  open(userId: string | null, cut: () => void): OpenAnswer;
  readonly size: number;
};

type Entry = { userId: string | null; takenAtMs: number; cut: () => void };

/**
 * The answers of this process that are too large to be handed to the kernel at once. Their number is
 * bounded, because each keeps memory until it is read; when all places are taken, the one whose
 * reader has stalled longest makes room.
 */
export function createOpenAnswers(limits: AnswerLimits = answerLimits, nowMs = () => performance.now()): OpenAnswers {
  const entries = new Set<Entry>();

  function leave(entry: Entry): void {
    if (entries.delete(entry)) metrics.openAnswers.set(entries.size);
  }

  function makeRoom(): boolean {
    const [slowest] = [...entries].toSorted((one, other) => one.takenAtMs - other.takenAtMs);
    if (!slowest || nowMs() - slowest.takenAtMs < stalledMs) return false;
    leave(slowest);
    slowest.cut();
    metrics.answersEnded.inc({ how: "cut" });
    return true;
  }

  return {
    get size() {
      return entries.size;
    },
    open(userId, cut) {
      const own = userId === null ? 0 : [...entries].filter((entry) => entry.userId === userId).length;
      if (own >= limits.maxPerUser) throw tooManyOfUser(limits.maxPerUser);
      if (entries.size >= limits.maxPerProcess && !makeRoom()) throw tooManyOfProcess();
      const entry: Entry = { userId, takenAtMs: nowMs(), cut };
      entries.add(entry);
      metrics.openAnswers.set(entries.size);
      return {
        taken() {
          entry.takenAtMs = nowMs();
        },
        end: () => leave(entry),
      };
    },
  };
}

function tooManyOfUser(max: number): Problem {
  metrics.answersEnded.inc({ how: "refused_user" });
  return new Problem("too_many_requests", `${max} large answers are on their way to you; read them first.`, {
    headers: { "retry-after": "5" },
  });
}

function tooManyOfProcess(): Problem {
  metrics.answersEnded.inc({ how: "refused_process" });
  return new Problem("unavailable", "Too many large answers are on their way right now. Try again shortly.", {
    headers: { "retry-after": "2" },
  });
}
