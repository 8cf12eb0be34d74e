import { expect, test } from "bun:test";
import { type Log, silentLog } from "../observe/log.ts";
import { createStops } from "./stops.ts";

function recording(): { log: Log; warned: unknown[] } {
  const warned: unknown[] = [];
  return { warned, log: { ...silentLog, warn: (_message, fields) => void warned.push(fields?.what) } };
}

test("stops run in reverse order of the starts, each once", async () => {
  const stops = createStops();
  const order: string[] = [];
  for (const what of ["folder", "database", "listeners"]) stops.push(what, async () => order.push(what));
  await stops.run(silentLog);
  await stops.run(silentLog);
  expect(order).toEqual(["listeners", "database", "folder"]);
});

test("a failing stop does not prevent the others, and is named", async () => {
  const stops = createStops();
  const { log, warned } = recording();
  let isReleased = false;
  stops.push("folder", async () => {
    isReleased = true;
  });
  stops.push("database", () => Promise.reject(new Error("no")));
  await stops.run(log);
  expect(isReleased).toBe(true);
  expect(warned).toEqual(["database"]);
});

test("a stop that never ends is left behind after its limit, and is named", async () => {
  const stops = createStops();
  const { log, warned } = recording();
  stops.push("listeners", () => new Promise(() => {}), 10);
  await stops.run(log);
  expect(warned).toEqual(["listeners"]);
});

test("all that never end share one limit, and each gets half a second of its own", async () => {
  const stops = createStops({ totalMs: 700 });
  const { log, warned } = recording();
  for (const what of ["traces", "relay", "listener"]) stops.push(what, () => new Promise(() => {}), 600);
  const started = performance.now();
  await stops.run(log);
  expect(warned).toEqual(["listener", "relay", "traces"]);
  // 600 of its own, then 500 and 500; without the common limit it would be 1 800.
  expect(performance.now() - started).toBeWithin(1_590, 1_780);
});
