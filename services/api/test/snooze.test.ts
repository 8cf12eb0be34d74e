import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Reminder, Task } from "@carillon/contracts/http/tasks";
import { verdict } from "./client.ts";
import { expectWhole } from "./oracle.ts";
import { type Past, planOf, startPast } from "./past.ts";

let past: Past;
beforeAll(async () => {
  past = await startPast();
});
afterEach(() => expectWhole(past.api.sql));
afterAll(() => past.api.close());

const brief = ({ before, remind_at, state, reason }: Reminder) => [before ?? remind_at, state, reason];

test("snoozing rings once more in some minutes; what is still to ring stays, and so does the due date", async () => {
  const person = await past.person();
  const task = await person.as.make({
    due_date: past.inMinutes(120),
    reminders: [{ before: "1h" }, { before: "15m" }],
  });
  const { status, headers, body } = await person.as.post(`/api/tasks/${task.id}/snooze`, { minutes: 30 });
  expect(status).toBe(200);
  expect(headers.get("etag")).toBe('"2"');
  expect(body).toMatchObject({ due_date: task.due_date, version: 2, reminder_at: past.inMinutes(30) });
  expect(body.reminders.map(brief)).toEqual([
    ["1h", "pending", null],
    ["15m", "pending", null],
    [past.inMinutes(30), "pending", null],
  ]);
  const said = (await past.api.outbox(person.user.id)).slice(3);
  expect(said.map(({ type, entity_id }) => [type, entity_id])).toEqual([
    ["task.updated", task.id],
    ["reminder.snoozed", body.reminders[2].id],
  ]);
  expect(said[1]?.event.data.reminder).toEqual({ ...body.reminders[2], generation: 1 });
});

test("a new snooze takes the place of the last one that is still to ring, and of nothing else", async () => {
  const { as } = await past.person();
  const task = await as.make({ due_date: past.inMinutes(120), reminders: [{ before: "1h" }] });
  const [first, second] = [past.inMinutes(10), past.inMinutes(20)];
  await as.post(`/api/tasks/${task.id}/snooze`, { until: first });
  const { body } = await as.post(`/api/tasks/${task.id}/snooze`, { until: second });
  expect(body.reminders.map(brief)).toEqual([
    ["1h", "pending", null],
    [first, "cancelled", "snoozed"],
    [second, "pending", null],
  ]);
});

test("a reminder that already rang stays as it was; an instant may be given instead of minutes", async () => {
  const person = await past.person();
  const task = await person.as.make({ reminder_at: past.inMinutes(1) });
  past.clock.advance(60_000);
  const at = past.clock.now().toISOString();
  await past.report({ ...planOf(task), outcome: "sent", attempts: 1, at });
  const until = past.inMinutes(43_200 * 3);
  const { body } = await person.as.post(`/api/tasks/${task.id}/snooze`, { until });
  expect(body.reminders.map(brief)).toEqual([
    [task.reminder_at, "sent", null],
    [until, "pending", null],
  ]);
  expect(body.reminder_at).toBe(until);
});

test("snoozing to an instant with a pending reminder keeps that one, and a cancelled one becomes a new plan", async () => {
  const { as } = await past.person();
  const [soon, later] = [past.inMinutes(10), past.inMinutes(20)];
  const plain = await as.make();
  const snooze = async (until: string): Promise<Task> =>
    (await as.post(`/api/tasks/${plain.id}/snooze`, { until })).body;
  const task = await snooze(soon);
  expect(await snooze(soon)).toEqual(task);
  await snooze(later);
  const back = await snooze(soon);
  expect(back.reminders.map(brief)).toEqual([
    [later, "cancelled", "snoozed"],
    [soon, "pending", null],
  ]);
  expect(back.reminders[1]?.id).toBe(task.reminders[0]?.id ?? "");
  past.clock.advance(600_000);
  expect(await past.claim(planOf(task, 0, 1), planOf(task, 0, 2))).toMatchObject([
    { outcome: "moved" },
    { outcome: "send" },
  ]);
});

test("a task that is snoozed repeatedly keeps at most twenty reminders, the newest ones", async () => {
  const { as } = await past.person();
  const task = await as.make({ due_date: past.inMinutes(10_000), reminders: [{ before: "1h" }] });
  let last: Task = task;
  for (let time = 1; time <= 23; time++) {
    const answered = await as.post(`/api/tasks/${task.id}/snooze`, { minutes: time });
    expect(answered.status).toBe(200);
    last = answered.body;
  }
  expect(last.reminders).toHaveLength(20);
  expect(last.reminders[0]).toMatchObject({ before: "1h", state: "pending", reason: null });
  expect(last.reminders.at(-1)).toMatchObject({ remind_at: past.inMinutes(23), state: "pending" });
});

test("twenty relative reminders leave no room for one more", async () => {
  const { as } = await past.person();
  const reminders = Array.from({ length: 20 }, (_, at) => ({ before: `${at + 1}m` }));
  const task = await as.make({ due_date: past.inMinutes(100), reminders });
  expect((await as.post(`/api/tasks/${task.id}/snooze`, { minutes: 5 })).status).toBe(409);
});

test("exactly one of minutes and until, within their limits, is required", async () => {
  const { as } = await past.person();
  const task = await as.make();
  const snooze = async (body: unknown) => verdict(await as.post(`/api/tasks/${task.id}/snooze`, body));
  expect(await snooze({})).toBe("422 /minutes");
  expect(await snooze({ minutes: 5, until: past.inMinutes(5) })).toBe("422 /until");
  for (const minutes of [0, 43_201, 1.5, "5", -1]) expect(await snooze({ minutes })).toBe("422 /minutes");
  for (const until of [past.inMinutes(0), past.inMinutes(-1), "tomorrow", "2025-12-01"])
    expect(await snooze({ until })).toBe("422 /until");
  expect(await snooze({ minutes: 5, loud: true })).toBe("422 /loud");
});

test("a completed task is not snoozed, one in the trash or of another user is not found, a stale version is rejected", async () => {
  const [ann, bob] = [await past.person(), await past.person()];
  const [done, binned, live] = [await ann.as.make(), await ann.as.make(), await ann.as.make()];
  await ann.as.patch(`/api/tasks/${done.id}/complete`);
  await ann.as.delete(`/api/tasks/${binned.id}`);
  const snooze = (as: typeof ann.as, task: Task, headers = {}) =>
    as.post(`/api/tasks/${task.id}/snooze`, { minutes: 5 }, headers).then(({ status }) => status);
  expect(await snooze(ann.as, done)).toBe(409);
  expect(await snooze(ann.as, binned)).toBe(404);
  expect(await snooze(bob.as, live)).toBe(404);
  expect(await snooze(ann.as, live, { "if-match": '"7"' })).toBe(412);
  expect(await snooze(ann.as, live, { "if-match": '"1"' })).toBe(200);
});

test("G7: the same Idempotency-Key snoozes once, and gets the same answer when the instant has passed", async () => {
  const { as } = await past.person();
  const task = await as.make();
  const body = { until: past.inMinutes(5) };
  const first = await as.post(`/api/tasks/${task.id}/snooze`, body, { "idempotency-key": "once" });
  past.clock.advance(600_000);
  const again = await as.post(`/api/tasks/${task.id}/snooze`, body, { "idempotency-key": "once" });
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect((await as.get(`/api/tasks/${task.id}`)).body.version).toBe(2);
});
