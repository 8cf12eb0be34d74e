import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Notification } from "@carillon/contracts/http/reminders";
import { verdict } from "./client.ts";
import { expectWhole } from "./oracle.ts";
import { type Past, planOf, startPast } from "./past.ts";

let past: Past;
beforeAll(async () => {
  past = await startPast();
});
afterEach(() => expectWhole(past.api.sql));
afterAll(() => past.api.close());

const hour = 3_600_000;
const brief = ({ task_title, state, reason }: Notification) => [task_title, state, reason];

test("the notification centre lists each reminder once, the latest first, and says why one did or did not ring", async () => {
  const { as } = await past.person();
  const made = async (title: string, minutes: number) => as.make({ title, reminder_at: past.inMinutes(minutes) });
  const rang = await made("Rang", 10);
  const failed = await made("Failed", 20);
  const done = await made("Done", 30);
  const binned = await made("Binned", 40);
  const moved = await as.make({ title: "Moved", due_date: past.inMinutes(100), reminders: [{ before: "50m" }] });
  await made("Ahead", 600);
  await made("Past when set", -5);
  await as.patch(`/api/tasks/${done.id}/complete`);
  await as.delete(`/api/tasks/${binned.id}`);
  past.clock.advance(hour / 2);
  await as.patch(`/api/tasks/${moved.id}`, { due_date: past.inMinutes(42) });
  const at = past.clock.now().toISOString();
  await past.report(
    { ...planOf(rang), outcome: "sent", attempts: 1, at },
    { ...planOf(failed), outcome: "failed", attempts: 3, at },
  );
  const { body } = await as.get("/api/notifications");
  expect(body.next_cursor).toBeNull();
  expect(body.data.map(brief)).toEqual([
    ["Ahead", "pending", null],
    ["Binned", "cancelled", "deleted"],
    ["Done", "cancelled", "completed"],
    ["Moved", "cancelled", "moved"],
    ["Failed", "failed", "provider"],
    ["Rang", "sent", null],
    ["Past when set", "missed", "too_late"],
  ]);
  const instants = body.data.map((one: Notification) => one.remind_at);
  expect(instants).toEqual([...instants].sort().reverse());
  expect(body.data.find((one: Notification) => one.task_title === "Rang")).toEqual({
    channels: [],
    id: rang.reminders[0]?.id,
    task_id: rang.id,
    task_title: "Rang",
    before: null,
    remind_at: rang.reminder_at,
    state: "sent",
    reason: null,
    attempts: 1,
    sent_at: at,
  });
});

test("it can be filtered by state, and paged without gaps or repetitions", async () => {
  const { as } = await past.person();
  const task = await as.make({
    reminders: [5, 5, 7, 9, 11].map((minutes, at) => ({ at: past.inMinutes(minutes + at / 10) })),
  });
  const other = await as.make({ reminder_at: past.inMinutes(8) });
  await as.patch(`/api/tasks/${other.id}/complete`);
  const all: string[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await as.get(`/api/notifications?state=pending&limit=2${cursor}`);
    all.push(...body.data.map(({ id }: Notification) => id));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  expect(all).toEqual(task.reminders.map(({ id }) => id).reverse());
  expect((await as.get("/api/notifications?state=cancelled,sent")).body.data).toHaveLength(1);
  expect((await as.get("/api/notifications?state=sent")).body.data).toEqual([]);
});

test("a cursor is valid for its own list only, and no other user's reminders are listed", async () => {
  const [ann, bob] = [await past.person(), await past.person()];
  for (const minutes of [1, 2, 3]) await ann.as.make({ reminder_at: past.inMinutes(minutes) });
  const { body } = await ann.as.get("/api/notifications?limit=1");
  expect(verdict(await bob.as.get(`/api/notifications?limit=1&cursor=${body.next_cursor}`))).toBe("422 cursor");
  expect(verdict(await ann.as.get(`/api/notifications?state=sent&cursor=${body.next_cursor}`))).toBe("422 cursor");
  expect((await bob.as.get("/api/notifications")).body).toEqual({ data: [], next_cursor: null });
  expect((await bob.as.get(`/api/${ann.user.id}/notifications`)).status).toBe(404);
  expect((await ann.as.get(`/api/${ann.user.id}/notifications`)).body.data).toHaveLength(3);
});

test("an unknown state, limit or parameter is rejected by name", async () => {
  const { as } = await past.person();
  for (const query of ["state=rung", "state=", "state=sent,,failed", "limit=0", "limit=101", "states=sent"])
    expect(verdict(await as.get(`/api/notifications?${query}`))).toBe(`422 ${query.split("=")[0]}`);
});

test("the link in a mail switches off mail for its user, and for no other", async () => {
  const [ann, bob] = [await past.person(), await past.person()];
  const task = await ann.as.make({ reminder_at: past.inMinutes(10) });
  past.clock.advance(hour);
  const [claim] = await past.claim(planOf(task));
  const token = claim?.outcome === "send" ? claim.unsubscribe_token : "";
  const unsubscribe = (given: string) => past.internal("/internal/unsubscribe", { token: given });
  const isOn = async (person: typeof ann) => (await person.as.get("/api/auth/me")).body.notifications.email;
  const { body: page } = await ann.as.get("/api/notifications?limit=1");
  const forged = [`${token.slice(0, -2)}AA`, token.slice(4), "x", "%00", page.next_cursor ?? "none", bob.user.id];
  for (const one of forged) expect((await unsubscribe(one)).status).toBe(404);
  expect([await isOn(ann), await isOn(bob)]).toEqual([true, true]);
  expect((await unsubscribe(token)).status).toBe(204);
  expect((await unsubscribe(token)).status).toBe(204);
  expect([await isOn(ann), await isOn(bob)]).toEqual([false, true]);
  await ann.as.call("DELETE", "/api/auth/me", { password: ann.password });
  expect((await unsubscribe(token)).status).toBe(404);
  expect((await past.api.call("POST", "/internal/unsubscribe", { body: { token } })).status).toBe(401);
});
