import { afterEach, beforeEach, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import fc from "fast-check";
import { inMs, openRig, type Replica, type Rig } from "./harness.ts";

let rig: Rig;
let replica: Replica;
beforeEach(async () => {
  rig = await openRig();
  replica = await rig.replica();
});
afterEach(() => rig.close());

const hour = 3_600_000;

test("an announced plan gets an alarm of its own name at its instant", async () => {
  const reminder = rig.api.add({ remindAt: inMs(hour) });
  replica.start();
  expect(await rig.deliver(replica, rig.event("scheduled", reminder))).toEqual(["SUCCESS"]);
  await until("it is set", () => rig.alarms.size === 1);
  expect([...rig.alarms]).toEqual([[`rem-${reminder.id}-1`, reminder.remindAt]]);
});

test("a new plan gets a new alarm, and the old one is cleared; so is that of a cancelled plan", async () => {
  replica.start();
  const [moved, done] = [rig.api.add({ remindAt: inMs(hour) }), rig.api.add({ remindAt: inMs(hour) })];
  await rig.deliver(replica, rig.event("scheduled", moved), rig.event("scheduled", done));
  await until("both are set", () => rig.alarms.size === 2);
  const again = { ...moved, generation: 2, remindAt: inMs(2 * hour) };
  await rig.deliver(replica, rig.event("snoozed", again), rig.event("cancelled", { ...done, reason: "completed" }));
  // Old alarms are cleared before the new one is set: a single alarm may still be an old one.
  await until("only the new one is left", () => [...rig.alarms.keys()].join() === `rem-${moved.id}-2`);
  expect(await rig.rows(moved)).toMatchObject([{ status: "cancelled", reason: "moved" }, { status: "pending" }]);
  expect(await rig.rows(done)).toMatchObject([{ status: "cancelled", reason: "completed" }]);
});

test("a scheduler that is away delays no event; alarms are set when it is back", async () => {
  rig.alarmsAway(true);
  replica.start();
  const reminders = Array.from({ length: 30 }, () => rig.api.add({ remindAt: inMs(hour) }));
  const startedAt = performance.now();
  const statuses = await rig.deliver(replica, ...reminders.map((one) => rig.event("scheduled", one)));
  expect(statuses).toEqual(reminders.map(() => "SUCCESS"));
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  await Bun.sleep(300);
  expect(rig.alarms.size).toBe(0);
  rig.alarmsAway(false);
  await until("all are set", () => rig.alarms.size === 30);
});

test("G5: in whatever order and however often plans are announced and cancelled, the ledger ends up the same", async () => {
  const plans = fc.array(fc.record({ cancelled: fc.boolean(), order: fc.nat() }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(plans, fc.integer({ min: 1, max: 3 }), async (generations, copies) => {
      const reminder = rig.api.add({ remindAt: inMs(hour) });
      const events = generations.flatMap(({ cancelled, order }, at) => {
        const plan = { ...reminder, generation: at + 1, reason: "completed" };
        const both = [{ order, event: rig.event("scheduled", plan) }];
        // Cancelled after it was announced; which of the two arrives first is random.
        if (cancelled) both.push({ order: order ^ 5, event: rig.event("cancelled", plan) });
        return Array.from({ length: copies }, () => both).flat();
      });
      events.sort((a, b) => a.order - b.order);
      for (const { event } of events) expect(await rig.deliver(replica, event)).toEqual(["SUCCESS"]);
      const rows = await rig.rows(reminder);
      const newest = generations.at(-1);
      expect(rows.map(({ generation }) => generation)).toEqual(generations.map((_, at) => at + 1));
      for (const row of rows.slice(0, -1)) expect(row.status).toBe("cancelled");
      expect(rows.at(-1)?.status).toBe(newest?.cancelled ? "cancelled" : "pending");
    }),
    { numRuns: 40 },
  );
});

test("G5: the same in one delivery, in parallel, through two doors", async () => {
  const other = await rig.replica();
  const reminders = Array.from({ length: 40 }, () => rig.api.add({ remindAt: inMs(hour) }));
  const events = reminders.flatMap((one, at) => [
    rig.event("scheduled", one),
    ...(at % 2 ? [rig.event("cancelled", { ...one, reason: "deleted" })] : []),
    rig.event("scheduled", { ...one, generation: at % 2 ? 1 : 2 }),
  ]);
  const deliveries = [replica, other, replica, other].map((door, at) =>
    rig.deliver(door, ...(at % 2 ? events : events.toReversed())),
  );
  for (const statuses of await Promise.all(deliveries)) expect(new Set(statuses)).toEqual(new Set(["SUCCESS"]));
  const pending = await rig.sql<{ reminder_id: string; generation: number }[]>`
    select reminder_id, generation from notification.deliveries where status = 'pending' order by reminder_id`;
  const expected = reminders.filter((_, at) => at % 2 === 0).map(({ id }) => ({ reminder_id: id, generation: 2 }));
  expect([...pending]).toEqual(expected.sort((a, b) => (a.reminder_id < b.reminder_id ? -1 : 1)));
});

test("an event that is not about a reminder is parked and does not affect the others", async () => {
  const reminder = rig.api.add({ remindAt: inMs(hour) });
  const good = rig.event("scheduled", reminder);
  const bad = { ...good, id: Bun.randomUUIDv7(), data: { ...(good.data as object), reminder: { id: "x" } } };
  expect(await rig.deliver(replica, bad, good)).toEqual(["DROP", "SUCCESS"]);
  expect(await rig.rows(reminder)).toHaveLength(1);
});
