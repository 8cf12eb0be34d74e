import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { random } from "@carillon/calendar/testing";
import type { CloudEvent } from "@carillon/contracts/event";
import type { TaskEvent } from "@carillon/contracts/events/task.v1";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Fault, type Person, type Rig, startRig } from "./series-rig.ts";

let rig: Rig;
let ada: Person;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  rig.setNow("2026-11-21T08:00:00Z");
  await rig.newEvents();
  ada = await rig.signUp();
});
afterEach(() => rig.fail(() => "none"));

const standup = { recurring_pattern: "daily", due_date: "2026-11-21T09:00:00Z" };
const grace = 5_000;

/** How often this user's events report a successor, and a task created by recurring. */
async function told(): Promise<{ generated: number; created: number }> {
  const [row] = await rig.sql<{ generated: number; created: number }[]>`
    select (count(*) filter (where type = 'occurrence.generated'))::int as generated,
      (count(*) filter (where type = 'task.created' and event -> 'data' ->> 'actor' = 'recurring'))::int as created
    from api.outbox where user_id = ${ada.id}`;
  return row ?? { generated: 0, created: 0 };
}

/** True of each completed task: one successor, reported once. */
async function expectOneEach(tasks: readonly Task[]): Promise<void> {
  for (const task of tasks) expect(await ada.successorsOf(task.id)).toHaveLength(1);
  expect(await told()).toEqual({ generated: tasks.length, created: tasks.length });
}

const makeSome = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, at) => ada.make({ ...standup, title: `Standup ${at}` })));

describe("one completion, one successor (G14)", () => {
  test("although two replicas get every event three times, concurrently, in pieces", async () => {
    const tasks = await makeSome(12);
    for (const task of tasks) await ada.complete(task.id);
    const events = await rig.newEvents();
    const from = random(7);
    const deliveries = [0, 1].flatMap((replica) =>
      [1, 2, 3].flatMap(() => {
        const cut = from.int(1, events.length - 1);
        return [events.slice(0, cut), events.slice(cut)].map((some) => rig.deliver(some, replica));
      }),
    );
    const statuses = (await Promise.all(deliveries)).flat();
    expect(statuses.filter((status) => status !== "SUCCESS")).toEqual([]);
    await expectOneEach(tasks);
  });

  test("although events come late, twice and in any order", async () => {
    const tasks = await makeSome(3);
    for (const task of tasks) await ada.complete(task.id);
    const events = await rig.newEvents();
    for (const event of [...events, ...events].reverse()) await rig.deliver([event]);
    await expectOneEach(tasks);
    expect((await ada.successorsOf(tasks[0]?.id ?? ""))[0]?.due_date).toBe("2026-11-22T09:00:00.000Z");
  });

  test.each([
    ["before the call", ["before"]],
    ["after the call, before its answer", ["after"]],
    ["again and again", ["before", "after", "before", "after"]],
  ] as const)("although the process ends %s", async (_, faults) => {
    const [task] = await makeSome(1);
    await ada.complete(task?.id ?? "");
    const events = await rig.newEvents();
    const left: Fault[] = [...faults];
    rig.fail(() => left.shift() ?? "none");
    for (const [at] of faults.entries()) {
      const statuses = await rig.deliver(events, at % 2);
      expect(statuses.filter((status) => status === "RETRY")).toHaveLength(1);
    }
    expect(await rig.deliver(events)).toEqual(events.map(() => "SUCCESS"));
    await expectOneEach(task ? [task] : []);
  });

  test("although the event is lost: the sweep finds the completion once its event is overdue", async () => {
    const tasks = await makeSome(3);
    for (const task of tasks) await ada.complete(task.id);
    await rig.newEvents();
    expect(await rig.sweep()).toEqual({ settled: 0, failed: 0 });
    rig.advance(grace);
    expect(await rig.sweep()).toEqual({ settled: 3, failed: 0 });
    expect(await rig.sweep()).toEqual({ settled: 0, failed: 0 });
    await expectOneEach(tasks);
  });

  test("although two sweeps and both replicas settle it at the same time", async () => {
    const tasks = await makeSome(8);
    for (const task of tasks) await ada.complete(task.id);
    const events = await rig.newEvents();
    rig.advance(grace);
    await Promise.all([rig.sweep(), rig.deliver(events, 0), rig.sweep(), rig.deliver(events, 1)]);
    await expectOneEach(tasks);
  });

  test("and it is for the current task when the completed one is edited before its event arrives", async () => {
    const task = await ada.make(standup);
    await ada.complete(task.id);
    const events = await rig.newEvents();
    await ada.patch(task.id, { title: "Team standup, online", recurring_pattern: "weekly" });
    await rig.deliver(events);
    expect(await ada.next(task.id)).toMatchObject({
      title: "Team standup, online",
      recurring_pattern: "weekly",
      due_date: "2026-11-28T09:00:00.000Z",
    });
    expect(await told()).toEqual({ generated: 1, created: 1 });
  });

  test("and a completion that can never be settled keeps no other from its successor", async () => {
    const [stuck, ...others] = await makeSome(4);
    await rig.sql`alter table api.tasks disable trigger user`;
    await ada.complete(stuck?.id ?? "");
    // A pattern that an earlier release accepted and this one does not.
    await rig.sql`update api.tasks set recurring_pattern = 'FREQ=HOURLY' where id = ${stuck?.id ?? ""}`;
    await rig.sql`alter table api.tasks enable trigger user`;
    for (const task of others) await ada.complete(task.id);
    await rig.newEvents();
    rig.advance(grace);
    expect(await rig.sweep()).toEqual({ settled: 3, failed: 1 });
    for (const task of others) expect(await ada.successorsOf(task.id)).toHaveLength(1);
    await ada.patch(stuck?.id ?? "", { recurring_pattern: null });
  });
});

describe("no second successor, and none where there should be none (G15)", () => {
  /** A task, completed, and its successor. */
  async function followed(): Promise<{ task: Task; next: Task }> {
    const task = await ada.make({ ...standup, reminders: [{ before: "1h" }] });
    await ada.complete(task.id);
    await rig.settle();
    return { task, next: await ada.next(task.id) };
  }

  test("undoing a completion removes the untouched successor permanently", async () => {
    const { task, next } = await followed();
    const { next_cursor } = await ada.sync();
    await ada.reopen(task.id);
    await rig.settle();
    expect(await ada.list()).toMatchObject([{ id: task.id, completed: false }]);
    expect(await ada.list("&deleted=true")).toEqual([]);
    expect((await ada.call("POST", `/api/tasks/${next.id}/restore`)).status).toBe(404);
    expect((await ada.sync(next_cursor)).deleted).toEqual([{ type: "task", id: next.id }]);
    expect(await rig.said(next.id)).toEqual([
      "task.created recurring",
      "reminder.scheduled recurring",
      "reminder.cancelled user",
      "task.purged user",
    ]);
    expect((await ada.list("&recurring=true")).map(({ id }) => id)).toEqual([task.id]);
  });

  test("completed, undone and completed again has one successor, whose versions continue", async () => {
    const { task, next } = await followed();
    for (let round = 2; round <= 4; round++) {
      await ada.reopen(task.id);
      await ada.complete(task.id);
      await rig.settle();
      const again = await ada.next(task.id);
      expect(again).toMatchObject({ id: next.id, version: 2 * round - 1 });
    }
    // Still untouched, so it is removed again.
    await ada.reopen(task.id);
    await rig.settle();
    expect(await ada.successorsOf(task.id)).toEqual([]);
  });

  test("in whatever order and however late the events of completing, undoing and completing arrive", async () => {
    for (const order of [(list: CloudEvent<TaskEvent>[]) => list, (list: CloudEvent<TaskEvent>[]) => list.reverse()]) {
      const task = await ada.make(standup);
      await ada.complete(task.id);
      await ada.reopen(task.id);
      await ada.complete(task.id);
      for (const event of order(await rig.newEvents())) await rig.deliver([event, event]);
      expect(await ada.successorsOf(task.id)).toHaveLength(1);
      expect((await rig.said(task.id)).filter((said) => said.startsWith("occurrence"))).toHaveLength(1);
    }
  });

  test.each([
    ["changed", (next: Task) => ada.patch(next.id, { title: "Mine now" })],
    ["skipped", (next: Task) => ada.skip(next.id)],
    ["snoozed", (next: Task) => ada.json("POST", `/api/tasks/${next.id}/snooze`, { minutes: 5 })],
    ["completed", (next: Task) => ada.complete(next.id)],
    ["put in the trash", (next: Task) => ada.trash(next.id)],
    [
      "put in the trash and restored",
      (next: Task) => ada.trash(next.id).then(() => ada.json("POST", `/api/tasks/${next.id}/restore`)),
    ],
  ])("a successor that was %s stays, and no other is created", async (_, touch) => {
    const { task, next } = await followed();
    await touch(next);
    await rig.settle();
    const before = await rig.sql`select id, version, deleted_at from api.tasks where parent_task_id = ${task.id}`;
    await ada.reopen(task.id);
    await ada.complete(task.id);
    await rig.settle();
    rig.advance(grace);
    expect(await rig.sweep()).toEqual({ settled: 0, failed: 0 });
    expect([
      ...(await rig.sql`select id, version, deleted_at from api.tasks where parent_task_id = ${task.id}`),
    ]).toEqual([...before]);
  });

  test("not even when it was trashed and purged", async () => {
    const { task, next } = await followed();
    await ada.trash(next.id);
    rig.advance(31 * 86_400_000);
    await rig.purge();
    expect([...(await rig.sql`select from api.tasks where id = ${next.id}`)]).toEqual([]);
    await ada.reopen(task.id);
    await ada.complete(task.id);
    await rig.settle();
    rig.advance(grace);
    await rig.sweep();
    expect(await ada.successorsOf(task.id)).toEqual([]);
  });

  test.each([
    ["undone", (task: Task) => ada.reopen(task.id)],
    ["deleted", (task: Task) => ada.trash(task.id)],
    ["no longer recurring", (task: Task) => ada.patch(task.id, { recurring_pattern: null })],
  ])("a completion that is %s before its event arrives leads to none", async (_, undo) => {
    const task = await ada.make(standup);
    await ada.complete(task.id);
    await undo(task);
    await rig.settle();
    rig.advance(grace);
    expect(await rig.sweep()).toEqual({ settled: 0, failed: 0 });
    expect(await ada.successorsOf(task.id)).toEqual([]);
    expect(await told()).toEqual({ generated: 0, created: 0 });
  });

  test("an erased account leads to none, and its events are done", async () => {
    const task = await ada.make(standup);
    await ada.complete(task.id);
    const events = await rig.newEvents();
    await ada.json("DELETE", "/api/auth/me", { password: "correct horse battery" });
    expect(await rig.deliver(events)).toEqual(events.map(() => "SUCCESS"));
  });
});
