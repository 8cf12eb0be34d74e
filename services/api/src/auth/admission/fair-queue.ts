/** On whose behalf work is queued. */
export type QueueCaller = {
  /** Identifies the client: its address or device. */
  client: string;
  /** The client has signed in to this account before; it goes first. */
  isKnown: boolean;
  /**
   * Aborted once no caller waits for the answer any more: its deadline passed, or its connection closed.
   */
  signal: AbortSignal;
};

type Entry = QueueCaller & { turn: number; start: () => void; refuse: (why: Refusal) => void };

export type Refusal = "full" | "abandoned";

/** Why work was not started: the queue was full, or its caller stopped waiting. */
export class NotServed extends Error {
  override name = "NotServed";
  readonly why: Refusal;
  constructor(why: Refusal) {
    super(why);
    this.why = why;
  }
}

type Limits = { maxRunning: number; maxWaiting: number };

/**
 * Runs costly work, `maxRunning` in parallel, while at most `maxWaiting` callers wait. Known clients
 * go first; all others take turns, client by client (start-time fair queueing). When the queue is
 * full the last in that order is rejected, whether new or waiting.
 */
export class FairQueue {
  readonly #limits: Limits;
  /** The last started turn: a client that arrives now has missed none before it. */
  #turn = 0;
  #running: Entry[] = [];
  #waiting: Entry[] = [];

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The result of `work`. @throws NotServed when it was rejected; then `work` never started. */
  async run<Result>(caller: QueueCaller, work: () => Promise<Result>): Promise<Result> {
    const entry = await this.#place(caller);
    try {
      return await work();
    } finally {
      this.#running = without(this.#running, entry);
      this.#startNext();
    }
  }

  /** The caller's entry once its turn has come. @throws NotServed when it was rejected. */
  async #place(caller: QueueCaller): Promise<Entry> {
    if (caller.signal.aborted) throw new NotServed("abandoned");
    const { promise, resolve, reject } = Promise.withResolvers<Entry>();
    const abandon = () => this.#refuse(entry, "abandoned");
    const settled = () => caller.signal.removeEventListener("abort", abandon);
    const entry: Entry = {
      ...caller,
      turn: this.#turnOf(caller.client),
      start: () => {
        settled();
        resolve(entry);
      },
      refuse: (why) => {
        settled();
        reject(new NotServed(why));
      },
    };
    caller.signal.addEventListener("abort", abandon, { once: true });
    this.#waiting = [...this.#waiting, entry].sort(byTurn);
    this.#startNext();
    const last = this.#waiting.length > this.#limits.maxWaiting ? this.#waiting.at(-1) : undefined;
    if (last) this.#refuse(last, "full");
    return promise;
  }

  #turnOf(client: string): number {
    const own = [...this.#running, ...this.#waiting].filter((entry) => entry.client === client);
    return Math.max(this.#turn, ...own.map((entry) => entry.turn + 1));
  }

  #refuse(entry: Entry, why: Refusal): void {
    this.#waiting = without(this.#waiting, entry);
    entry.refuse(why);
  }

  #startNext(): void {
    const [next] = this.#waiting;
    if (!next || this.#running.length >= this.#limits.maxRunning) return;
    this.#waiting = without(this.#waiting, next);
    this.#running.push(next);
    this.#turn = Math.max(this.#turn, next.turn);
    next.start();
  }
}

const without = (entries: readonly Entry[], gone: Entry): Entry[] => entries.filter((entry) => entry !== gone);

/** Sorting is stable: within a turn the order of arrival stays. */
const byTurn = (one: Entry, other: Entry): number =>
  Number(other.isKnown) - Number(one.isKnown) || one.turn - other.turn;
