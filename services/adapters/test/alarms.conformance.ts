import { afterEach, expect, test } from "bun:test";
import { appTokenHeader } from "@carillon/contracts/names";
import type { Alarms } from "@carillon/kit/ports";
import { until } from "@carillon/testing/until";
import type { Door } from "../src/local/door.ts";

/** One adapter with its scheduler, as the suite needs it. */
export type AlarmsUnderTest = {
  alarms: Alarms;
  /** The same adapter with a missing scheduler. */
  awayAlarms: Alarms;
  /** The token for the doors of `/job`. */
  appToken: string;
  /** The scheduler's own clock, in milliseconds. */
  nowMs(): Promise<number>;
  /** A replica of the service that the alarms belong to. */
  start(door: Door): Promise<{ stop(): Promise<void> }>;
  /** The same in a process of its own, which can be killed as with `kill -9`. */
  startKillable(door: Door): Promise<{ kill(): Promise<void> }>;
  close(): Promise<void>;
};

export type Ring = { name: string; data: unknown; token: string | null; atMs: number };

/** A door that records every ring; `answer` decides its answer, by default 200. */
export function ringingDoor(
  rings: Ring[],
  answer: (ring: Ring) => Response | Promise<Response> = () => new Response(),
) {
  return {
    async handle(request: Request): Promise<Response> {
      const path = new URL(request.url).pathname;
      expect(request.method).toBe("POST");
      expect(path).toStartWith("/job/");
      const ring = {
        name: path.slice("/job/".length),
        data: JSON.parse(await request.text()),
        token: request.headers.get(appTokenHeader),
        atMs: Date.now(),
      };
      rings.push(ring);
      return answer(ring);
    },
  };
}

const nameOf = (): string => `rem-${crypto.randomUUID()}-1`;
const inMs = (nowMs: number, ms: number): Date => new Date(nowMs + ms);

/** The promises of the port `Alarms`, as tests of one adapter. */
export function alarmsConformance(name: string, open: () => Promise<AlarmsUnderTest>): void {
  const closing: (() => Promise<unknown>)[] = [];

  async function prepare(): Promise<AlarmsUnderTest> {
    const opened = await open();
    closing.push(() => opened.close());
    return {
      ...opened,
      async start(door) {
        const replica = await opened.start(door);
        closing.push(() => replica.stop());
        return replica;
      },
    };
  }

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  test(`${name}: an alarm rings at its instant with its data and the app token, not before, and not again`, async () => {
    const { alarms, appToken, nowMs, start } = await prepare();
    const rings: (Ring & { clockMs: number })[] = [];
    await start(
      ringingDoor([], async (ring) => {
        rings.push({ ...ring, clockMs: await nowMs() });
        return new Response();
      }),
    );
    const alarm = nameOf();
    const dueAt = inMs(await nowMs(), 700);
    await alarms.set(alarm, dueAt, { text: "ü 😀", list: [1, null] });
    await until("it rings", () => rings.length > 0);
    await Bun.sleep(300);
    expect(rings.map((ring) => [ring.name, ring.data, ring.token])).toEqual([
      [alarm, { text: "ü 😀", list: [1, null] }, appToken],
    ]);
    const lateMs = (rings[0]?.clockMs ?? 0) - dueAt.getTime();
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(1_000);
  });

  test(`${name}: an alarm for a past instant rings at once`, async () => {
    const { alarms, nowMs, start } = await prepare();
    const rings: Ring[] = [];
    await start(ringingDoor(rings));
    await alarms.set(nameOf(), inMs(await nowMs(), -3_600_000), null);
    await until("it rings", () => rings.length > 0);
    expect(rings[0]?.data).toBeNull();
  });

  test(`${name}: of two alarms of one name only the one set last rings`, async () => {
    const { alarms, nowMs, start } = await prepare();
    const rings: Ring[] = [];
    await start(ringingDoor(rings));
    const alarm = nameOf();
    const now = await nowMs();
    await alarms.set(alarm, inMs(now, 60_000), "first");
    await alarms.set(alarm, inMs(now, 400), "second");
    await until("it rings", () => rings.length > 0);
    await Bun.sleep(300);
    expect(rings.map(({ data }) => data)).toEqual(["second"]);
  });

  test(`${name}: a cleared alarm does not ring, and clearing a missing one does nothing`, async () => {
    const { alarms, nowMs, start } = await prepare();
    const rings: Ring[] = [];
    await start(ringingDoor(rings));
    const [cleared, kept] = [nameOf(), nameOf()];
    const now = await nowMs();
    await alarms.set(cleared, inMs(now, 400), "cleared");
    await alarms.set(kept, inMs(now, 600), "kept");
    await alarms.clear(cleared);
    await alarms.clear(cleared);
    await alarms.clear(nameOf());
    await until("the other rings", () => rings.length > 0);
    await Bun.sleep(300);
    expect(rings.map(({ data }) => data)).toEqual(["kept"]);
  });

  test(`${name}: a rejected ring is repeated until it is accepted`, async () => {
    const { alarms, nowMs, start } = await prepare();
    const rings: Ring[] = [];
    await start(ringingDoor(rings, () => new Response(null, { status: rings.length < 3 ? 500 : 204 })));
    await alarms.set(nameOf(), inMs(await nowMs(), 0), "stubborn");
    await until("it is taken", () => rings.length >= 3);
    await Bun.sleep(500);
    expect(rings).toHaveLength(3);
  });

  test(`${name}: an alarm set while its service is away rings when it comes back`, async () => {
    const { alarms, nowMs, start } = await prepare();
    const rings: Ring[] = [];
    await alarms.set(nameOf(), inMs(await nowMs(), 100), "early");
    await Bun.sleep(300);
    const replica = await start(ringingDoor(rings));
    await until("it rings", () => rings.length > 0);
    await replica.stop();
    await alarms.set(nameOf(), inMs(await nowMs(), 100), "late");
    await start(ringingDoor(rings));
    await until("the other rings", () => rings.length > 1);
    expect(rings.map(({ data }) => data)).toEqual(["early", "late"]);
  });

  test(`${name}: an alarm whose ringer was killed before the answer rings again`, async () => {
    const { alarms, nowMs, start, startKillable } = await prepare();
    let started = 0;
    const victim = await startKillable({
      handle: () => {
        started++;
        return new Promise(() => {});
      },
    });
    await alarms.set(nameOf(), inMs(await nowMs(), 0), "again");
    await until("it rings", () => started > 0);
    await victim.kill();
    const rings: Ring[] = [];
    await start(ringingDoor(rings));
    await until("it rings again", () => rings.length > 0);
    expect(rings[0]?.data).toBe("again");
  });

  test(`${name}: 300 alarms within one second all ring, none early, 99 of 100 less than a second late`, async () => {
    const { alarms, nowMs, start } = await prepare();
    const rings: Ring[] = [];
    await start(ringingDoor(rings));
    const aheadMs = Date.now() - (await nowMs());
    const first = (await nowMs()) + 3_000;
    const due = new Map(Array.from({ length: 300 }, (_, at) => [nameOf(), first + Math.floor((at * 1_000) / 300)]));
    const entries = [...due];
    for (let at = 0; at < entries.length; at += 30)
      await Promise.all(entries.slice(at, at + 30).map(([alarm, ms]) => alarms.set(alarm, new Date(ms), alarm)));
    expect(await nowMs()).toBeLessThan(first);
    await until("all have rung", () => new Set(rings.map((ring) => ring.name)).size === due.size);
    const lateMs = rings.map((ring) => ring.atMs - aheadMs - (due.get(ring.name) ?? 0)).sort((a, b) => a - b);
    // The two clocks are compared over the network: a few milliseconds of that are not the alarm's.
    expect(lateMs[0]).toBeGreaterThan(-20);
    expect(lateMs[Math.floor(lateMs.length * 0.99)]).toBeLessThan(1_000);
  });

  test(`${name}: a scheduler that is away rejects as "unavailable"`, async () => {
    const { awayAlarms } = await prepare();
    const unavailable = { name: "Problem", code: "unavailable" };
    await expect(awayAlarms.set(nameOf(), new Date(0), null)).rejects.toMatchObject(unavailable);
    await expect(awayAlarms.clear(nameOf())).rejects.toMatchObject(unavailable);
  });
}
