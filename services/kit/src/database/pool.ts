import type postgres from "postgres";
import { backoffMs } from "../loop/backoff.ts";
import { fatal } from "../loop/fatal.ts";
import { type Deadlines, Lane } from "./lane.ts";
import type { Statement } from "./statement.ts";
import { ConnectionLost } from "./trouble.ts";

export type PoolOptions = { parsed: postgres.ParsedOptions; max: number; deadlines: Deadlines };

type Ticket = { take(lane: Lane): void; refuse(error: Error): void; looks: number };

const pauseAfterFailure = { firstMs: 100, maxMs: 1_000 };
const maxWaiting = 10_000;
const idleMs = 60_000;
const lifeMs = 30 * 60_000;

/**
 * Connections for statements and transactions, each used by one caller at a time. A failed one is
 * discarded, never repaired. While none can be opened there is one attempt at a time, with growing
 * pauses; waiting callers get that attempt's failure.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #lanes = new Set<Lane>();
  #idle: Lane[] = [];
  #waiting: Ticket[] = [];
  readonly #greeting = new Set<Lane>();
  #opened = 0;
  #failures = 0;
  #notBefore = 0;
  #looking: Timer | null = null;
  #isEnding = false;
  readonly #drained = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  run(statement: Statement): void {
    this.#enqueue({ take: (lane) => lane.run(statement), refuse: (error) => statement.reject(error), looks: 0 });
  }

  /** A connection for the caller alone; it returns to the pool when it is idle. */
  take(): Promise<Lane> {
    return new Promise((resolve, reject) => this.#enqueue({ take: resolve, refuse: reject, looks: 0 }));
  }

  /** Closes all connections after the work under way, within `timeoutMs`. */
  async end(timeoutMs: number | null): Promise<void> {
    if (this.#isEnding) {
      await this.#over.promise;
      return;
    }
    this.#isEnding = true;
    await this.#end(timeoutMs).finally(this.#over.resolve);
  }

  #enqueue(ticket: Ticket): void {
    const refusal = this.#refusal();
    if (refusal) {
      ticket.refuse(refusal);
      return;
    }
    this.#waiting.push(ticket);
    this.#looking ??= setInterval(() => this.#look(), this.#options.deadlines.lookMs).unref();
    this.#pump();
  }

  #refusal(): ConnectionLost | null {
    if (this.#isEnding) return new ConnectionLost("CONNECTION_ENDED", "The connections are being ended.");
    if (this.#waiting.length < maxWaiting) return null;
    return new ConnectionLost("POOL_FULL", "Too many statements wait for the database.");
  }

  #pump(): void {
    while (this.#waiting.length > 0) {
      const lane = this.#idle.pop();
      if (!lane) break;
      lane.handOut();
      this.#waiting.shift()?.take(lane);
    }
    while (this.#waiting.length > this.#greeting.size && this.#mayOpen()) this.#open().catch(fatal);
    if (this.#isEnding && this.#waiting.length === 0 && this.#idle.length === this.#lanes.size) this.#drained.resolve();
  }

  #mayOpen(): boolean {
    if (this.#lanes.size >= this.#options.max) return false;
    return this.#failures === 0 || (this.#greeting.size === 0 && performance.now() >= this.#notBefore);
  }

  async #open(): Promise<void> {
    const { host, port } = this.#options.parsed;
    const at = this.#opened++ % host.length;
    const lane = new Lane({
      parsed: this.#options.parsed,
      address: { host: host[at] ?? "localhost", port: port[at] ?? 5432 },
      deadlines: this.#options.deadlines,
      onFree: (free) => this.#free(free),
      onDeath: (dead, error) => this.#forget(dead, error),
    });
    this.#lanes.add(lane);
    this.#greeting.add(lane);
    try {
      await lane.greet();
      this.#greeting.delete(lane);
      this.#failures = 0;
      this.#free(lane);
    } catch (error) {
      this.#greeting.delete(lane);
      lane.die(error instanceof Error ? error : new Error(String(error)));
      this.#failed(lane.death ?? new Error("The connection failed."));
    }
  }

  /** While another connection is open or opening, it will serve the waiting callers. */
  #failed(error: Error): void {
    const pauseMs = backoffMs(pauseAfterFailure, ++this.#failures);
    this.#notBefore = performance.now() + pauseMs;
    setTimeout(() => this.#pump(), pauseMs + 1);
    if (this.#lanes.size === 0) for (const ticket of this.#waiting.splice(0)) ticket.refuse(error);
  }

  #free(lane: Lane): void {
    if (!lane.death && !this.#idle.includes(lane)) this.#idle.push(lane);
    this.#pump();
  }

  #forget(lane: Lane, error: Error): void {
    this.#lanes.delete(lane);
    this.#idle = this.#idle.filter((one) => one !== lane);
    // Where one path fell silent the others probably did, too; each user would have to find that out
    // again.
    if (error instanceof ConnectionLost && error.code === "STATEMENT_DEADLINE")
      for (const suspect of [...this.#idle]) suspect.die(error);
    // A failed attempt is followed by its pause.
    if (!this.#greeting.has(lane)) queueMicrotask(() => this.#pump());
  }

  #look(): void {
    for (const lane of [...this.#lanes]) lane.look();
    const { lookMs, waitMs } = this.#options.deadlines;
    const expired = this.#waiting.filter((ticket) => ++ticket.looks > waitMs / lookMs);
    if (expired.length > 0) {
      this.#waiting = this.#waiting.filter((ticket) => !expired.includes(ticket));
      for (const ticket of expired)
        ticket.refuse(new ConnectionLost("POOL_DEADLINE", "No connection to the database came free in time."));
    }
    for (const lane of [...this.#idle]) this.#lookAtIdle(lane);
    if (this.#lanes.size > 0 || this.#waiting.length > 0 || !this.#looking) return;
    clearInterval(this.#looking);
    this.#looking = null;
  }

  /** Pings idle connections, so that a silent path is known before a statement needs it. */
  #lookAtIdle(lane: Lane): void {
    const { lookMs, pingMs } = this.#options.deadlines;
    lane.idleLooks++;
    const isOld = performance.now() - lane.openedAt > lifeMs;
    const isOver = isOld || lane.idleLooks * lookMs > idleMs;
    if (!isOver && lane.idleLooks % Math.ceil(pingMs / lookMs) !== 0) return;
    this.#idle = this.#idle.filter((one) => one !== lane);
    if (isOver) lane.close().catch(fatal);
    else lane.ping();
  }

  async #end(timeoutMs: number | null): Promise<void> {
    this.#pump();
    const timer = timeoutMs === null ? undefined : setTimeout(() => this.#drained.resolve(), timeoutMs);
    await this.#drained.promise;
    clearTimeout(timer);
    const over = new ConnectionLost("CONNECTION_ENDED", "The connections were ended.");
    for (const ticket of this.#waiting.splice(0)) ticket.refuse(over);
    const idle = new Set(this.#idle);
    for (const lane of [...this.#lanes]) if (!idle.has(lane)) lane.die(over);
    await Promise.all([...idle].map((lane) => lane.close()));
    if (this.#looking) clearInterval(this.#looking);
    this.#looking = null;
  }
}
