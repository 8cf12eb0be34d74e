import { describe, expect, test } from "bun:test";
import { FairQueue, NotServed, type QueueCaller } from "./fair-queue.ts";

const waits = new AbortController().signal;
const caller = (client: string, more: Partial<QueueCaller> = {}): QueueCaller => ({
  client,
  isKnown: false,
  signal: waits,
  ...more,
});

/**
 * A queue whose work ends on the test's command; `done` are the clients whose work was started, in
 * that order.
 */
function rig(limits = { maxRunning: 1, maxWaiting: 4 }) {
  const queue = new FairQueue(limits);
  const started: string[] = [];
  const finish: (() => void)[] = [];
  const ask = (given: QueueCaller): Promise<string> =>
    queue
      .run(given, async () => {
        started.push(given.client);
        await new Promise<void>((resolve) => finish.push(resolve));
      })
      .then(
        () => "done",
        (error: unknown) => (error instanceof NotServed ? error.why : "failed"),
      );
  const drain = async () => {
    // Each turn of the event loop lets the next caller start.
    for (let rest = 100; rest > 0; rest--) {
      for (const end of finish.splice(0)) end();
      await Bun.sleep(0);
    }
  };
  return { queue, started, ask, drain };
}

describe("the queue of password hashes", () => {
  test("500 callers at once: two hash, twenty wait, all others are rejected at once", async () => {
    const { queue, started, ask, drain } = rig({ maxRunning: 2, maxWaiting: 20 });
    const outcomes = Array.from({ length: 500 }, (_, n) => ask(caller(`client ${n}`)));
    await Bun.sleep(0);
    expect({ started: started.length, waiting: queue.waiting }).toEqual({ started: 2, waiting: 20 });
    const settled = await Promise.race([Promise.all(outcomes.slice(22)), Bun.sleep(0).then(() => "still waiting")]);
    expect(settled).toEqual(Array(478).fill("full"));
    await drain();
    expect(await Promise.all(outcomes.slice(0, 22))).toEqual(Array(22).fill("done"));
  });

  test("a crowd of one client neither keeps another out nor goes before it", async () => {
    const { started, ask, drain } = rig();
    const crowd = Array.from({ length: 10 }, () => ask(caller("crowd")));
    const other = ask(caller("other"));
    await drain();
    expect(await other).toBe("done");
    expect(started).toEqual(["crowd", "other", "crowd", "crowd", "crowd"]);
    expect((await Promise.all(crowd)).filter((outcome) => outcome === "full")).toHaveLength(6);
  });

  test("clients take turns, however many requests each has sent", async () => {
    const { started, ask, drain } = rig({ maxRunning: 1, maxWaiting: 20 });
    const sent = ["a", "a", "a", "b", "a", "b", "c"].map((client) => ask(caller(client)));
    await drain();
    await Promise.all(sent);
    expect(started.join("")).toBe("abcabaa");
  });

  test("a known client enters a full queue, before all others", async () => {
    const { started, ask, drain } = rig();
    const crowd = Array.from({ length: 8 }, (_, n) => ask(caller(`stranger ${n}`)));
    const owner = ask(caller("owner", { isKnown: true }));
    await drain();
    expect(await owner).toBe("done");
    expect(started.slice(0, 2)).toEqual(["stranger 0", "owner"]);
    expect((await Promise.all(crowd))[4]).toBe("full");
  });

  test("work whose caller has gone is never hashed, and leaves its place to others", async () => {
    const { queue, started, ask, drain } = rig();
    const gone = new AbortController();
    const abandoned = [1, 2, 3].map((n) => ask(caller(`gone ${n}`, { signal: gone.signal })));
    const first = ask(caller("running"));
    gone.abort();
    expect(await Promise.all(abandoned.slice(1))).toEqual(["abandoned", "abandoned"]);
    expect(queue.waiting).toBe(1);
    expect(await ask(caller("late", { signal: gone.signal }))).toBe("abandoned");
    await drain();
    expect(await first).toBe("done");
    expect(started).toEqual(["gone 1", "running"]);
  });

  test("failed work frees its place", async () => {
    const queue = new FairQueue({ maxRunning: 1, maxWaiting: 1 });
    const failing = queue.run(caller("a"), () => Promise.reject(new Error("broken")));
    const next = queue.run(caller("b"), async () => "done");
    await expect(failing).rejects.toThrow("broken");
    expect(await next).toBe("done");
    expect(await queue.run(caller("c"), async () => "done")).toBe("done");
  });

  test("no listener stays on a signal whose caller was served", async () => {
    const { ask, drain } = rig();
    const signal = new AbortController().signal;
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, given);
    };
    signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, given);
    };
    const outcomes = Array.from({ length: 7 }, (_, n) => ask(caller(`${n}`, { signal })));
    await drain();
    await Promise.all(outcomes);
    expect(listeners).toBe(0);
  });
});
