import { slotCount } from "@carillon/contracts/names";
import type { Sql } from "../../database/connect.ts";
import { createBell } from "../../loop/bell.ts";
import { within } from "../../loop/deadline.ts";
import { fatal } from "../../loop/fatal.ts";
import type { Log } from "../../observe/log.ts";
import { openSlotSession, type SlotSession } from "./session.ts";
import { planShare } from "./share-plan.ts";

/** Work on some slots. They are not given to another replica before `leave`; they may be lost all the same, with the connection. */
export type Lease = {
  /** True as soon as another replica may lead one of them: stop, begin nothing new. */
  lost(): boolean;
  leave(): void;
};

/** The slots that this process leads for one purpose, at this moment. */
export type Slots = {
  /** Slots to work on, ascending; without those that are about to go to another replica. Empty while the connection is down. */
  mine(): number[];
  enter(slots: readonly number[]): Lease;
  /** Gives everything back. The caller has left its leases before. */
  stop(): Promise<void>;
};

export type SlotOptions = {
  /** Where the locks live; a connection of its own is made from its settings. */
  sql: Sql;
  /** What is shared out, e.g. "relay:api"; replicas with the same purpose share. */
  purpose: string;
  log: Log;
  /** Called after the set of slots changed. */
  onChange?: () => void;
  beatMs?: number;
};

const answerMs = 3_000;

/**
 * A fair share of the twelve slots. Each slot has at most one leader, by a session advisory lock on one dedicated connection; every
 * replica holds a shared lock too, so that all can count each other. A replica that has more than ⌈12 ÷ replicas⌉ gives idle ones
 * back; one that has fewer takes free ones. When a process dies its locks go with its connection and the others take over at their
 * next beat; a host that vanished is noticed by TCP keepalive after about 11 s.
 */
export function shareSlots({ sql, purpose, log, onChange = () => {}, beatMs = 1_000 }: SlotOptions): Slots {
  const bell = createBell();
  const busy = new Map<number, number>();
  let held = new Set<number>();
  let leaving = new Set<number>();
  let epoch = 0;
  let stopped = false;
  let complained = false;
  let session = open();

  function open(): SlotSession {
    const mine: SlotSession = openSlotSession(sql, purpose, () => mine === session && lose());
    return mine;
  }

  /** From here on another replica may lead what was ours. */
  function lose(): void {
    epoch++;
    held = new Set();
    leaving = new Set();
    onChange();
    bell.ring();
  }

  async function beat(mine: SlotSession): Promise<void> {
    const current = <Seen>(seen: Seen): Seen => {
      if (mine !== session) throw new Error("an answer of a connection that no longer counts");
      return seen;
    };
    const before = [...held].join();
    const now = current(await mine.look());
    if ([...held].some((slot) => !now.held.includes(slot))) lose();
    const plan = planShare({ ...now, busy: [...busy.keys()] });
    leaving = new Set(plan.leaving);
    held = new Set(now.held);
    for (const slot of plan.leaving) {
      if (busy.has(slot)) continue;
      held.delete(slot);
      current(await mine.release(slot));
    }
    for (const slot of current(await mine.take(plan.take))) held.add(slot);
    if ([...held].join() !== before) onChange();
  }

  async function live(): Promise<void> {
    while (!stopped) {
      const during = epoch;
      try {
        await within(answerMs, "the slots' connection", beat(session));
        if (complained) log.info("slots: connection is back", { purpose });
        complained = false;
      } catch (error) {
        if (!complained && !stopped) log.warn("slots: connection lost, nothing is led", { purpose, error });
        complained = true;
        // A connection that does not answer may still hold the locks for the server, but must not count for us.
        if (epoch === during) lose();
        session.close();
        session = open();
      }
      if (!stopped) await bell.rung(complained ? beatMs / 4 : beatMs * (0.9 + Math.random() * 0.2));
    }
  }

  const living = live().catch(fatal);

  return {
    mine: () => (stopped ? [] : [...held].filter((slot) => !leaving.has(slot)).sort((a, b) => a - b)),
    enter(slots) {
      const during = epoch;
      const valid = slots.every((slot) => held.has(slot));
      for (const slot of slots) busy.set(slot, (busy.get(slot) ?? 0) + 1);
      let inside = true;
      return {
        lost: () => !valid || epoch !== during,
        leave() {
          if (!inside) return;
          inside = false;
          for (const slot of slots) {
            const left = (busy.get(slot) ?? 1) - 1;
            if (left > 0) busy.set(slot, left);
            else busy.delete(slot);
            if (left === 0 && leaving.has(slot)) bell.ring();
          }
        },
      };
    },
    async stop() {
      stopped = true;
      bell.ring();
      await living;
      await session.end();
    },
  };
}

/** All slots, always: for what nobody else shares. */
export function allSlots(): Slots {
  const every = Array.from({ length: slotCount }, (_, slot) => slot);
  return { mine: () => every, enter: () => ({ lost: () => false, leave: () => {} }), stop: async () => {} };
}
