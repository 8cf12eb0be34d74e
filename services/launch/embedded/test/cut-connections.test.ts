import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { watchSockets } from "@carillon/testing/abort-sockets";
import { until } from "@carillon/testing/until";
import { brokenLaws, inMs, mailOf, openReminderRig, type ReminderRig } from "./reminder-rig.ts";

setDefaultTimeout(120_000);

let rig: ReminderRig | null = null;
let sockets: ReturnType<typeof watchSockets> | null = null;
afterEach(async () => {
  await rig?.close();
  sockets?.stop();
  rig = null;
  sockets = null;
});

/** The time G10 allows after a repaired fault. */
const healedMs = 30_000;

test("G9, G10: every socket to the database aborted three times while reminders ring: each rings once, none late by more than 30 s", async () => {
  sockets = watchSockets();
  const opened = await openReminderRig({ replicas: 2 });
  rig = opened;
  const { port } = new URL(opened.url);
  const ada = await opened.api.signUp();
  const tasks: Task[] = [];
  for (let at = 0; at < 40; at++) tasks.push(await ada.make({ reminder_at: inMs(1_500 + at * 150) }));
  const lastDueAt = Math.max(...tasks.map((task) => Date.parse(task.reminder_at ?? "")));
  let aborted = 0;
  while (Date.now() < lastDueAt) {
    await Bun.sleep(1_500);
    aborted += sockets.abort(Number(port || 5432));
  }
  const cutAt = Date.now();
  await until("all mails are there", () => opened.mails().size >= tasks.length);
  expect(Date.now() - cutAt).toBeLessThan(healedMs);
  await until("both sides have exchanged their reports", async () => {
    const [row] = await opened.sql<{ open: number }[]>`
      select count(*)::int as open from notification.deliveries where report_at is not null or status = 'pending'`;
    return row?.open === 0;
  });
  expect([...opened.mails().keys()].sort()).toEqual(tasks.map((task) => mailOf(task)).sort());
  expect(aborted).toBeGreaterThan(3);
  const told = await opened.sql`select entity_id from api.outbox where type = 'reminder.sent'`;
  expect(new Set(told.map(({ entity_id }) => entity_id)).size).toBe(told.length);
  expect(await brokenLaws(opened.sql)).toEqual({});
});
