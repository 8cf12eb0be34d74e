import { type ServiceName, slotCount } from "@carillon/contracts/names";
import type { Sql } from "@carillon/kit/database";
import { createLoop, type Loop, within } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import { openSlotSession, type SlotSession } from "./session.ts";
import { planShare } from "./share-plan.ts";

/**
 * A lease on some slots. They are not given to another replica before `leave`; they may still be lost
 * with the connection.
 */
export type Lease = {
  /** True as soon as another replica may lead one of them: stop, and start nothing new. */
  lost(): boolean;
  leave(): void;
};

/** The slots that this process leads for one purpose, at this moment. */
export type Slots = {
  /** Slots to work on, ascending; without those about to go to another replica. Empty while the connection is down. */
  mine(): number[];
  enter(slots: readonly number[]): Lease;
  /** Gives everything back. The caller has left its leases before. */
  stop(): Promise<void>;
};

export type SlotOptions = {
  /** The database of the locks; a connection of its own is made from its settings. */
  sql: Sql;
  /** What is shared out, e.g. "relay:api"; replicas with the same purpose share. */
  purpose: string;
  /** The service doing the work. */
  service?: ServiceName | "every";
  log: Log;
  /** Called after the set of slots changed. */
  onChange?: () => void;
  beatMs?: number;
};

const answerMs = 3_000;

/**
 * A fair share of the twelve slots. Each slot has at most one leader, by a session advisory lock on
 * one dedicated connection; every replica holds a shared lock too, so that all can count each
 * other. A replica with more than ⌈12 ÷ replicas⌉ gives idle ones back; one with fewer takes free
 * ones. When a process dies its locks go with its connection and the others take over at their next
 * beat; a vanished host is noticed by TCP keepalive after about 11 s.
 */
export function shareSlots(options: SlotOptions): Slots {
  const share = new SlotShare(options);
  return { mine: () => share.mine(), enter: (slots) => share.enter(slots), stop: () => share.stop() };
}

class SlotShare {
  readonly #options: SlotOptions;
  readonly #busy = new Map<number, number>();
  readonly #loop: Loop;
  readonly #beatMs: number;
  #held = new Set<number>();
  #leaving = new Set<number>();
  /** Grows whenever all leadership is lost. */
  #epoch = 0;
  #isStopped = false;
  #session: SlotSession;

  constructor(options: SlotOptions) {
    const { purpose, service = "every", log, beatMs = 1_000 } = options;
    this.#options = options;
    this.#beatMs = beatMs;
    this.#session = this.#open();
    this.#loop = createLoop({
      name: "sharing slots",
      service,
      log,
      fields: { purpose },
      pause: { firstMs: beatMs / 4, maxMs: 2 * beatMs },
      work: () => this.#turn(),
    });
    this.#loop.start();
  }

  mine(): number[] {
    if (this.#isStopped) return [];
    return [...this.#held].filter((slot) => !this.#leaving.has(slot)).sort((a, b) => a - b);
  }

  enter(slots: readonly number[]): Lease {
    const during = this.#epoch;
    const isValid = slots.every((slot) => this.#held.has(slot));
    for (const slot of slots) this.#busy.set(slot, (this.#busy.get(slot) ?? 0) + 1);
    let isInside = true;
    return {
      lost: () => !isValid || this.#epoch !== during,
      leave: () => {
        if (isInside) for (const slot of slots) this.#leave(slot);
        isInside = false;
      },
    };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#loop.stop();
    await this.#session.end();
  }

  #leave(slot: number): void {
    const left = (this.#busy.get(slot) ?? 1) - 1;
    if (left > 0) this.#busy.set(slot, left);
    else this.#busy.delete(slot);
    if (left === 0 && this.#leaving.has(slot)) this.#loop.ring();
  }

  #open(): SlotSession {
    const mine: SlotSession = openSlotSession(this.#options.sql, this.#options.purpose, () => {
      if (mine !== this.#session) return;
      this.#lose();
      this.#loop.ring();
    });
    return mine;
  }

  /** From here on another replica may lead our former slots. */
  #lose(): void {
    this.#epoch++;
    this.#held = new Set();
    this.#leaving = new Set();
    this.#options.onChange?.();
  }

  async #turn(): Promise<number> {
    const session = this.#session;
    const during = this.#epoch;
    try {
      await within(answerMs, "the slots' connection", this.#beat(session));
    } catch (error) {
      // A connection that does not answer may still hold the locks for the server, but must not count for
      // us.
      if (this.#epoch === during) this.#lose();
      this.#session = this.#open();
      session.close();
      throw error;
    }
    return this.#beatMs * (0.9 + Math.random() * 0.2);
  }

  async #beat(session: SlotSession): Promise<void> {
    const current = <Seen>(seen: Seen): Seen => {
      if (session !== this.#session) throw new Error("an answer of a connection that no longer counts");
      return seen;
    };
    const before = [...this.#held].join();
    const now = current(await session.look());
    if ([...this.#held].some((slot) => !now.held.includes(slot))) this.#lose();
    const plan = planShare({ ...now, busy: [...this.#busy.keys()] });
    this.#leaving = new Set(plan.leaving);
    this.#held = new Set(now.held);
    for (const slot of plan.leaving) {
      if (this.#busy.has(slot)) continue;
      this.#held.delete(slot);
      current(await session.release(slot));
    }
    for (const slot of current(await session.take(plan.take))) this.#held.add(slot);
    if ([...this.#held].join() !== before) this.#options.onChange?.();
  }
}

/** All slots, always: without other replicas. */
export function allSlots(): Slots {
  const every = Array.from({ length: slotCount }, (_, slot) => slot);
  return { mine: () => every, enter: () => ({ lost: () => false, leave: () => {} }), stop: async () => {} };
}
