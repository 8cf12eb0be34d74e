import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { usualNames } from "@carillon/contracts/platform-names";
import { createLoop } from "@carillon/kit/loop";
import { silentLog } from "@carillon/kit/observe";
import { until } from "@carillon/testing/until";
import type { Admin, Kafka } from "kafkajs";
import { createApp } from "../src/app.ts";
import { type LagWatch, watchLag } from "../src/lag/watch-lag.ts";

setDefaultTimeout(30_000);

type Part = Pick<Admin, "connect" | "listTopics" | "disconnect">;

const never = (): Promise<never> => new Promise(() => {});
const working: Part = { connect: async () => {}, listTopics: async () => [], disconnect: async () => {} };

let watch: LagWatch | null = null;
afterEach(async () => {
  await watch?.stop();
});

/** A watch whose connections are these, one after the other, and then working ones. */
function watching(parts: Part[]): LagWatch {
  const admin = (): Admin => (parts.shift() ?? working) as Admin;
  watch = watchLag({
    kafka: { admin } as unknown as Kafka,
    names: usualNames,
    log: silentLog,
    now: () => performance.now(),
    lookMs: 200,
  });
  return watch;
}

test("a connection that answers nothing and never closes is left behind, and the next one is used", async () => {
  const { health } = watching([{ ...working, listTopics: never, disconnect: never }]);
  await until("the broker is away", () => health.broker() === "away");
  await until("the broker is there", () => health.broker() === "ok");
});

test("a connection that is made too late is closed", async () => {
  const late = Promise.withResolvers<void>();
  let ends = 0;
  const disconnect = async (): Promise<void> => void ends++;
  const { health } = watching([{ ...working, connect: () => late.promise, disconnect }]);
  await until("the next one is used", () => health.broker() === "ok");
  expect(ends).toBe(1);
  late.resolve();
  await until("it is closed again", () => ends === 2);
});

test("a loop of the exporter that is stuck makes it unready", async () => {
  const { health } = watching([]);
  const app = createApp({ log: silentLog, appToken: "", watch: { health } });
  const ready = async (): Promise<number> => (await app.handle(new Request("http://localhost/health/ready"))).status;
  expect(await ready()).toBe(200);
  let [turns, status] = [0, 200];
  const work = (): Promise<number> => (++turns === 1 ? never() : Promise.resolve(60_000));
  const loop = createLoop({ name: "a test's work", service: "ops", log: silentLog, work, maxTurnMs: 500 });
  loop.start();
  while (status === 200 && turns < 2) {
    await Bun.sleep(10);
    status = await ready();
  }
  await loop.stop();
  expect(status).toBe(503);
});
