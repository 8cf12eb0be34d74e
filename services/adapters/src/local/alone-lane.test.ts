import { expect, test } from "bun:test";
import { createAloneLane } from "./alone-lane.ts";
import type { Due } from "./due.ts";

const due = (key: string): Due => ({ id: key, key, slot: 0, attempts: 1, eventId: key, event: "{}" });

test("G25: a lane says when a thousand keys wait in it, runs no more at once than its width, and takes a key once", async () => {
  const running = { now: 0, most: 0, ran: 0 };
  const gate = Promise.withResolvers<void>();
  const lane = createAloneLane(
    async () => {
      running.most = Math.max(running.most, ++running.now);
      await gate.promise;
      running.now--;
      running.ran++;
    },
    () => 2,
    () => {},
  );
  for (let key = 0; key < 1_001; key++) lane.add([due(String(key))]);
  lane.add([due("5")]);
  expect(lane.isFull()).toBe(false);
  lane.add([due("1001")]);
  expect(lane.isFull()).toBe(true);
  expect(lane.keys()).toHaveLength(1_002);
  gate.resolve();
  while (lane.keys().length > 0) await Bun.sleep(1);
  expect(running).toEqual({ now: 0, most: 2, ran: 1_002 });
});
