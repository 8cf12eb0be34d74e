import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { MailFailure } from "@carillon/adapters/mail";
import type { Mailer } from "@carillon/kit/ports";
import { until } from "@carillon/testing/until";
import { inMs, openRig, type Replica, type Rig } from "./harness.ts";

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

test("a permanent rejection is a failure of the provider; it is tried once and reported at once", async () => {
  const reminder = rig.api.add({ remindAt: inMs(-100) });
  rig.troubles.push(new MailFailure("refused", "550 no such user"));
  await rig.deliver(replica, rig.event("scheduled", reminder));
  replica.start();
  await until("api knows", () => reminder.state === "failed");
  expect(reminder).toMatchObject({ reason: "provider", attempts: 1 });
  await Bun.sleep(300);
  expect(keysSent()).toEqual([]);
  expect(await rig.log()).toEqual([{ status: "failed", retry_count: 0, detail: "550 no such user", has_id: false }]);
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
  expect(await rig.log()).toMatchObject([
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
  await replica.ask(`/job/rem-${reminder.id}-1`);
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
