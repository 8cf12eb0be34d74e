import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { currentCause, metrics } from "@carillon/kit/observe";
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

const keysSent = (): string[] => rig.sent.map(({ key }) => key);
const ring = (name: string, door = replica) => door.ask(`/job/${name}`);

test("an alarm rings, the mail goes out once, and api gets the report", async () => {
  const reminder = rig.api.add({ remindAt: inMs(6_000) });
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  await until("it is armed", () => rig.alarms.size === 1);
  await Bun.sleep(reminder.remindAt.getTime() - Date.now() + 5);
  expect((await ring(`rem-${reminder.id}-1`)).status).toBe(200);
  await until("api knows", () => reminder.state === "sent");
  expect(keysSent()).toEqual([`rem-${reminder.id}-1`]);
  expect(rig.api.reports).toMatchObject([{ id: reminder.id, generation: 1, outcome: "sent", attempts: 1 }]);
  expect(await rig.rows(reminder)).toEqual([{ generation: 1, status: "sent", reason: null, attempts: 1 }]);
  expect(await rig.log()).toEqual([{ status: "sent", retry_count: 0, detail: null, has_id: true }]);
});

test("a send, and its report, go back to the event that announced the reminder; one that a sweep found goes back to nothing", async () => {
  const seen: unknown[] = [];
  rig.troubles.push(async () => void seen.push(currentCause()));
  const [announced, lost] = [rig.api.add({ remindAt: inMs(-100) }), rig.api.add({ remindAt: inMs(-100) })];
  const event = { ...rig.event("scheduled", announced), correlationid: "c".repeat(32) };
  await rig.deliver(replica, event);
  replica.start();
  await until("api knows of both", () => [announced, lost].every(({ state }) => state === "sent"));
  expect(seen).toEqual([{ correlationId: "c".repeat(32), causationId: event.id }]);
  const causes = new Map(rig.api.reports.map(({ id, cause }) => [id, cause]));
  expect(causes.get(announced.id)).toEqual({ correlation_id: "c".repeat(32), causation_id: event.id });
  expect(causes.get(lost.id)).toBeUndefined();
});

test("G24: once asked to stop it starts no mail, even while another of its loops still waits for api", async () => {
  const { call } = rig.api.invoke;
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  rig.api.invoke.call = async (service, request, options) => {
    if (request.url.endsWith("/due")) {
      asked.resolve();
      await answered.promise;
    }
    return call(service, request, options);
  };
  replica.start();
  await asked.promise;
  // Both senders have looked once and rest.
  await Bun.sleep(1_500);
  const stopped = replica.stop();
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  await rig.deliver(replica, rig.event("scheduled", reminder));
  expect((await ring(`rem-${reminder.id}-1`)).status).toBe(200);
  await Bun.sleep(500);
  answered.resolve();
  await stopped;
  expect([rig.api.claims, rig.sent]).toEqual([[], []]);
});

test("G11: stale, early, forged or malformed alarms send nothing, and every one is answered with 200", async () => {
  const [ahead, done] = [rig.api.add({ remindAt: inMs(3_600_000) }), rig.api.add({ remindAt: inMs(-1_000) })];
  await rig.deliver(replica, rig.event("scheduled", ahead), rig.event("scheduled", done));
  await rig.deliver(replica, rig.event("cancelled", done));
  Object.assign(done, { state: "cancelled", reason: "completed" });
  replica.start();
  const names = [`rem-${ahead.id}-1`, `rem-${ahead.id}-2`, `rem-${done.id}-1`, `rem-${Bun.randomUUIDv7()}-1`];
  for (const name of [...names, "x", "rem-", "%00", "a/b", "reminder-cron"])
    expect((await ring(name)).status).toBe(200);
  expect((await replica.ask(`/job/rem-${ahead.id}-1`, {}, "wrong")).status).toBe(401);
  await Bun.sleep(400);
  expect(keysSent()).toEqual([]);
});

test("G9: two replicas, every announcement delivered three times to each, every alarm rung by both: each mail once", async () => {
  const other = await rig.replica();
  const reminders = Array.from({ length: 40 }, () => rig.api.add({ remindAt: inMs(500) }));
  const events = reminders.map((one) => rig.event("scheduled", one));
  for (let time = 0; time < 3; time++)
    await Promise.all([rig.deliver(replica, ...events), rig.deliver(other, ...events.toReversed())]);
  for (const one of [replica, other]) one.start();
  await Bun.sleep(600);
  const names = reminders.map(({ id }) => `rem-${id}-1`);
  await Promise.all(names.flatMap((name) => [ring(name), ring(name, other), ring(name), ring(name, other)]));
  await until("api knows all", () => reminders.every(({ state }) => state === "sent"));
  await Bun.sleep(300);
  expect(keysSent().sort()).toEqual(names.sort());
});

test("G12: a reminder whose task is completed while it is being claimed is not sent if the claim says so, without a second claim", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100), state: "cancelled", reason: "completed" });
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  await until("it is over", async () => (await rig.rows(reminder))[0]?.status === "cancelled");
  expect(await rig.rows(reminder)).toMatchObject([{ status: "cancelled", reason: "completed", attempts: 0 }]);
  expect([keysSent(), rig.api.claims]).toEqual([[], [reminder.id]]);
});

test("G12: a reminder cancelled between its claim and its send is not sent", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  await rig.deliver(replica, rig.event("scheduled", reminder));
  let calledOff: Promise<unknown> | null = null;
  rig.api.meanwhile = () => {
    // Claimed for sending, and this commits before the answer arrives.
    calledOff = rig.sql`
      update notification.deliveries set status = 'cancelled', reason = 'completed', ended_at = now(), lease = null
      where reminder_id = ${reminder.id}`.then(() => {});
  };
  const { call } = rig.api.invoke;
  rig.api.invoke.call = async (service, request) => {
    const answer = await call(service, request);
    await calledOff;
    return answer;
  };
  replica.start();
  await until("it was claimed", () => rig.api.claims.length > 0);
  await Bun.sleep(300);
  expect(keysSent()).toEqual([]);
});

test("a replaced plan is not sent; its successor is, even if it was never announced", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100), generation: 2 });
  await rig.deliver(replica, rig.event("scheduled", { ...reminder, generation: 1 }));
  replica.start();
  await until("the new one is sent", () => reminder.state === "sent");
  expect(keysSent()).toEqual([`rem-${reminder.id}-2`]);
  expect(await rig.rows(reminder)).toMatchObject([
    { generation: 1, status: "cancelled", reason: "moved" },
    { generation: 2, status: "sent" },
  ]);
});

test("of two generations of one reminder that are due at once, as after an outage, only the newest is sent", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100), generation: 2 });
  await rig.deliver(replica, rig.event("scheduled", reminder));
  await rig.sql`
    insert into notification.deliveries (user_id, reminder_id, generation, task_id, remind_at, status, next_try_at)
    values (${reminder.userId}, ${reminder.id}, 1, ${reminder.taskId}, ${reminder.remindAt}, 'pending', now())`;
  replica.start();
  await until("it is sent", () => reminder.state === "sent");
  await Bun.sleep(300);
  expect(keysSent()).toEqual([`rem-${reminder.id}-2`]);
  expect(await rig.rows(reminder)).toMatchObject([
    { generation: 1, status: "cancelled", reason: "moved", attempts: 0 },
    { generation: 2, status: "sent", attempts: 1 },
  ]);
});

test("G10: a plan that api knows to be due later waits until then, with its alarm set again", async () => {
  // Far enough ahead for a slow machine: a plan that is already due gets no alarm.
  const reminder = rig.api.add({ remindAt: inMs(8_000) });
  await rig.deliver(replica, rig.event("scheduled", { ...reminder, remindAt: inMs(-100) }));
  replica.start();
  await until("it was claimed too early", () => rig.api.claims.length > 0);
  expect(keysSent()).toEqual([]);
  await until("its alarm is set", () => rig.alarms.size === 1);
  expect([...rig.alarms.values()]).toEqual([reminder.remindAt]);
  await until("it is sent", () => reminder.state === "sent");
  expect(Date.now()).toBeGreaterThanOrEqual(reminder.remindAt.getTime());
});

test("the delay of a mail and the results of its attempts are in the metrics", async () => {
  const count = async () =>
    (await metrics.reminderDeliveryLatency.get()).values.find(({ metricName }) => metricName?.endsWith("_count"))
      ?.value ?? 0;
  const before = await count();
  const reminder = rig.api.add({ remindAt: inMs(-2_000) });
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  await until("it is sent", () => reminder.state === "sent");
  expect((await count()) - before).toBe(1);
});
