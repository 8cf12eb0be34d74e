import { afterAll, afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { freePorts } from "@carillon/host/ports";
import { openDaprStack } from "@carillon/testing/dapr-stack";
import { until } from "@carillon/testing/until";
import { daprAlarms } from "../../src/dapr/alarms.ts";
import type { Door } from "../../src/local/door.ts";
import { type AlarmsUnderTest, alarmsConformance, type Ring, ringingDoor } from "../alarms.conformance.ts";

setDefaultTimeout(60_000);

const appToken = "the-apps-own-token";
const daprToken = "the-sidecars-own-token";
const stack = openDaprStack();
let scheduler = await stack.startScheduler();
afterAll(() => stack.close());

let opened = 0;

/** A service of its own at the shared scheduler: its sidecar stays, its app comes and goes at one address. */
async function openDaprAlarms(): Promise<AlarmsUnderTest> {
  const [appPort = 0] = await freePorts(1);
  const appId = `notification-${++opened}`;
  let app: Bun.Server<undefined> | null = null;
  const serve = (door: Door) =>
    Bun.serve({ port: appPort, hostname: "127.0.0.1", idleTimeout: 0, fetch: (request) => passOn(door, request) });
  // A sidecar waits for its app before it takes jobs.
  app = serve({ handle: () => new Response(null, { status: 500 }) });
  const sidecar = await stack.startSidecar({
    appId,
    appPort,
    resources: [],
    scheduler: scheduler.address,
    appToken,
    daprToken,
  });
  await app.stop(true);
  const end = async (): Promise<void> => {
    await app?.stop(true);
    app = null;
  };
  async function start(door: Door) {
    await end();
    app = serve(door);
    return { stop: end, kill: end };
  }
  const to = { sidecar: sidecar.url, daprToken, fetch: (request: Request) => fetch(request) };
  return {
    alarms: daprAlarms(to),
    awayAlarms: daprAlarms({ ...to, sidecar: new URL("http://127.0.0.1:1") }),
    appToken,
    nowMs: async () => Date.now(),
    start,
    startKillable: start,
    async close() {
      await end();
      await sidecar.kill();
    },
  };
}

async function passOn(door: Door, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith("/job/")) return new Response(null, { status: 404 });
  return door.handle(request);
}

alarmsConformance("Dapr alarms", openDaprAlarms);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test("an alarm rings although the app was away for longer than a scheduler waits by default", async () => {
  const opened = await openDaprAlarms();
  closing.push(opened.close);
  await opened.alarms.set("patient", new Date(Date.now() + 100), "patient");
  await Bun.sleep(6_000);
  const rings: Ring[] = [];
  await opened.start(ringingDoor(rings));
  await until("it rings", () => rings.length > 0);
  expect(rings[0]?.data).toBe("patient");
});

test("G22: with the scheduler away setting an alarm is rejected within its time limit, and works again when it is back", async () => {
  const opened = await openDaprAlarms();
  closing.push(opened.close);
  const rings: Ring[] = [];
  await opened.start(ringingDoor(rings));
  await opened.alarms.set("before", new Date(Date.now() + 3_000), "before");
  await scheduler.kill();
  const askedAt = performance.now();
  await expect(opened.alarms.set("during", new Date(), null)).rejects.toMatchObject({ code: "unavailable" });
  expect(performance.now() - askedAt).toBeLessThan(2_500);
  scheduler = await stack.startScheduler();
  // The killed one holds its lease for some 20 s.
  const set = () =>
    opened.alarms.set("after", new Date(), "after").then(
      () => true,
      () => false,
    );
  await until("it takes alarms again", set, 60_000);
  await until("both have rung", () => new Set(rings.map(({ data }) => data)).size === 2, 60_000);
  expect(new Set(rings.map(({ data }) => data))).toEqual(new Set(["before", "after"]));
}, 150_000);
