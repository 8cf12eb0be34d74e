import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { CloudEvent } from "@carillon/contracts/event";
import type { Task } from "@carillon/contracts/http/tasks";
import { until } from "@carillon/testing/until";
import { brokenLaws, inMs, mailOf, openReminderRig, type ReminderRig } from "./reminder-rig.ts";

setDefaultTimeout(60_000);

let rig: ReminderRig | null = null;
afterEach(async () => {
  await rig?.close();
  rig = null;
});

async function open(options: Parameters<typeof openReminderRig>[0] = {}): Promise<ReminderRig> {
  rig = await openReminderRig(options);
  return rig;
}

const statesOf = (task: Task): string[] =>
  task.reminders.map(({ state, reason }) => (reason ? `${state} ${reason}` : state));

/** Resolves when api, bus and notification are idle. */
async function quiet({ sql }: ReminderRig): Promise<void> {
  await until("all are idle", async () => {
    const [row] = await sql<{ open: number }[]>`
      select (select count(*) from api.outbox where published_at is null)::int + (select count(*) from notification.deliveries where report_at is not null)::int
        + (select count(*) from bus.delivery where subscriber = 'notification:reminders')::int as open`;
    return row?.open === 0;
  });
}

test("G9, G10: two replicas, every event delivered three times: each reminder is one mail, none early, each reported once", async () => {
  const opened = await open({ copies: 3, replicas: 2 });
  const people = await Promise.all([1, 2, 3, 4, 5, 6].map(() => opened.api.signUp()));
  const tasks: Task[] = [];
  for (let at = 0; at < 60; at++) {
    const person = people[at % 6];
    if (person) tasks.push(await person.make({ reminder_at: inMs(2_500 + at * 10) }));
  }
  await until("all mails are there", () => opened.mails().size >= 60);
  await quiet(opened);
  await Bun.sleep(500);
  const mails = opened.mails();
  expect([...mails.keys()].sort()).toEqual(tasks.map((task) => mailOf(task)).sort());
  for (const task of tasks) {
    const dueMs = Date.parse(task.reminder_at ?? "");
    expect(mails.get(mailOf(task))?.atMs).toBeGreaterThanOrEqual(dueMs);
  }
  const told = await opened.sql`
    select entity_id, count(*)::int as times from api.outbox where type = 'reminder.sent' group by 1`;
  expect(told.map(({ times }) => times)).toEqual(Array(60).fill(1));
  expect(await brokenLaws(opened.sql)).toEqual({});
});

test("the event of a mail goes back, by way of its announcement, to the request that made the task", async () => {
  const opened = await open();
  const ada = await opened.api.signUp();
  const task = await ada.make({ reminder_at: inMs(1_500) });
  const events = () => opened.sql<{ type: string; event: CloudEvent }[]>`
    select type, event from api.outbox where task_id = ${task.id} order by change_seq`;
  await until("the mail is known", async () => (await events()).some(({ type }) => type === "reminder.sent"));
  const [created, scheduled, sent] = (await events()).map(({ event }) => event);
  expect(created?.correlationid).toMatch(/^[0-9a-f]{32}$/);
  expect([scheduled?.type, scheduled?.correlationid]).toEqual(["reminder.scheduled", created?.correlationid]);
  expect([sent?.type, sent?.correlationid]).toEqual(["reminder.sent", created?.correlationid]);
  expect(sent?.causationid).toBe(scheduled?.id);
});

test("G12: a task completed, deleted or moved before the instant sends no mail; at that very instant, mail and product agree", async () => {
  const opened = await open({ replicas: 2 });
  const ada = await opened.api.signUp();
  const before: Task[] = [];
  const during: Task[] = [];
  const started = performance.now();
  for (let at = 0; at < 5; at++) await ada.make({});
  const callMs = (performance.now() - started) / 5;
  // Time for the sixty calls before it, on a slow machine.
  const dueAt = Date.now() + 3_000 + 60 * 3 * callMs;
  for (let at = 0; at < 10; at++) before.push(await ada.make({ reminder_at: new Date(dueAt).toISOString() }));
  for (let at = 0; at < 40; at++) during.push(await ada.make({ reminder_at: new Date(dueAt).toISOString() }));
  const verbs = [
    (id: string) => ada.call("PATCH", `/api/tasks/${id}/complete`),
    (id: string) => ada.call("DELETE", `/api/tasks/${id}`),
    (id: string) => ada.call("PATCH", `/api/tasks/${id}`, { reminder_at: null }),
    (id: string) => ada.call("PATCH", `/api/tasks/${id}`, { reminders: [{ at: inMs(3_600_000) }] }),
  ];
  for (const [at, { id }] of before.entries()) expect((await verbs[at % 4]?.(id))?.status).toBeLessThan(300);
  expect(Date.now()).toBeLessThan(dueAt);
  await Promise.all(
    during.map(async ({ id }) => {
      await Bun.sleep(dueAt - Date.now() + Math.random() * 120 - 20);
      await ada.call("PATCH", `/api/tasks/${id}/complete`);
    }),
  );
  await Bun.sleep(1_000);
  await quiet(opened);
  const mails = opened.mails();
  expect(before.filter((task) => mails.has(mailOf(task)))).toEqual([]);
  for (const task of during) {
    const expected = mails.has(mailOf(task)) ? ["sent"] : ["cancelled completed"];
    expect(statesOf(await ada.task(task.id))).toEqual(expected);
  }
  expect(await brokenLaws(opened.sql)).toEqual({});
});

test("due Friday 17:00, one day before: the mail goes out on Thursday 17:00 and says so (controlled clock)", async () => {
  // Long ago: by the database's clock, which no test moves, everything here is due.
  let now = new Date("2025-11-24T09:00:00.000Z");
  const opened = await open({ clock: { now: () => now } });
  const ada = await opened.api.signUp({ time_zone: "Europe/Berlin" });
  const task = await ada.make({ due_date: "2025-11-28T17:00:00+01:00", reminders: [{ before: "1d" }] });
  expect(task.reminder_at).toBe("2025-11-27T16:00:00.000Z");
  now = new Date("2025-11-27T15:59:59.999Z");
  await Bun.sleep(1_500);
  expect(opened.mails().size).toBe(0);
  now = new Date("2025-11-27T16:00:00.000Z");
  await until("the mail is there", () => opened.mails().size === 1);
  const { text } = opened.mails().get(mailOf(task)) ?? { text: "" };
  expect(text).toContain(`To: <${ada.account.email}>\r\n`);
  expect(text).toContain("Subject: Submit the report: due in one day (Friday 17:00)\r\n");
  expect(text).toContain("Date: Thu, 27 Nov 2025 16:00:00 +0000\r\n");
  expect(text).toContain(`http://localhost:3000/tasks/${task.id}`);
  await until("the product reports it", async () => (await ada.task(task.id)).reminder_sent);
  expect((await ada.task(task.id)).reminders).toMatchObject([{ state: "sent", sent_at: "2025-11-27T16:00:00.000Z" }]);
});

test("G11: with all alarms deleted, and replaced by stale and forged ones, every reminder rings once", async () => {
  const opened = await open({ replicas: 2 });
  const ada = await opened.api.signUp();
  const tasks: Task[] = [];
  for (let at = 0; at < 20; at++) tasks.push(await ada.make({ reminder_at: inMs(5_000) }));
  const cancelled = await ada.make({ reminder_at: inMs(5_000) });
  await ada.call("PATCH", `/api/tasks/${cancelled.id}/complete`);
  await until("all are armed", async () => (await opened.sql`select from bus.alarm`).length === 20);
  await opened.sql`delete from bus.alarm`;
  const forged = [
    `rem-${cancelled.reminders[0]?.id}-1`,
    `rem-${tasks[0]?.reminders[0]?.id}-7`,
    `rem-${Bun.randomUUIDv7()}-1`,
  ];
  for (const name of forged)
    await opened.sql`
      insert into bus.alarm (service, name, due_at, ring_at, data) values ('notification', ${name}, now(), now(), 'null')`;
  await until("all mails are there", () => opened.mails().size >= 20, 20_000);
  await quiet(opened);
  await Bun.sleep(300);
  expect([...opened.mails().keys()].sort()).toEqual(tasks.map((task) => mailOf(task)).sort());
  const late = [...opened.mails().values()].map(({ atMs }) => atMs - Date.parse(tasks[19]?.reminder_at ?? ""));
  expect(Math.max(...late)).toBeLessThan(12_000);
  expect(await brokenLaws(opened.sql)).toEqual({});
});

test("a snooze rings once at its time, and what is still to ring stays; a user who unsubscribed or erased the account gets none", async () => {
  const opened = await open();
  const [ada, bob, eve] = [await opened.api.signUp(), await opened.api.signUp(), await opened.api.signUp()];
  const snoozed = await ada.make({ reminder_at: inMs(60_000) });
  const at = inMs(1_500);
  const { body: again } = await ada.call("POST", `/api/tasks/${snoozed.id}/snooze`, { until: at });
  const silent = await bob.make({ reminder_at: inMs(1_500) });
  await bob.call("PATCH", "/api/auth/me", { notifications: { email: false } });
  await eve.make({ reminder_at: inMs(1_500) });
  await eve.call("DELETE", "/api/auth/me", { password: "correct horse battery" });
  await until("the snoozed one rang", () => opened.mails().size === 1);
  await Bun.sleep(1_000);
  await quiet(opened);
  expect([...opened.mails().keys()]).toEqual([mailOf(again, 1)]);
  expect(statesOf(await ada.task(snoozed.id))).toEqual(["pending", "sent"]);
  expect(statesOf(await bob.task(silent.id))).toEqual(["cancelled mail_off"]);
  expect((await bob.call("GET", "/api/notifications")).body.data).toMatchObject([
    { state: "cancelled", reason: "mail_off" },
  ]);
  expect(await opened.sql`select from notification.deliveries where user_id = ${eve.user.id}`).toHaveLength(0);
});

test("completing and reopening, moving there and back: whatever was announced, only the final plan rings", async () => {
  const opened = await open({ copies: 2, replicas: 2 });
  const ada = await opened.api.signUp();
  const tasks: Task[] = [];
  for (let at = 0; at < 12; at++) tasks.push(await ada.make({ due_date: inMs(63_500), reminders: [{ before: "1m" }] }));
  for (const [at, { id }] of tasks.entries()) {
    await ada.call("PATCH", `/api/tasks/${id}/complete`);
    if (at % 3 > 0) await ada.call("PATCH", `/api/tasks/${id}/incomplete`);
    if (at % 3 > 1) await ada.call("PATCH", `/api/tasks/${id}`, { due_date: inMs(3_600_000) });
    if (at % 3 > 1) await ada.call("PATCH", `/api/tasks/${id}`, { due_date: inMs(62_500) });
  }
  await until("the final ones rang", () => opened.mails().size >= 8);
  await Bun.sleep(1_500);
  await quiet(opened);
  expect([...opened.mails().keys()].sort()).toEqual(
    tasks.flatMap((task, at) => (at % 3 === 0 ? [] : [mailOf(task, 0, at % 3 === 1 ? 2 : 4)])).sort(),
  );
  expect(await brokenLaws(opened.sql)).toEqual({});
});
