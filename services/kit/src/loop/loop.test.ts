import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createLog, silentLog } from "../observe/log.ts";
import { metrics } from "../observe/metrics.ts";
import { createLoop, type Loop } from "./loop.ts";
import { stuckLoops } from "./watch.ts";

setDefaultTimeout(30_000);

const started: Loop[] = [];
afterEach(async () => {
  for (const loop of started.splice(0)) await loop.stop();
});

function loopOf(
  work: (signal: AbortSignal) => Promise<number>,
  more: Partial<Parameters<typeof createLoop>[0]> = {},
): Loop {
  const pause = { firstMs: 1, maxMs: 5 };
  const loop = createLoop({ name: "a test's work", service: "audit", log: silentLog, pause, work, ...more });
  started.push(loop);
  return loop;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 10) {
    if (holds()) return;
    await Bun.sleep(10);
  }
  throw new Error(`never: ${what}`);
}

const restarts = async (): Promise<number> =>
  (await metrics.loopRestarts.get()).values.find(({ labels }) => labels.loop === "a test's work")?.value ?? 0;

test("work repeats when its rest is over, at once when the bell rings, and never two turns at a time", async () => {
  let [turns, inside, most] = [0, 0, 0];
  const loop = loopOf(async () => {
    most = Math.max(most, ++inside);
    await Bun.sleep(1);
    inside--;
    return ++turns < 3 ? 0 : 60_000;
  });
  loop.ring();
  loop.start();
  await until("three turns and the kept ring's", () => turns === 4);
  loop.ring();
  await until("the ring's turn", () => turns === 5);
  expect(most).toBe(1);
});

test("a ring does not shorten a deaf rest, a stop does", async () => {
  let turns = 0;
  const loop = createLoop({
    name: "a test's work",
    service: "audit",
    log: silentLog,
    work: async () => {
      turns++;
      return { ms: 60_000, isDeaf: true };
    },
  });
  loop.start();
  loop.ring();
  await Bun.sleep(50);
  expect(turns).toBe(1);
  await loop.stop();
});

test("a failed turn is retried; only the first of consecutive failures is logged, and the recovery", async () => {
  const lines: string[] = [];
  const log = createLog({
    service: "audit",
    level: "info",
    write: (line) => void lines.push(JSON.parse(line).message),
  });
  let turns = 0;
  const loop = loopOf(
    async () => {
      if (++turns <= 5) throw new Error("no database");
      return 60_000;
    },
    { log },
  );
  loop.start();
  await until("it works again", () => lines.length === 2);
  expect(lines).toEqual(["a test's work: fails and is retried", "a test's work: works again"]);
});

describe("a turn that never ends", () => {
  test("is abandoned and its signal aborted, is logged and counted, and another turn starts", async () => {
    const lines: string[] = [];
    const log = createLog({ service: "audit", level: "error", write: (line) => void lines.push(line) });
    const before = await restarts();
    const signals: AbortSignal[] = [];
    const loop = loopOf(
      (signal) => {
        signals.push(signal);
        return signals.length === 1 ? new Promise(() => {}) : Promise.resolve(60_000);
      },
      { log, maxTurnMs: 500 },
    );
    loop.start();
    await until("a second turn", () => signals.length === 2);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(lines).toHaveLength(1);
    expect((await restarts()) - before).toBe(1);
  });

  test("makes its service, and no other one, unready until a turn has ended", async () => {
    let turns = 0;
    const release = Promise.withResolvers<number>();
    const loop = loopOf(() => (++turns < 3 ? new Promise(() => {}) : release.promise), { maxTurnMs: 500 });
    loop.start();
    await until("it is stuck", () => stuckLoops("audit").length === 1);
    expect([stuckLoops("audit"), stuckLoops("api")]).toEqual([["a test's work"], []]);
    await until("the third turn", () => turns === 3);
    expect(stuckLoops("audit")).toHaveLength(1);
    release.resolve(60_000);
    await until("it is well", () => stuckLoops("audit").length === 0);
  });

  test("of a loop of the whole process makes every service unready, and none after the loop's end", async () => {
    const loop = loopOf(() => new Promise(() => {}), { service: "every", maxTurnMs: 500 });
    loop.start();
    await until("it is stuck", () => stuckLoops("web").length === 1);
    await loop.stop();
    expect(stuckLoops("web")).toEqual([]);
  });
});

test("stopping resolves after the turn under way, whose signal is aborted", async () => {
  let over = false;
  const loop = loopOf(async (signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await Bun.sleep(20);
    over = true;
    return 0;
  });
  loop.start();
  await Bun.sleep(5);
  await loop.stop();
  expect(over).toBe(true);
});
