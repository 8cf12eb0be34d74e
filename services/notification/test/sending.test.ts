import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { MailFailure } from "@carillon/adapters/mail";
import { metrics } from "@carillon/kit/observe";
import type { Mailer } from "@carillon/kit/ports";
import { inMs, openRig, type Replica, type Rig, until } from "./harness.ts";

setDefaultTimeout(40_000);

let rig: Rig;
let replica: Replica;
let started: number;
/** Ends a hanging mail, as a failure. */
let end: () => void;
/** A provider that takes a mail and never answers. */
let hangs: Mailer;
beforeEach(async () => {
  rig = await openRig();
  replica = await rig.replica();
  started = 0;
  const hanging = Promise.withResolvers<never>();
  end = () => hanging.reject(new MailFailure("away", "cut"));
  hanging.promise.catch(() => {});
  hangs = {
    send() {
      started++;
      return hanging.promise;
    },
  };
});
afterEach(async () => {
  end();
  await rig.close();
});

const keysSent = (): string[] => rig.sent.map(({ key }) => key);
const ring = (name: string, door = replica) => door.ask(`/job/${name}`);
const log = async (): Promise<object[]> => rig.sql`
  select status, retry_count, detail, message_id is not null as has_id from notification.notification_log order by created_at, id`;

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
  expect(await log()).toEqual([{ status: "sent", retry_count: 0, detail: null, has_id: true }]);
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

test("a permanent rejection is a failure of the provider; it is tried once and reported at once", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  rig.troubles.push(new MailFailure("refused", "550 no such user"));
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  await until("api knows", () => reminder.state === "failed");
  expect(reminder).toMatchObject({ reason: "provider", attempts: 1 });
  await Bun.sleep(300);
  expect(keysSent()).toEqual([]);
  expect(await log()).toEqual([{ status: "failed", retry_count: 0, detail: "550 no such user", has_id: false }]);
});

test("a failure that may pass is retried; attempts are reported and counted", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  rig.troubles.push(new MailFailure("away", "503"), new MailFailure("away", "503 again"));
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  await until("api knows of an attempt", () => reminder.attempts === 1);
  expect(reminder.state).toBe("pending");
  await until("it is sent", () => reminder.state === "sent");
  expect(reminder.attempts).toBe(3);
  expect(keysSent()).toEqual([`rem-${reminder.id}-1`]);
  expect(await log()).toMatchObject([
    { status: "retrying", retry_count: 0, detail: "503" },
    { status: "retrying", retry_count: 1, detail: "503 again" },
    { status: "sent", retry_count: 2 },
  ]);
});

test("G22: while the provider is away one mail at a time probes it; when it is back all go out within 30 s", async () => {
  const reminders = Array.from({ length: 60 }, () => rig.api.add({ remindAt: inMs(-100) }));
  let tries = 0;
  let isAway = true;
  const flaky = await rig.replica({
    async send(mail, key) {
      tries++;
      if (isAway) throw new MailFailure("away", "connection refused");
      rig.sent.push({ key, mail });
      return { messageId: "<x@example.com>" };
    },
  });
  await rig.deliver(flaky, ...reminders.map((one) => rig.event("scheduled", one)));
  flaky.start();
  await Bun.sleep(5_000);
  expect(tries).toBeLessThan(35);
  isAway = false;
  const backAt = performance.now();
  await until("all are sent", () => reminders.every(({ state }) => state === "sent"), 30_000);
  expect(performance.now() - backAt).toBeLessThan(30_000);
  expect(new Set(keysSent()).size).toBe(60);
  expect(keysSent()).toHaveLength(60);
});

test("a reminder that could not be sent for a day has failed; one that was not attempted for a day was missed", async () => {
  const tried = rig.api.add({ remindAt: inMs(-86_400_000 + 3_000) });
  const missed = rig.api.add({ remindAt: inMs(-86_400_000 - 1_000) });
  rig.troubles.push(...Array.from({ length: 20 }, () => new MailFailure("later", "450 greylisted")));
  await rig.deliver(replica, rig.event("scheduled", tried), rig.event("scheduled", missed));
  replica.start();
  await until("both are over", () => tried.state !== "pending" && missed.state !== "pending");
  expect([tried.state, tried.reason]).toEqual(["failed", "provider"]);
  expect([missed.state, missed.reason]).toEqual(["missed", "too_late"]);
  expect(await rig.rows(missed)).toMatchObject([{ status: "missed", attempts: 0 }]);
  expect(keysSent()).toEqual([]);
});

test("G24: a send whose process died is taken over when its lease expires, with the same key", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  const doomed = await rig.replica(hangs);
  await rig.deliver(doomed, rig.event("scheduled", reminder));
  doomed.start();
  await until("it is being sent", () => started === 1);
  replica.start();
  await Bun.sleep(1_000);
  expect(keysSent()).toEqual([]);
  // As if the lease had expired: the test does not wait 20 s.
  await rig.sql`update notification.deliveries set next_try_at = now() where reminder_id = ${reminder.id}`;
  await ring(`rem-${reminder.id}-1`);
  await until("the other one sent it", () => reminder.state === "sent");
  expect(keysSent()).toEqual([`rem-${reminder.id}-1`]);
  expect(await rig.rows(reminder)).toMatchObject([{ status: "sent", attempts: 2 }]);
});

test("a lease is 20 s: mail held by a dead process is late by no more than that", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  const doomed = await rig.replica(hangs);
  await rig.deliver(doomed, rig.event("scheduled", reminder));
  doomed.start();
  await until("it is being sent", () => started === 1);
  const [row] = await rig.sql<{ seconds: number }[]>`
    select extract(epoch from next_try_at - now())::float8 as seconds from notification.deliveries`;
  expect(row?.seconds).toBeGreaterThan(18);
  expect(row?.seconds).toBeLessThanOrEqual(20);
});

test("a mail that went out after its lease was lost, or its task completed, is reported as sent", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  const free = Promise.withResolvers<void>();
  rig.troubles.push(() => free.promise);
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  await until("it was claimed", () => rig.api.claims.length > 0);
  await Bun.sleep(200);
  Object.assign(reminder, { state: "cancelled", reason: "completed" });
  await rig.deliver(replica, rig.event("cancelled", reminder));
  free.resolve();
  await until("api knows", () => reminder.state === "sent");
  expect(await rig.rows(reminder)).toMatchObject([{ status: "sent", reason: null }]);
});

test("G22: while api is away nothing is sent and nothing lost; when it is back everything goes out", async () => {
  rig.api.away = true;
  const reminders = Array.from({ length: 25 }, () => rig.api.add({ remindAt: inMs(-100) }));
  await rig.deliver(replica, ...reminders.map((one) => rig.event("scheduled", one)));
  replica.start();
  await Bun.sleep(1_000);
  expect(keysSent()).toEqual([]);
  expect(await rig.rows(reminders[0] as never)).toMatchObject([{ status: "pending", attempts: 0 }]);
  rig.api.away = false;
  await until("all are sent", () => reminders.every(({ state }) => state === "sent"));
  expect(keysSent()).toHaveLength(25);
});

test("a report whose answer was lost is sent again, until api has it", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  rig.api.loseReport = true;
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  const unreported = () => rig.sql`select from notification.deliveries where report_at is not null`;
  await until("api has it for sure", async () => rig.api.reports.length >= 2 && (await unreported()).length === 0);
  expect(rig.api.reports.map(({ outcome }) => outcome)).toEqual(["sent", "sent"]);
  expect(keysSent()).toHaveLength(1);
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
