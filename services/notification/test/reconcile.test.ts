import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { metrics } from "@carillon/kit/observe";
import { until } from "@carillon/testing/until";
import { inMs, openRig, type Replica, type Rig } from "./harness.ts";

setDefaultTimeout(40_000);

let rig: Rig;
let replica: Replica;
beforeEach(async () => {
  rig = await openRig();
  replica = await rig.replica();
});
afterEach(() => rig.close());

/** Triggers the sweep, as Dapr's cron binding would. */
const sweep = () => replica.ask("/internal/sweep");
const unaccounted = async () => (await metrics.remindersUnaccounted.get()).values[0]?.value;
const due = async () =>
  Object.fromEntries((await metrics.remindersDue.get()).values.map(({ labels, value }) => [labels.state, value]));

test("G11: with every alarm deleted, nothing is lost and nothing is more than 10 s late", async () => {
  // Far enough ahead for a slow machine to set all alarms before the first one rings.
  const reminders = Array.from({ length: 20 }, (_, at) => rig.api.add({ remindAt: inMs(8_000 + at * 50) }));
  replica.start();
  await rig.deliver(replica, ...reminders.map((one) => rig.event("scheduled", one)));
  await until("all are armed", () => rig.alarms.size === 20);
  rig.alarms.clear();
  const last = Math.max(...reminders.map(({ remindAt }) => remindAt.getTime()));
  await until("all are sent", () => reminders.every(({ state }) => state === "sent"), last + 10_000 - Date.now());
  expect(rig.sent).toHaveLength(20);
  expect(rig.alarms.size).toBe(0);
});

test("an alarm that was set long ago is set again in its last minute, in case the scheduler has lost it", async () => {
  const [soon, later] = [rig.api.add({ remindAt: inMs(30_000) }), rig.api.add({ remindAt: inMs(3_600_000) })];
  replica.start();
  await rig.deliver(replica, rig.event("scheduled", soon), rig.event("scheduled", later));
  await until("both are armed", () => rig.alarms.size === 2);
  rig.alarms.clear();
  await sweep();
  await Bun.sleep(300);
  expect(rig.alarms.size).toBe(0);
  await rig.sql`update notification.deliveries set armed_at = now() - interval '2 minutes'`;
  await sweep();
  await until("it is set again", () => rig.alarms.size === 1);
  expect([...rig.alarms.keys()]).toEqual([`rem-${soon.id}-1`]);
});

test("a lost announcement is found by the sweep in time, and an overdue one is counted until it is found", async () => {
  const [ahead, lost] = [rig.api.add({ remindAt: inMs(1_500) }), rig.api.add({ remindAt: inMs(-60_000) })];
  replica.start();
  await until("both are sent", () => ahead.state === "sent" && lost.state === "sent");
  expect(rig.sent.map(({ key }) => key).sort()).toEqual([`rem-${ahead.id}-1`, `rem-${lost.id}-1`].sort());
  expect(await unaccounted()).toBe(1);
  await sweep();
  await until("all is accounted for", async () => (await unaccounted()) === 0);
});

test("a plan cancelled by mistake still rings, because api owns its state", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-60_000) });
  await rig.deliver(replica, rig.event("cancelled", { ...reminder, reason: "completed" }));
  await rig.sql`update notification.deliveries set ended_at = now() - interval '1 minute'`;
  replica.start();
  await until("it is sent", () => reminder.state === "sent");
});

test("a result that api has lost is reported again, and the mail is not sent again", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-60_000) });
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  await until("it is sent", () => reminder.state === "sent");
  await until(
    "api has the report",
    async () => (await rig.sql`select from notification.deliveries where report_at is null`).length === 1,
  );
  reminder.state = "pending";
  await sweep();
  await Bun.sleep(300);
  expect(reminder.state as string).toBe("pending");
  await rig.sql`update notification.deliveries set ended_at = now() - interval '1 minute'`;
  await sweep();
  await until("api knows again", () => (reminder.state as string) === "sent");
  expect(rig.sent).toHaveLength(1);
});

test("G13: due = sent + cancelled + failed + missed + pending, and any difference is counted", async () => {
  const states = ["sent", "sent", "cancelled", "missed", "pending"] as const;
  const reminders = states.map((state) => rig.api.add({ remindAt: inMs(state === "missed" ? -80_000_000 : -60_000) }));
  await rig.deliver(replica, ...reminders.map((one) => rig.event("scheduled", one)));
  for (const [at, state] of states.entries())
    if (state === "cancelled" || state === "missed")
      Object.assign(reminders[at] as object, { state, reason: "completed" });
  const [, , , , stuck] = reminders;
  await rig.sql`update notification.deliveries set next_try_at = now() + interval '1 hour' where reminder_id = ${stuck?.id ?? ""}`;
  await rig.sql`update notification.deliveries set status = 'missed', ended_at = now() where reminder_id = ${reminders[3]?.id ?? ""}`;
  replica.start();
  await until("the sent are", () => reminders.filter(({ state }) => state === "sent").length === 2);
  await sweep();
  await until("the figures are there", async () => (await due()).sent === 2);
  expect(await due()).toEqual({ sent: 2, cancelled: 1, failed: 0, missed: 1, pending: 1 });
  expect(await unaccounted()).toBe(0);
});

test("an erased user's rows are removed, and rows that ended a month ago are deleted", async () => {
  const [erased, old, recent] = [1, 2, 3].map(() => rig.api.add({ remindAt: inMs(-60_000) }));
  if (!erased || !old || !recent) throw new Error("three reminders");
  await rig.deliver(replica, ...[erased, old, recent].map((one) => rig.event("scheduled", one)));
  rig.api.reminders.delete(erased.id);
  replica.start();
  await until("the others are sent", () => old.state === "sent" && recent.state === "sent");
  await until(
    "api has the report",
    async () => (await rig.sql`select from notification.deliveries where report_at is not null`).length === 0,
  );
  expect(await rig.rows(erased)).toEqual([]);
  await rig.sql`update notification.deliveries set remind_at = now() - interval '31 days' where reminder_id = ${old.id}`;
  await sweep();
  await until("it is forgotten", async () => (await rig.rows(old)).length === 0);
  expect(await rig.rows(recent)).toHaveLength(1);
});
