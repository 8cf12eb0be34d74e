import type { Subscription } from "@carillon/contracts/catalog";
import type { Lease, Slots } from "@carillon/events/publish";
import { createLoop, isAbandoned, type Loop, type Rest, sleep } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import { type AloneLane, createAloneLane } from "./alone-lane.ts";
import type { DeliveryStore } from "./delivery-store.ts";
import type { Answer } from "./door.ts";
import type { Due } from "./due.ts";
import { failed, judge } from "./judge.ts";
import { createKnocker, type Knocker } from "./knocker.ts";
import { planCalls } from "./plan-calls.ts";
import { createSettler } from "./settler.ts";

export type RunnerOptions = {
  subscription: Subscription;
  store: DeliveryStore;
  /** The slots this process delivers; `onChange` of theirs should ring the runner. */
  slots: Slots;
  deliver: (entries: readonly Due[]) => Promise<Answer>;
  log: Log;
  pollMs: number;
  batch: number;
};

export type Runner = { ring(): void; stop(): Promise<void> };

type Lane = { number: number; passes: number; nextTryAt: number; loop: Loop };

/** Two loops work on the slots, so that one reads or settles while the other's batch is being handled. */
const laneCount = 2;
const aloneWidth = 8;
const databasePause = { firstMs: 100, maxMs: 2_000 };

/** A long search that found nothing went over many held-back rows: it must not be repeated at every ring. */
const restAfter = (searchMs: number): number => (searchMs < 25 ? 0 : Math.min(1_000, 3 * searchMs));

/**
 * Delivers one subscriber's messages, in order per key, in batches; a failed one continues alone, so
 * that it delays its own key only. A delivery is settled after the door's answer: a crash in
 * between delivers it again.
 */
export const startRunner = (options: RunnerOptions): Runner => new DeliveryRunner(options);

class DeliveryRunner implements Runner {
  readonly #options: RunnerOptions;
  readonly #names: Record<string, string>;
  readonly #stopping = new AbortController();
  readonly #lanes: Lane[];
  readonly #knocker: Knocker;
  readonly #settle: ReturnType<typeof createSettler>;
  readonly #alone: AloneLane;

  constructor(options: RunnerOptions) {
    const { subscription, store, deliver, log } = options;
    this.#options = options;
    this.#names = { subscriber: subscription.service, topic: subscription.topic };
    this.#knocker = createKnocker(deliver, log, this.#names);
    this.#settle = createSettler(subscription, store, log, (due, delayMs) => this.#noteNextTry(due, delayMs));
    const width = () => (this.#knocker.isDead() ? 1 : aloneWidth);
    this.#alone = createAloneLane(
      async (entries) => this.#deliverKey(entries),
      width,
      () => this.ring(),
    );
    this.#lanes = Array.from({ length: laneCount }, (_, number) => this.#lane(number));
    for (const { loop } of this.#lanes) loop.start();
  }

  ring(): void {
    for (const { loop } of this.#lanes) loop.ring();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#lanes.map(({ loop }) => loop.stop()));
    await this.#alone.drain();
    await this.#options.slots.stop();
  }

  #lane(number: number): Lane {
    const { subscription, log } = this.#options;
    const loop = createLoop({
      name: "delivering events",
      service: subscription.service,
      log,
      fields: this.#names,
      pause: databasePause,
      work: (signal) => this.#turn(lane, signal),
    });
    const lane: Lane = { number, passes: 0, nextTryAt: Number.POSITIVE_INFINITY, loop };
    return lane;
  }

  #noteNextTry({ slot }: Due, delayMs: number): void {
    const lane = this.#lanes[slot % laneCount];
    if (lane) lane.nextTryAt = Math.min(lane.nextTryAt, performance.now() + delayMs + 2);
  }

  async #turn(lane: Lane, signal: AbortSignal): Promise<Rest> {
    if (lane.nextTryAt <= performance.now()) lane.nextTryAt = Number.POSITIVE_INFINITY;
    const { slots, pollMs } = this.#options;
    const untilNext = (): number => Math.max(1, Math.min(pollMs, lane.nextTryAt - performance.now()));
    const mine = slots.mine().filter((slot) => slot % laneCount === lane.number);
    if (mine.length === 0 || this.#alone.isFull() || this.#knocker.pauseMs() > 0) return untilNext();
    const lease = slots.enter(mine);
    try {
      const first = lane.passes++ % mine.length;
      const searchedMs = await this.#deliverDue([...mine.slice(first), ...mine.slice(0, first)], lease, signal);
      if (searchedMs === null) return 0;
      const restMs = restAfter(searchedMs);
      return restMs > 0 ? { ms: restMs, isDeaf: true } : untilNext();
    } finally {
      lease.leave();
    }
  }

  /** Null when there may be more to do at once; else the duration of the search that found nothing. */
  async #deliverDue(slots: readonly number[], lease: Lease, signal: AbortSignal): Promise<number | null> {
    const { store, batch } = this.#options;
    const askedAt = performance.now();
    const due = await store.due(slots, this.#alone.keys(), batch);
    const searchedMs = performance.now() - askedAt;
    if (lease.lost() || isAbandoned(signal)) return null;
    const calls = planCalls(due);
    for (const ofKey of calls.alone) this.#alone.add(ofKey);
    if (calls.bulk.length > 0) await this.#deliverBulk(calls.bulk);
    return due.length > 0 ? null : searchedMs;
  }

  async #deliverBulk(entries: readonly Due[]): Promise<void> {
    const { retry } = this.#options.subscription;
    const answer = await this.#knocker.knock(entries);
    const [first] = entries;
    if (answer.kind === "answered") await this.#settle(judge(entries, answer.statuses, retry));
    else if (first && entries.length === 1) await this.#settle([failed(first, answer.reason, retry)]);
    else for (const ofKey of Map.groupBy(entries, (due) => due.key).values()) this.#alone.add(ofKey);
  }

  /** One event after the other until one fails. */
  async #deliverKey(entries: readonly Due[]): Promise<void> {
    for (const due of entries) {
      await sleep(this.#knocker.pauseMs(), this.#stopping.signal);
      const lease = this.#options.slots.enter([due.slot]);
      try {
        if (this.#stopping.signal.aborted || lease.lost() || !(await this.#deliverOne(due))) return;
      } catch (error) {
        // Not settled: it is read and delivered again.
        this.#options.log.warn("delivery: cannot be settled", { ...this.#names, error });
        return;
      } finally {
        lease.leave();
      }
    }
  }

  /** False when it will be retried. */
  async #deliverOne(due: Due): Promise<boolean> {
    const { retry } = this.#options.subscription;
    const answer = await this.#knocker.knock([due]);
    const outcomes =
      answer.kind === "answered" ? judge([due], answer.statuses, retry) : [failed(due, answer.reason, retry)];
    await this.#settle(outcomes);
    return !outcomes.some((outcome) => outcome.kind === "again");
  }
}
