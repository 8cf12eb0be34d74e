import { Problem } from "./problem.ts";

export type TurnLimits = {
  /** Maximum requests of one user under way at once. */
  maxAtOnce: number;
  /** Maximum requests of one user that wait for their turn. */
  maxWaiting: number;
  maxWaitMs: number;
};

/** Half of api's connections: one user never has them all. */
export const turnLimits: TurnLimits = { maxAtOnce: 4, maxWaiting: 500, maxWaitMs: 2_500 };

export type Turns = {
  /**
   * Waits for a turn of this user; call the result when the work is done.
   * @throws Problem 429 when too many wait already, or the turn does not come in time.
   */
  take(userId: string): Promise<() => void>;
  /** Users with requests under way. */
  readonly size: number;
};

type Waiting = { start: () => void };
type Line = { atWork: number; waiting: Set<Waiting> };

/**
 * Runs a few requests of each user at once; the others of that user wait in line. Whatever one user
 * asks for, and however often, connections and time are left for the others.
 */
export function createTurns({ maxAtOnce, maxWaiting, maxWaitMs }: TurnLimits = turnLimits): Turns {
  const lines = new Map<string, Line>();

  function leave(userId: string, line: Line): void {
    const [next] = line.waiting;
    if (next) {
      line.waiting.delete(next);
      next.start();
    } else if (--line.atWork === 0) lines.delete(userId);
  }

  function turnOf(userId: string, line: Line): () => void {
    let isDone = false;
    return () => {
      if (!isDone) leave(userId, line);
      isDone = true;
    };
  }

  return {
    get size() {
      return lines.size;
    },
    async take(userId) {
      const line = lines.get(userId) ?? { atWork: 0, waiting: new Set() };
      lines.set(userId, line);
      if (line.atWork < maxAtOnce) {
        line.atWork += 1;
        return turnOf(userId, line);
      }
      if (line.waiting.size >= maxWaiting) throw tooManyAtOnce();
      await inLine(line, maxWaitMs);
      return turnOf(userId, line);
    },
  };
}

/** Resolves when the previous one hands over its turn. */
function inLine({ waiting }: Line, maxWaitMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const one: Waiting = {
    start() {
      clearTimeout(timer);
      resolve();
    },
  };
  const timer = setTimeout(() => {
    waiting.delete(one);
    reject(tooManyAtOnce());
  }, maxWaitMs);
  waiting.add(one);
  return promise;
}

const tooManyAtOnce = (): Problem =>
  new Problem("too_many_requests", "Too many requests at once. Send fewer at a time.", {
    headers: { "retry-after": "1" },
  });
