import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { resendMailer, smtpMailer } from "@carillon/adapters/mail";
import type { Task } from "@carillon/contracts/http/tasks";
import { startResend } from "@carillon/testing/resend-stand-in";
import { startSmtpServer } from "@carillon/testing/smtp-server";
import { until } from "@carillon/testing/until";
import { brokenLaws, inMs, openReminderRig, type ReminderRig } from "./reminder-rig.ts";

setDefaultTimeout(60_000);

const from = "Carillon <bells@example.com>";
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function due(rig: ReminderRig, count: number, fields: Record<string, unknown> = {}) {
  const ada = await rig.api.signUp();
  const tasks: Task[] = [];
  for (let at = 0; at < count; at++)
    tasks.push(await ada.make({ title: `Task ${at}`, reminder_at: inMs(1_000), ...fields }));
  const states = async () => Promise.all(tasks.map(async ({ id }) => (await ada.task(id)).reminders[0]?.state));
  const ended = () =>
    until("all have ended", async () => (await states()).every((state) => state !== "pending"), 40_000);
  return { ada, tasks, states, ended };
}

test("Resend with 429, 5xx, a timeout and a lost answer: each mail goes out once, and the product reports it", async () => {
  const resend = startResend();
  closing.push(resend.stop);
  const options = { apiKey: "re_key", baseUrl: resend.url, from, timeoutMs: 500 };
  const rig = await openReminderRig({
    replicas: 2,
    mailer: resendMailer(options),
  });
  closing.push(rig.close);
  resend.next(429, { "retry-after": "1" });
  for (const trouble of [500, 503, "hang", "lose the answer", "lose the answer"] as const) resend.next(trouble);
  const { tasks, states, ended } = await due(rig, 8);
  await ended();
  expect(await states()).toEqual(Array(8).fill("sent"));
  const keys = tasks.map((task) => `rem-${task.reminders[0]?.id}-1`);
  expect(resend.sent.map(({ key }) => key).sort()).toEqual(keys.sort());
  await until("all are reported", async () => Object.keys(await brokenLaws(rig.sql)).length === 0);
});

test("Resend rejects one mail permanently: it has failed, with the reason, and the others go out", async () => {
  const resend = startResend();
  closing.push(resend.stop);
  const options = { apiKey: "re_key", baseUrl: resend.url, from, timeoutMs: 500 };
  const rig = await openReminderRig({ mailer: resendMailer(options) });
  closing.push(rig.close);
  resend.next(422);
  const { ada, states, ended } = await due(rig, 3);
  await ended();
  expect((await states()).sort()).toEqual(["failed", "sent", "sent"]);
  const { body } = await ada.call("GET", "/api/notifications?state=failed");
  expect(body.data).toMatchObject([{ state: "failed", reason: "provider", attempts: 1, sent_at: null }]);
});

test("a real SMTP conversation: greylisted, rejected, cut off, away for a while; every deliverable mail arrives", async () => {
  const smtp = await startSmtpServer({ users: { bells: "secret" }, now: new Date() });
  closing.push(smtp.stop);
  const account = { username: "bells", password: "secret", trusted: smtp.certificate, silenceMs: 5_000 };
  const mailer = smtpMailer({ host: "127.0.0.1", port: smtp.port, from, clock: { now: () => new Date() }, ...account });
  closing.push(async () => mailer.close());
  const rig = await openReminderRig({ replicas: 2, mailer });
  closing.push(rig.close);
  smtp.next({ at: "greeting", answer: "hang" });
  smtp.next({ at: "MAIL", answer: "421 4.3.2 closing" });
  smtp.next({ at: "RCPT", answer: "550 5.1.1 no such user" });
  smtp.next({ at: "end of data", answer: "452 4.2.2 full" });
  const { states, ended } = await due(rig, 6);
  await ended();
  expect((await states()).sort()).toEqual(["failed", "sent", "sent", "sent", "sent", "sent"]);
  expect(smtp.received).toHaveLength(5);
  for (const one of smtp.received)
    expect(one).toMatchObject({ isEncrypted: true, user: "bells", from: "bells@example.com" });
  const ids = smtp.received.map(({ data }) => /^Message-ID: (.*)$/m.exec(data)?.[1]);
  expect(new Set(ids).size).toBe(5);
});

test("a title renamed between two attempts: the first mail counts, because Resend knows the key", async () => {
  const resend = startResend();
  closing.push(resend.stop);
  const options = { apiKey: "re_key", baseUrl: resend.url, from, timeoutMs: 500 };
  const rig = await openReminderRig({ mailer: resendMailer(options) });
  closing.push(rig.close);
  resend.next("lose the answer");
  const { ada, tasks, states, ended } = await due(rig, 1);
  await until("it was attempted", () => resend.asked.length === 1);
  await ada.call("PATCH", `/api/tasks/${tasks[0]?.id}`, { title: "Renamed" });
  await ended();
  expect(await states()).toEqual(["sent"]);
  expect(resend.sent.map(({ subject }) => subject)).toEqual(["Reminder: Task 0"]);
  expect(resend.asked.length).toBeGreaterThanOrEqual(2);
});
