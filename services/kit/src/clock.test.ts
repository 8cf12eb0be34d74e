import { expect, test } from "bun:test";
import { apiNow, clockHealth, followDatabaseClock } from "./clock.ts";
import { createLog, silentLog } from "./observe/log.ts";
import { metrics } from "./observe/metrics.ts";

const noon = Date.parse("2026-11-30T12:00:00.000Z");
const [minute, hour] = [60_000, 3_600_000];

/** A machine whose clock is wrong by `skewMs`, and a database whose clock is right. */
function machine(skewMs: number) {
  let steady = 5_000;
  let skew = skewMs;
  let isAway = false;
  const truth = () => noon + steady - 5_000;
  return {
    steadyMs: () => steady,
    wall: () => new Date(truth() + skew),
    ask: async () => {
      if (isAway) throw new Error("away");
      return new Date(truth());
    },
    pass: (ms: number) => {
      steady += ms;
    },
    jump: (ms: number) => {
      skew += ms;
    },
    leave: () => {
      isAway = true;
    },
    truth,
  };
}

const figure = async (): Promise<number | undefined> => (await metrics.databaseClockSkew.get()).values[0]?.value;

test.each([0, 5 * minute, -5 * minute, 26 * hour, -26 * hour])(
  "a machine whose clock is wrong by %d ms follows the database's time, also when it jumps, and reports the skew",
  async (skewMs) => {
    const { steadyMs, wall, ask, pass, jump, truth } = machine(skewMs);
    const { clock, stop } = await followDatabaseClock({ ask, wall, steadyMs, service: "api", log: silentLog });
    expect(clock.now().getTime()).toBe(truth());
    expect(await figure()).toBe(skewMs / 1_000);
    pass(hour);
    jump(26 * hour);
    expect(clock.now().getTime()).toBe(truth());
    jump(-52 * hour);
    expect(clock.now().getTime()).toBe(truth());
    await stop();
  },
);

test("health and log report a clock that is more than two seconds wrong", async () => {
  const lines: string[] = [];
  const log = createLog({ service: "api", level: "warn", write: (line) => void lines.push(JSON.parse(line).message) });
  for (const [skewMs, health] of [
    [1_900, "ok"],
    [-300_000, "300 s behind the database"],
    [2_600, "3 s ahead of the database"],
  ] as const) {
    const { steadyMs, wall, ask } = machine(skewMs);
    const { stop } = await followDatabaseClock({ ask, wall, steadyMs, service: "api", log });
    expect(clockHealth()).toBe(health);
    await stop();
  }
  expect(lines).toEqual(["the clock is skewed", "the clock is skewed"]);
});

test("until the database has answered once there is no time, whatever this machine says", async () => {
  const { steadyMs, wall, ask, leave } = machine(minute);
  leave();
  const { clock, stop } = await followDatabaseClock({ ask, wall, steadyMs, service: "api", log: silentLog });
  expect(() => clock.now()).toThrow("The time is not known yet.");
  await stop();
});

test("a service without a database asks api for the time, and takes nothing else for one", async () => {
  const answering = (response: Response) => apiNow(async () => response)();
  expect((await answering(Response.json({ now: "2026-11-30T12:00:00.000Z" }))).getTime()).toBe(noon);
  const older = new Response(null, { status: 404, headers: { date: "Mon, 30 Nov 2026 12:00:00 GMT" } });
  expect((await answering(older)).getTime()).toBe(noon);
  for (const response of [
    Response.json({ now: "noon" }),
    Response.json({}),
    Response.json(
      { now: "2026-11-30T12:00:00.000Z" },
      { status: 503, headers: { date: "Mon, 30 Nov 2026 12:00:00 GMT" } },
    ),
    new Response(null, { status: 404 }),
  ])
    expect(answering(response)).rejects.toThrow(`api answered ${response.status}`);
});
