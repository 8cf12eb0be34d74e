import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { ReminderResult } from "@carillon/contracts/http/reminders";
import type { Task } from "@carillon/contracts/http/tasks";
import { metrics } from "@carillon/kit/observe";
import { expectWhole } from "./oracle.ts";
import { type Past, planOf, startPast } from "./past.ts";

let past: Past;
beforeAll(async () => {
  past = await startPast();
});
afterEach(() => expectWhole(past.api.sql));
afterAll(() => past.api.close());

const hour = 3_600_000;

/** A user whose task's only reminder has just become due. */
async function due() {
  const person = await past.person();
  const task = await person.as.make({
    title: "Submit the report",
    due_date: past.inMinutes(120),
    reminders: [{ before: "1h" }],
  });
  past.clock.advance(hour);
  const read = async (): Promise<Task> => (await person.as.get(`/api/tasks/${task.id}`)).body;
  const said = async () => (await past.api.outbox(person.user.id)).slice(2);
  return { person, task, read, said };
}

const result = (
  task: Task,
  outcome: ReminderResult["outcome"],
  more: Partial<ReminderResult> = {},
): ReminderResult => ({
  ...planOf(task),
  outcome,
  attempts: 1,
  at: past.clock.now().toISOString(),
  ...more,
});
const countOf = async (counter: { get(): Promise<{ values: { value: number }[] }> }): Promise<number> =>
  (await counter.get()).values[0]?.value ?? 0;

test("G9: a sent reminder is sent in the product, once, however often it is reported", async () => {
  const { task, read, said } = await due();
  const before = await countOf(metrics.remindersSent);
  const sent = result(task, "sent");
  expect(await past.report(sent)).toEqual(["noted"]);
  expect(await past.report(sent, sent)).toEqual(["known", "known"]);
  expect((await Promise.all([1, 2, 3].map(() => past.report(sent)))).flat()).toEqual(["known", "known", "known"]);
  const after = await read();
  expect(after).toMatchObject({ version: task.version, updated_at: task.updated_at, reminder_sent: true });
  expect(after.reminders).toEqual([
    { id: planOf(task).id, before: "1h", remind_at: task.reminder_at, state: "sent", reason: null, sent_at: sent.at },
  ]);
  const events = await said();
  expect(events.map(({ type }) => type)).toEqual(["reminder.sent"]);
  expect(events[0]?.event.data).toMatchObject({
    actor: "notification",
    task_id: task.id,
    version: task.version,
    changes: { state: ["pending", "sent"] },
    reminder: { ...after.reminders[0], generation: 1 },
    task_data: { id: task.id, reminder_sent: true },
  });
  expect((await countOf(metrics.remindersSent)) - before).toBe(1);
});

test("what a reminder's end goes back to is the plan's own cause, also where one report tells of several", async () => {
  const { person, task, said } = await due();
  const other = await person.as.make({ reminders: [{ at: past.inMinutes(1) }] });
  past.clock.advance(60_000);
  const causes = ["a", "b"].map((id) => ({ correlation_id: id.repeat(32), causation_id: `${id}-event` }));
  const reports = [task, other].map((one, at) => result(one, "sent", causes[at] ? { cause: causes[at] } : {}));
  expect(await past.report(...reports)).toEqual(["noted", "noted"]);
  const ends = (await said()).filter(({ type }) => type === "reminder.sent").map(({ event }) => event);
  expect(ends.map(({ correlationid, causationid }) => [correlationid, causationid]).sort()).toEqual(
    causes.map(({ correlation_id, causation_id }) => [correlation_id, causation_id]),
  );
});

test("twenty reports of one end at once are one event", async () => {
  const { task, said } = await due();
  const taken = await Promise.all(Array.from({ length: 20 }, () => past.report(result(task, "sent"))));
  expect(taken.flat().sort()).toEqual([...Array(19).fill("known"), "noted"]);
  expect(await said()).toHaveLength(1);
});

test("clients that sync learn of it: the task is among the changes since", async () => {
  const { person, task } = await due();
  const { body: first } = await person.as.get("/api/sync");
  await past.report(result(task, "sent"));
  const { body: then } = await person.as.get(`/api/sync?cursor=${first.next_cursor}`);
  expect(then.tasks).toMatchObject([{ id: task.id, version: task.version, reminder_sent: true }]);
});

test.each([
  ["failed", "failed", "provider"],
  ["missed", "missed", "too_late"],
] as const)("a reminder that %s shows it, with the reason", async (outcome, state, reason) => {
  const { task, read, said } = await due();
  expect(await past.report(result(task, outcome, { attempts: 3 }))).toEqual(["noted"]);
  expect((await read()).reminders).toMatchObject([{ state, reason, sent_at: null }]);
  expect((await said()).map(({ type }) => type)).toEqual([`reminder.${outcome}`]);
});

test("a mail that was on its way when its task was completed went out, and the product reports it", async () => {
  const { person, task, read } = await due();
  expect(await past.claim(planOf(task))).toMatchObject([{ outcome: "send" }]);
  await person.as.patch(`/api/tasks/${task.id}/complete`);
  expect(await past.report(result(task, "sent"))).toEqual(["noted"]);
  expect(await read()).toMatchObject({ completed: true, version: 2, reminders: [{ state: "sent", reason: null }] });
});

test("a failure of a cancelled reminder changes nothing", async () => {
  const { person, task, read } = await due();
  await person.as.patch(`/api/tasks/${task.id}/complete`);
  expect(await past.report(result(task, "failed"), result(task, "missed"))).toEqual(["known", "known"]);
  expect((await read()).reminders).toMatchObject([{ state: "cancelled", reason: "completed" }]);
});

test("a result of a replaced plan does not affect the new one", async () => {
  const { person, task, read } = await due();
  await person.as.patch(`/api/tasks/${task.id}`, { due_date: past.inMinutes(600) });
  expect(await past.report(result(task, "sent"))).toEqual(["stale"]);
  expect((await read()).reminders).toMatchObject([{ state: "pending", sent_at: null }]);
});

test("results of two plans of one reminder in one report are distinguished, in whatever order and case", async () => {
  const { person, task, read } = await due();
  await person.as.patch(`/api/tasks/${task.id}`, { due_date: past.inMinutes(600) });
  const newer = result(task, "sent", { ...planOf(task, 0, 2), id: planOf(task).id.toUpperCase() });
  expect(await past.report(result(task, "failed"), newer, result(task, "sent"))).toEqual(["stale", "noted", "stale"]);
  expect((await read()).reminders).toMatchObject([{ state: "sent" }]);
});

test("results of reminders or users that are gone are accepted and ignored", async () => {
  const { person, task } = await due();
  const erased = await due();
  await person.as.patch(`/api/tasks/${task.id}`, { reminders: [] });
  await erased.person.as.call("DELETE", "/api/auth/me", { password: erased.person.password });
  expect(await past.report(result(task, "sent"), result(erased.task, "sent"), result(erased.task, "tried"))).toEqual([
    "gone",
    "gone",
    "gone",
  ]);
});

test("results of many users' reminders, of several tasks and of one task, are all accepted in one report", async () => {
  const others = await Promise.all([1, 2, 3].map(() => due()));
  const person = await past.person();
  const task = await person.as.make({ reminders: [1, 2, 3].map((minutes) => ({ at: past.inMinutes(minutes) })) });
  past.clock.advance(hour);
  const results = [
    ...others.map((other) => result(other.task, "sent")),
    result(task, "sent"),
    result(task, "failed", planOf(task, 1)),
    result(task, "missed", planOf(task, 2)),
  ];
  expect(await past.report(...results)).toEqual(results.map(() => "noted"));
  const { body } = await person.as.get(`/api/tasks/${task.id}`);
  expect(body.reminders.map(({ state }: { state: string }) => state)).toEqual(["sent", "failed", "missed"]);
});

test("attempts are counted beside the reminder: they do not change it, never go back, and restart with a new plan", async () => {
  const { person, task, said } = await due();
  const attempts = async () => (await person.as.get("/api/notifications")).body.data[0].attempts;
  expect(await past.report(result(task, "tried", { attempts: 4 }))).toEqual(["noted"]);
  expect(await past.report(result(task, "tried", { attempts: 3 }))).toEqual(["noted"]);
  expect(await attempts()).toBe(4);
  expect(await said()).toEqual([]);
  await person.as.patch(`/api/tasks/${task.id}`, { due_date: past.inMinutes(600) });
  expect(await attempts()).toBe(0);
  expect(await past.report(result(task, "tried", { attempts: 9 }))).toEqual(["stale"]);
  expect(await attempts()).toBe(0);
  const again = { ...planOf(task, 0, 2), attempts: 1 };
  expect(await past.report(result(task, "tried", again))).toEqual(["noted"]);
  expect(await attempts()).toBe(1);
});

test("the sweep gets every pending reminder before the instant, the earliest first, in pages", async () => {
  const person = await past.person();
  const tasks: Task[] = [];
  for (const minutes of [50, 10, 30, 20, 40])
    tasks.push(await person.as.make({ reminder_at: past.inMinutes(minutes) }));
  await person.as.patch(`/api/tasks/${tasks[2]?.id}/complete`);
  const seen: { id: string; user_id: string; generation: number }[] = [];
  const before = past.inMinutes(45);
  for (let cursor: string | undefined = undefined; ; ) {
    const more: Record<string, unknown> = cursor === undefined ? {} : { cursor };
    const { body } = await past.internal("/internal/reminders/due", { before, limit: 1, ...more });
    seen.push(...body.reminders);
    if (body.next_cursor === null) break;
    cursor = body.next_cursor;
  }
  const mine = seen.filter(({ user_id }) => user_id === person.user.id);
  expect(mine.map(({ id, generation }) => ({ id, generation }))).toEqual(
    [tasks[1], tasks[3], tasks[4]].flatMap((task) => (task ? [planOf(task)] : [])),
  );
});
