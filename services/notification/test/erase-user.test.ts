import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderMailer } from "@carillon/adapters/mail";
import type { CloudEvent } from "@carillon/contracts/event";
import type { Mailer } from "@carillon/kit/ports";
import { until } from "@carillon/testing/until";
import { inMs, openRig, type Rig } from "./harness.ts";

let rig: Rig;
const folder = mkdtempSync(join(tmpdir(), "carillon-erase-"));
const mailer: Mailer = folderMailer({
  folder,
  from: "Carillon <bells@example.com>",
  clock: { now: () => new Date() },
});
beforeAll(async () => {
  rig = await openRig();
});
afterAll(async () => {
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
});

const hour = 3_600_000;

function endOf(userId: string): CloudEvent {
  const now = new Date().toISOString();
  const data = {
    event_type: "user.erased",
    user_id: userId,
    task_id: null,
    change_seq: 9,
    actor: "user",
    timestamp: now,
  };
  return {
    ...{ specversion: "1.0", id: Bun.randomUUIDv7(), source: "/carillon/api", type: "user.erased", subject: userId },
    ...{ time: now, datacontenttype: "application/json", dataschema: "urn:carillon:event:user.erased/v1" },
    partitionkey: userId,
    data: { ...data, version: 0, changes: {} },
  } as CloudEvent;
}

/** Everything the schema holds, as one text. */
async function everythingKept(): Promise<string> {
  const [all] = await rig.sql`
    select (select jsonb_agg(d) from notification.deliveries d) as deliveries,
      (select jsonb_agg(l) from notification.notification_log l) as log`;
  return JSON.stringify(all);
}

test("an erased user leaves no plan, no attempt, no alarm and no mail; other users lose nothing", async () => {
  const replica = await rig.replica(mailer);
  const [leaving, staying] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  const later = rig.api.add({ userId: leaving, remindAt: inMs(hour) });
  const mailed = [leaving, staying].map((userId) => rig.api.add({ userId, remindAt: inMs(-1_000) }));
  replica.start();
  await rig.deliver(replica, ...[later, ...mailed].map((one) => rig.event("scheduled", one)));
  await until("both mails are there", () => readdirSync(folder).length === 2);
  await until("it is set", () => rig.alarms.has(`rem-${later.id}-1`));
  await until("both are recorded", async () => (await rig.rows(mailed[0] ?? later))[0]?.status === "sent");
  for (const one of [later, mailed[0]]) if (one) rig.api.reminders.delete(one.id);

  expect(await rig.deliver(replica, endOf(leaving))).toEqual(["SUCCESS"]);
  expect(await everythingKept()).not.toContain(leaving);
  expect(await everythingKept()).toContain(staying);
  expect(readdirSync(folder)).toEqual([`rem-${mailed[1]?.id}-1.eml`]);
  expect(rig.alarms.has(`rem-${later.id}-1`)).toBe(false);
  expect(await rig.deliver(replica, endOf(leaving))).toEqual(["SUCCESS"]);
  await replica.stop();
});

test("a mail under way is awaited, and then removed with the rest", async () => {
  const userId = Bun.randomUUIDv7();
  const held = Promise.withResolvers<void>();
  const slow: Mailer = {
    ...mailer,
    async send(mail, key) {
      await held.promise;
      return mailer.send(mail, key);
    },
  };
  const replica = await rig.replica(slow);
  const reminder = rig.api.add({ userId, remindAt: inMs(-1_000) });
  replica.start();
  await rig.deliver(replica, rig.event("scheduled", reminder));
  await until("it is on its way", async () => (await rig.rows(reminder))[0]?.attempts === 1);
  rig.api.reminders.delete(reminder.id);
  expect(await rig.deliver(replica, endOf(userId))).toEqual(["RETRY"]);
  held.resolve();
  await until("it is sent", async () => (await rig.rows(reminder))[0]?.status === "sent");
  expect(await rig.deliver(replica, endOf(userId))).toEqual(["SUCCESS"]);
  expect(await everythingKept()).not.toContain(userId);
  expect(readdirSync(folder)).not.toContain(`rem-${reminder.id}-1.eml`);
  await replica.stop();
});

test("plans from an erased user's delayed events are not mailed and do not stay", async () => {
  const userId = Bun.randomUUIDv7();
  const replica = await rig.replica(mailer);
  const reminder = rig.api.add({ userId, remindAt: inMs(-1_000) });
  rig.api.reminders.delete(reminder.id);
  expect(await rig.deliver(replica, rig.event("scheduled", reminder), endOf(userId))).toEqual(["SUCCESS", "SUCCESS"]);
  expect(await everythingKept()).not.toContain(userId);
  replica.start();
  await rig.deliver(replica, rig.event("scheduled", reminder));
  await until("api has reported that it is gone", async () => !(await everythingKept()).includes(userId));
  expect(readdirSync(folder)).not.toContain(`rem-${reminder.id}-1.eml`);
  await replica.stop();
});
