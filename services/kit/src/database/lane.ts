import type net from "node:net";
import postgres from "postgres";
import { abandon, keptFromDriver, openSocket, type Ssl } from "./socket.ts";
import { type Execute, executeOf, followEnd, guarded, type Run, type Statement } from "./statement.ts";
import { ConnectionLost, type LostCode } from "./trouble.ts";

/** Time limits before a connection is given up. Counted in ticks, so accurate to one tick. */
export type Deadlines = {
  lookMs: number;
  connectMs: number;
  /** Longer than the server's own `statement_timeout`, which leaves the connection usable. */
  statementMs: number;
  transactionMs: number;
  /** A statement of a reserved session: a migration. */
  sessionMs: number;
  /** Waiting for a free connection. */
  waitMs: number;
  /** How often an idle connection is checked. */
  pingMs: number;
};

export const usualDeadlines: Deadlines = {
  lookMs: 500,
  connectMs: 2_000,
  statementMs: 17_000,
  transactionMs: 25_000,
  sessionMs: 30 * 60_000,
  waitMs: 10_000,
  pingMs: 5_000,
};

export type LaneOptions = {
  /** postgres.js's parsed address and options. */
  parsed: postgres.ParsedOptions;
  address: { host: string; port: number };
  deadlines: Deadlines;
  /** Called when the lane is idle. */
  onFree: (lane: Lane) => void;
  /** Called once. */
  onDeath: (lane: Lane, error: Error) => void;
  onNotify?: (channel: string) => void;
};

type Work = "connect" | "statement" | "transaction" | "session";

/**
 * One connection for its whole life. Everything it is asked ends: with an answer, or with the lane's
 * death, which a closed socket or a deadline causes and which rejects everything unanswered. This
 * is not left to the driver: postgres.js 3.4.9 loses a statement that it is given between a
 * socket's `error` and its `close`, and one on a silent socket.
 */
export class Lane {
  /** Consecutive idle ticks, counted by the pool. */
  idleLooks = 0;
  readonly openedAt = performance.now();
  readonly #options: LaneOptions;
  readonly #client: postgres.Sql;
  readonly #execute: Execute;
  readonly #unanswered = new Set<Statement>();
  /** Ends the transaction under way with the lane's death. */
  #cut: ((error: Error) => void) | null = null;
  readonly #closed = Promise.withResolvers<void>();
  #socket: net.Socket | null = null;
  #death: Error | null = null;
  #work: Work = "statement";
  #looks = 0;
  #transactionLooks = 0;
  #turn = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#client = clientOf(options, () => this.#open());
    this.#execute = executeOf(this.#client);
  }

  /** Why it ended; null while it lives. */
  get death(): Error | null {
    return this.#death;
  }

  /** Called when the pool gives it to its next user. */
  handOut(): void {
    this.#turn++;
    this.idleLooks = 0;
  }

  /** Resolves when the server has answered for the first time. */
  async greet(): Promise<void> {
    this.#work = "connect";
    await this.#own("select 1");
    this.#work = "statement";
  }

  /** Pings the server; a missing answer is the lane's death. */
  ping(): void {
    this.#own("select 1").catch(() => {});
  }

  run(statement: Statement, execute: Execute = this.#execute): void {
    if (this.#death) {
      statement.reject(this.#death);
      return;
    }
    if (this.#unanswered.size === 0) this.#looks = 0;
    this.#unanswered.add(statement);
    followEnd(statement, () => this.#answered(statement));
    try {
      execute(statement);
    } catch (error) {
      statement.reject(error);
    }
  }

  /** The result of `work`, committed; rejects, rolled back, when it fails, when the lane dies, and when it takes too long. */
  async transaction<Result>(mode: string, work: (tx: postgres.TransactionSql) => Promise<Result>): Promise<Result> {
    if (this.#death) throw this.#death;
    let isOpen = true;
    const run: Run = (statement, execute) =>
      isOpen ? this.run(statement, execute) : statement.reject(new Error("The statement came after its transaction."));
    // One promise each time: a promise as old as the lane would keep what every race with it resolved to.
    const cut = Promise.withResolvers<never>();
    this.#cut = cut.reject;
    this.#begin("transaction");
    try {
      const started = this.#client.begin(mode, async (tx) => work(transactionOf(tx, run)));
      started.catch(() => {});
      return (await Promise.race([started, cut.promise])) as Result;
    } finally {
      isOpen = false;
      this.#cut = null;
      this.#leave();
    }
  }

  /** The lane's statements for one caller, until it releases them. They may take as long as a migration does. */
  reserve(): postgres.ReservedSql {
    let isOpen = true;
    const run: Run = (statement, execute) =>
      isOpen ? this.run(statement, execute) : statement.reject(new Error("The statement came after its session."));
    const release = (): void => {
      if (isOpen) this.#leave();
      isOpen = false;
    };
    this.#begin("session");
    return guarded(this.#client, run, { release }) as unknown as postgres.ReservedSql;
  }

  /**
   * Ends the lane when it is busy with the same thing for too many ticks. Ticks are counted and not
   * milliseconds, so that a process that was suspended does not blame the database for its own
   * pause.
   */
  look(): void {
    const isLate =
      this.#unanswered.size > 0 && this.#lasts(++this.#looks, this.#work === "transaction" ? "statement" : this.#work);
    const isLong = this.#work === "transaction" && this.#lasts(++this.#transactionLooks, "transaction");
    if (!isLate && !isLong) return;
    this.die(new ConnectionLost(codes[this.#work], `The database gave no answer in time (${this.#work}).`));
  }

  /** Ends the lane at once; everything unanswered rejects with `error`. */
  die(error: Error): void {
    if (this.#death) return;
    this.#death = error;
    if (this.#socket) abandon(this.#socket);
    for (const statement of this.#unanswered) statement.reject(error);
    this.#cut?.(error);
    this.#closed.resolve();
    this.#options.onDeath(this, error);
  }

  /** Closes the connection properly. The lane is idle. */
  async close(): Promise<void> {
    const given = new ConnectionLost("CONNECTION_ENDED", "The connection was given up.");
    const socket = this.#socket;
    if (this.#death) return;
    if (!socket) {
      this.die(given);
      return;
    }
    const timer = setTimeout(() => this.die(given), farewellMs);
    socket.end(terminate);
    await this.#closed.promise;
    clearTimeout(timer);
  }

  #lasts(looks: number, work: Work): boolean {
    const { deadlines } = this.#options;
    return looks * deadlines.lookMs > deadlines[`${work}Ms`];
  }

  #begin(work: Work): void {
    this.#work = work;
    this.#looks = 0;
    this.#transactionLooks = 0;
  }

  #leave(): void {
    this.#work = "statement";
    this.#free();
  }

  #answered(statement: Statement): void {
    this.#unanswered.delete(statement);
    this.#looks = 0;
    if (this.#unanswered.size === 0 && this.#work === "statement") this.#free();
  }

  /** Deferred: the driver has not yet finished with the answer it has just delivered. */
  #free(): void {
    const turn = this.#turn;
    queueMicrotask(() => {
      const isFree = turn === this.#turn && this.#unanswered.size === 0 && this.#work === "statement";
      if (isFree && !this.#death) this.#options.onFree(this);
    });
  }

  async #own(text: string): Promise<void> {
    const statement = this.#client.unsafe(text) as unknown as Statement;
    statement.handler = (one) => this.run(one);
    await statement;
  }

  async #open(): Promise<net.Socket> {
    const { parsed, address } = this.#options;
    const isDirect = "sslnegotiation" in parsed && parsed.sslnegotiation === "direct";
    const path = parsed.path || undefined;
    const socket = await openSocket({ ...address, path }, { ssl: (parsed.ssl || false) as Ssl, isDirect }, (opened) => {
      this.#socket = opened;
      opened.on("error", (error) => this.die(error));
      opened.on("close", () =>
        this.die(new ConnectionLost("CONNECTION_CLOSED", "The database closed the connection.")),
      );
      if (this.#death) abandon(opened);
    });
    if (this.#death) throw this.#death;
    return keptFromDriver(socket);
  }
}

const codes: Record<Work, LostCode> = {
  connect: "CONNECT_TIMEOUT",
  statement: "STATEMENT_DEADLINE",
  transaction: "TRANSACTION_DEADLINE",
  session: "STATEMENT_DEADLINE",
};
const farewellMs = 1_000;
/** Message "Terminate": the server ends the session without a log line. */
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

const transactionOf = (tx: postgres.TransactionSql, run: Run): postgres.TransactionSql => {
  const savepoint = async (...given: unknown[]) => {
    const work = given.pop() as (inner: postgres.TransactionSql) => Promise<unknown>;
    const nested = async (inner: postgres.TransactionSql) => work(transactionOf(inner, run));
    return given.length === 0 ? tx.savepoint(nested) : tx.savepoint(String(given[0]), nested);
  };
  return guarded(tx, run, { savepoint });
};

const uuidArray = 2951;

/** A client with one connection that it opens once, through `socket`; deadlines and reconnecting are not left to the driver. */
function clientOf({ parsed, address, onNotify }: LaneOptions, socket: () => Promise<net.Socket>): postgres.Sql {
  const settings = {
    ...parsed,
    host: [address.host],
    port: [address.port],
    max: 1,
    ssl: false,
    socket,
    connect_timeout: null,
    idle_timeout: null,
    max_lifetime: null,
    no_subscribe: true,
    onclose: undefined,
    onnotify: onNotify,
  };
  // The driver asks each new connection for the types of arrays. The answer is kept with the parsed
  // options, which lanes share, so once is enough.
  Object.defineProperty(settings, "fetch_types", { get: () => !(uuidArray in parsed.serializers) });
  // It accepts its own parsed settings (its `listen` does the same); the types only allow raw ones.
  return postgres(settings as unknown as postgres.Options<Record<string, never>>) as postgres.Sql;
}
