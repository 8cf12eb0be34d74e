import { Problem } from "./problem.ts";

export type TurnLimits = {
  /** Maximum requests of one user under way at once. */
  maxAtOnce: number;
  /** Of these, maximum requests with one credential: another one of the same user is served at once. */
  maxPerCredential: number;
  /** Maximum requests of one user that wait for their turn. */
  maxWaiting: number;
  maxWaitMs: number;
};

/** Half of api's connections: one user never has them all. */
export const turnLimits: TurnLimits = { maxAtOnce: 4, maxPerCredential: 3, maxWaiting: 500, maxWaitMs: 2_500 };

/** Who asks: the session or access token, and the signal that its client waits for no answer any more. */
export type TurnRequest = { userId: string; credential: string; signal?: AbortSignal };

export type Turns = {
  /**
   * Waits for a turn of this user; call the result when the work is done.
   * @throws Problem 429 when too many wait already, the turn does not come in time, or its caller has gone.
   */
  take(asked: TurnRequest): Promise<() => void>;
  /** Users with requests under way. */
  readonly size: number;
};

type Waiting = { credential: string; start: () => void; refuse: () => void };
type Line = {
  atWork: string[];
  waiting: Set<Waiting>;
  /** When each credential was last served: the one that was served longest ago is next. */
  served: Map<string, number>;
};

/**
 * Runs a few requests of each user at once; the others of that user wait in line, credential by credential. Whatever one user
 * asks for, and however often, connections and time are left for the others, and whatever a program asks for, the
 * person can still revoke its token.
 */
export function createTurns(limits: TurnLimits = turnLimits): Turns {
  const lines = new Map<string, Line>();
  let count = 0;

  const hasRoom = ({ atWork }: Line, credential: string): boolean =>
    atWork.length < limits.maxAtOnce && countOf(atWork, credential) < limits.maxPerCredential;

  function serve(line: Line, credential: string): void {
    line.atWork.push(credential);
    line.served.set(credential, ++count);
  }

  function startNext(line: Line): void {
    const next = nextOf(line, (credential) => hasRoom(line, credential));
    if (!next) return;
    line.waiting.delete(next);
    serve(line, next.credential);
    next.start();
  }

  function leave({ userId, credential }: TurnRequest, line: Line): void {
    line.atWork.splice(line.atWork.indexOf(credential), 1);
    startNext(line);
    if (line.atWork.length === 0) lines.delete(userId);
    else if (isAbsent(line, credential)) line.served.delete(credential);
  }

  function turnOf(asked: TurnRequest, line: Line): () => void {
    let isDone = false;
    return () => {
      if (!isDone) leave(asked, line);
      isDone = true;
    };
  }

  return {
    get size() {
      return lines.size;
    },
    async take(asked) {
      const { userId, credential } = asked;
      const line = lines.get(userId) ?? { atWork: [], waiting: new Set(), served: new Map() };
      lines.set(userId, line);
      if (hasRoom(line, credential)) {
        serve(line, credential);
        return turnOf(asked, line);
      }
      await inLine(line, asked, limits);
      return turnOf(asked, line);
    },
  };
}

/** The first in line of the credential that was served longest ago, among those with room. */
function nextOf({ waiting, served }: Line, hasRoom: (credential: string) => boolean): Waiting | null {
  let next: Waiting | null = null;
  const servedAt = ({ credential }: Waiting): number => served.get(credential) ?? 0;
  for (const one of waiting)
    if (hasRoom(one.credential) && (next === null || servedAt(one) < servedAt(next))) next = one;
  return next;
}

const isAbsent = ({ atWork, waiting }: Line, credential: string): boolean =>
  !atWork.includes(credential) && ![...waiting].some((one) => one.credential === credential);

const countOf = (credentials: readonly string[], credential: string): number =>
  credentials.filter((one) => one === credential).length;

/** Resolves when its turn has come. */
async function inLine(
  { waiting }: Line,
  { credential, signal }: TurnRequest,
  { maxWaiting, maxWaitMs }: TurnLimits,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const one: Waiting = {
    credential,
    start: resolve,
    refuse() {
      waiting.delete(one);
      reject(tooManyAtOnce());
    },
  };
  waiting.add(one);
  if (waiting.size > maxWaiting) lastOfLongest(waiting)?.refuse();
  // A client that has gone leaves the line to the others.
  if (signal?.aborted) one.refuse();
  signal?.addEventListener("abort", one.refuse, { once: true });
  const timer = setTimeout(one.refuse, maxWaitMs);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", one.refuse);
  }
}

/** The last in line of the credential with the most requests in it: it makes room for the others. */
function lastOfLongest(waiting: ReadonlySet<Waiting>): Waiting | undefined {
  const counts = new Map<string, number>();
  for (const { credential } of waiting) counts.set(credential, (counts.get(credential) ?? 0) + 1);
  const longest = Math.max(...counts.values());
  return [...waiting].findLast(({ credential }) => counts.get(credential) === longest);
}

const tooManyAtOnce = (): Problem =>
  new Problem("too_many_requests", "Too many requests at once. Send fewer at a time.", {
    headers: { "retry-after": "1" },
  });
