import type { Subscription } from "@carillon/contracts/catalog";
import { backoffMs } from "../../loop/backoff.ts";
import { type Bell, createBell } from "../../loop/bell.ts";
import { sleep, within } from "../../loop/deadline.ts";
import { fatal } from "../../loop/fatal.ts";
import type { Log } from "../../observe/log.ts";
import { metrics } from "../../observe/metrics.ts";
import type { Slots } from "../../publish/slots/slots.ts";
import { createAloneLane } from "./alone-lane.ts";
import type { DeliveryStore } from "./delivery-store.ts";
import type { Answer } from "./door.ts";
import type { Due } from "./due.ts";
import { failed, judge, type Outcome } from "./judge.ts";
import { planCalls } from "./plan-calls.ts";

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

type Lane = { number: number; bell: Bell; passes: number; databaseFailures: number; nextTryAt: number; restMs: number };

/** The slots are worked on by two loops, so that one reads or settles while the other's batch is being handled. */
const laneCount = 2;
const aloneWidth = 8;
/** So many whole calls without an answer in a row mean that it is the door and no event. */
const failuresOfADeadDoor = 8;
const doorPause = { firstMs: 200, maxMs: 5_000 };
const databasePause = { firstMs: 100, maxMs: 2_000 };
const databaseMs = 20_000;

/** A long search that found nothing went over much that is held back: not to be repeated at every ring. */
const restAfter = (searchMs: number): number => (searchMs < 25 ? 0 : Math.min(1_000, 3 * searchMs));

/**
 * Delivers one subscriber's messages, in order per key, in batches; what fails goes on alone, so that it delays its own key only. A
 * delivery is settled after the door's answer: a crash in between delivers it again.
 */
export function startRunner({ subscription, store, slots, deliver, log, pollMs, batch }: RunnerOptions): Runner {
  const stopping = new AbortController();
  const lanes: Lane[] = Array.from({ length: laneCount }, (_, number) => ({
    number,
    bell: createBell(),
    passes: 0,
    databaseFailures: 0,
    nextTryAt: Number.POSITIVE_INFINITY,
    restMs: 0,
  }));
  const ring = () => {
    for (const lane of lanes) lane.bell.ring();
  };
  const { service, topic, retry, deadLetter } = subscription;
  const names = { subscriber: service, topic };
  let failuresInARow = 0;
  let pausedUntil = 0;
  const width = () => (failuresInARow >= failuresOfADeadDoor ? 1 : aloneWidth);
  const alone = createAloneLane(deliverKey, width, ring);

  async function knock(entries: readonly Due[]): Promise<Answer> {
    const answer = await deliver(entries);
    if (answer.kind === "answered") {
      failuresInARow = 0;
      pausedUntil = 0;
      return answer;
    }
    failuresInARow++;
    const past = failuresInARow - failuresOfADeadDoor;
    if (past >= 0) pausedUntil = performance.now() + backoffMs(doorPause, past + 1);
    if (past <= 0)
      log.warn("delivery: a call failed as a whole", { ...names, events: entries.length, reason: answer.reason });
    return answer;
  }

  async function settle(outcomes: readonly Outcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    await within(databaseMs, "settling deliveries", store.settle(outcomes));
    for (const outcome of outcomes) {
      if (outcome.kind === "again") noteNextTry(outcome.due, outcome.delay_ms);
      if (outcome.kind === "given up") noteGivenUp(outcome);
    }
  }

  function noteNextTry({ slot }: Due, delayMs: number): void {
    const lane = lanes[slot % laneCount];
    if (lane) lane.nextTryAt = Math.min(lane.nextTryAt, performance.now() + delayMs + 2);
  }

  function noteGivenUp({ due, attempts, reason }: Extract<Outcome, { kind: "given up" }>): void {
    const fields = { ...names, event_id: due.eventId, attempts, reason };
    if (deadLetter === null) {
      log.info("delivery: given up", fields);
      return;
    }
    metrics.deadLetters.inc({ service, topic });
    log.error("delivery: parked in the dead letters", { ...fields, dead_letter: deadLetter });
  }

  /** One event after the other until one fails. */
  async function deliverKey(entries: readonly Due[]): Promise<void> {
    for (const due of entries) {
      await sleep(Math.max(0, pausedUntil - performance.now()), stopping.signal);
      const lease = slots.enter([due.slot]);
      try {
        if (stopping.signal.aborted || lease.lost()) return;
        const answer = await knock([due]);
        const outcomes =
          answer.kind === "answered" ? judge([due], answer.statuses, retry) : [failed(due, answer.reason, retry)];
        await settle(outcomes);
        if (outcomes.some((outcome) => outcome.kind === "again")) return;
      } catch (error) {
        // Not settled: it is read again and delivered again.
        log.warn("delivery: cannot be settled", { ...names, error });
        return;
      } finally {
        lease.leave();
      }
    }
  }

  async function deliverBulk(entries: readonly Due[]): Promise<void> {
    const answer = await knock(entries);
    const [first] = entries;
    if (answer.kind === "answered") await settle(judge(entries, answer.statuses, retry));
    else if (first && entries.length === 1) await settle([failed(first, answer.reason, retry)]);
    else for (const ofKey of Map.groupBy(entries, (due) => due.key).values()) alone.add(ofKey);
  }

  /** Whether there may be more to do at once. */
  async function work(lane: Lane): Promise<boolean> {
    const mine = slots.mine().filter((slot) => slot % laneCount === lane.number);
    if (mine.length === 0 || alone.isFull() || performance.now() < pausedUntil) return false;
    const first = lane.passes++ % mine.length;
    const lease = slots.enter(mine);
    try {
      const served = [...mine.slice(first), ...mine.slice(0, first)];
      const askedAt = performance.now();
      const due = await within(databaseMs, "reading deliveries", store.due(served, alone.keys(), batch));
      lane.restMs = due.length === 0 ? restAfter(performance.now() - askedAt) : 0;
      if (lease.lost()) return true;
      const calls = planCalls(due);
      for (const ofKey of calls.alone) alone.add(ofKey);
      if (calls.bulk.length > 0) await deliverBulk(calls.bulk);
      return due.length > 0;
    } finally {
      lease.leave();
    }
  }

  async function run(lane: Lane): Promise<void> {
    while (!stopping.signal.aborted) {
      let more = false;
      try {
        if (lane.nextTryAt <= performance.now()) lane.nextTryAt = Number.POSITIVE_INFINITY;
        more = await work(lane);
        lane.databaseFailures = 0;
      } catch (error) {
        if (lane.databaseFailures++ === 0) log.warn("delivery: the database fails", { ...names, error });
      }
      if (stopping.signal.aborted || more) continue;
      if (lane.databaseFailures > 0) await sleep(backoffMs(databasePause, lane.databaseFailures), stopping.signal);
      else if (lane.restMs > 0) await sleep(lane.restMs, stopping.signal);
      else await lane.bell.rung(Math.max(1, Math.min(pollMs, lane.nextTryAt - performance.now())));
    }
  }

  const running = lanes.map((lane) => run(lane).catch(fatal));

  return {
    ring,
    async stop() {
      stopping.abort();
      ring();
      await Promise.all(running);
      await alone.drain();
      await slots.stop();
    },
  };
}
