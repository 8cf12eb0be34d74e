import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { connect, type Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { testDatabase } from "@carillon/testing/database";
import { until } from "@carillon/testing/until";
import { type AlarmClockOptions, startAlarmClock } from "../src/local/alarm-clock.ts";
import { localAlarms } from "../src/local/alarms.ts";
import type { Door } from "../src/local/door.ts";
import { type AlarmsUnderTest, alarmsConformance, type Ring, ringingDoor } from "./alarms.conformance.ts";
import { startKillable } from "./killable.ts";

setDefaultTimeout(40_000);

const appToken = "test-token";

type LocalAlarmsUnderTest = AlarmsUnderTest & {
  sql: Sql;
  startWith(door: Door, more: Partial<AlarmClockOptions>): Promise<{ stop(): Promise<void> }>;
};

async function openLocalAlarms(): Promise<LocalAlarmsUnderTest> {
  const database = await testDatabase({ migrations: ["bus"] });
  const sql = connect(database.urlFor("bus"), { max: 4, name: "test-alarms" });
  const away = connect("postgres://unknown@127.0.0.1:1/nowhere", { max: 1, name: "test-away" });
  const closing: (() => Promise<unknown>)[] = [];

  async function startWith(door: Door, more: Partial<AlarmClockOptions>) {
    const own = connect(database.urlFor("bus"), { max: 3, name: "test-clock" });
    const clock = startAlarmClock({ sql: own, doors: { notification: door }, appToken, log: silentLog, ...more });
    let stopped: Promise<void> | null = null;
    const stop = () => {
      stopped ??= clock.stop().then(() => own.end({ timeout: 1 }));
      return stopped;
    };
    closing.push(stop);
    return { stop };
  }

  return {
    sql,
    alarms: localAlarms({ sql, service: "notification" }),
    awayAlarms: localAlarms({ sql: away, service: "notification" }),
    appToken,
    async nowMs() {
      const [row] = await sql<{ ms: number }[]>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
      return row?.ms ?? 0;
    },
    start: (door) => startWith(door, {}),
    startWith,
    startKillable: (door) =>
      startKillable({
        script: "alarm-process.ts",
        before: [database.urlFor("bus"), "notification"],
        handle: (request) => door.handle(request),
        closing,
      }),
    async close() {
      for (const close of closing.splice(0).reverse()) await close();
      await Promise.all([sql.end({ timeout: 1 }), away.end({ timeout: 1 }), database.close()]);
    },
  };
}

alarmsConformance("local alarms", openLocalAlarms);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(): Promise<LocalAlarmsUnderTest> {
  const opened = await openLocalAlarms();
  closing.push(opened.close);
  return opened;
}

const ahead = async ({ nowMs }: AlarmsUnderTest, ms: number): Promise<Date> => new Date((await nowMs()) + ms);

test("a clock that sleeps for a late alarm is woken by an earlier one", async () => {
  const opened = await open();
  const rings: Ring[] = [];
  await opened.alarms.set("late", await ahead(opened, 3_600_000), null);
  await opened.startWith(ringingDoor(rings), { pollMs: 3_600_000 });
  await Bun.sleep(300);
  await opened.alarms.set("early", await ahead(opened, 200), null);
  await until("it rings", () => rings.length > 0);
  expect(rings.map(({ name }) => name)).toEqual(["early"]);
});

test("an alarm is not early, however often the clock checks", async () => {
  const opened = await open();
  const lateMs: number[] = [];
  const dueAt = await ahead(opened, 600);
  await opened.startWith(
    ringingDoor([], async () => {
      lateMs.push((await opened.nowMs()) - dueAt.getTime());
      return new Response();
    }),
    { pollMs: 5 },
  );
  await opened.alarms.set("on time", dueAt, null);
  await until("it rings", () => lateMs.length > 0);
  expect(lateMs[0]).toBeGreaterThanOrEqual(0);
});

test("two clocks share 200 alarms and ring each once", async () => {
  const opened = await open();
  const rings: Ring[][] = [[], []];
  for (const own of rings) await opened.start(ringingDoor(own));
  const dueAt = await ahead(opened, 500);
  await Promise.all(Array.from({ length: 200 }, (_, at) => opened.alarms.set(`alarm-${at}`, dueAt, at)));
  await until("all have rung", () => rings.flat().length >= 200);
  await Bun.sleep(300);
  const names = rings.flat().map(({ name }) => name);
  expect(names).toHaveLength(200);
  expect(new Set(names).size).toBe(200);
});

test("an alarm that its own ring sets again rings again, and is not deleted with the first ring", async () => {
  const opened = await open();
  const rings: Ring[] = [];
  await opened.start(
    ringingDoor(rings, async () => {
      if (rings.length === 1) await opened.alarms.set("again", await ahead(opened, 300), "second");
      return new Response();
    }),
  );
  await opened.alarms.set("again", await ahead(opened, 0), "first");
  await until("both have rung", () => rings.length >= 2);
  await Bun.sleep(300);
  expect(rings.map(({ data }) => data)).toEqual(["first", "second"]);
});

test("a door that never answers is given up after its limit and called again; others are not delayed", async () => {
  const opened = await open();
  const rings: Ring[] = [];
  await opened.startWith(
    ringingDoor(rings, ({ name }) => {
      const isFirst = rings.filter((ring) => ring.name === name).length === 1;
      return name === "hangs" && isFirst ? new Promise(() => {}) : new Response();
    }),
    { callMs: 300 },
  );
  await opened.alarms.set("hangs", await ahead(opened, 0), null);
  await opened.alarms.set("answers", await ahead(opened, 50), null);
  await until("both have been taken", () => rings.length >= 3);
  expect(rings.map(({ name }) => name).sort()).toEqual(["answers", "hangs", "hangs"]);
});

test("an alarm of a service that is not in this process is left to others", async () => {
  const opened = await open();
  const rings: Ring[] = [];
  await opened.start(ringingDoor(rings));
  await localAlarms({ sql: opened.sql, service: "recurring" }).set("theirs", await ahead(opened, 0), null);
  await opened.alarms.set("ours", await ahead(opened, 100), null);
  await until("ours rings", () => rings.length > 0);
  await Bun.sleep(200);
  expect(rings.map(({ name }) => name)).toEqual(["ours"]);
  expect(await opened.sql`select attempts from bus.alarm where name = 'theirs'`).toMatchObject([{ attempts: 0 }]);
});

test("an alarm that has been rejected for a day is given up", async () => {
  const opened = await open();
  const rings: Ring[] = [];
  await opened.start(ringingDoor(rings, () => new Response(null, { status: 503 })));
  await opened.alarms.set("stale", await ahead(opened, -25 * 3_600_000), null);
  await until("it is gone", async () => (await opened.sql`select from bus.alarm`).length === 0);
  expect(rings).toHaveLength(1);
});
