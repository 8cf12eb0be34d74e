import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { databaseNow } from "@carillon/kit/clock";
import { claimReminders } from "../src/reminders/claim-reminders.ts";
import { clientOf } from "./client.ts";
import { startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";
import { type Past, planOf, startPast } from "./past.ts";

let past: Past;
beforeAll(async () => {
  past = await startPast();
});
afterEach(() => expectWhole(past.api.sql));
afterAll(() => past.api.close());

const hour = 3_600_000;
const unknown = { id: "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77", generation: 1 };

/** A user with a task whose reminder is due in an hour. */
async function userWithReminder(fields: Record<string, unknown> = {}) {
  const person = await past.person({ time_zone: "Europe/Berlin", name: "Ada" });
  const task = await person.as.make({ title: "Submit the report", reminder_at: past.inMinutes(60), ...fields });
  return { person, task };
}

test("a due reminder may be sent: to whom, when it was due, and what it is about", async () => {
  const { person, task } = await userWithReminder({ due_date: past.inMinutes(60 + 24 * 60) });
  past.clock.advance(hour);
  const [claim] = await past.claim(planOf(task));
  expect(claim).toEqual({
    ...planOf(task),
    outcome: "send",
    remind_at: task.reminder_at ?? "",
    user: {
      ...{ id: person.user.id, email: person.email, name: "Ada", time_zone: "Europe/Berlin" },
      ...{ hour_cycle: "h23", date_order: "dmy" },
    },
    task: {
      id: task.id,
      title: "Submit the report",
      due_date: task.due_date,
      all_day: false,
      time_zone: "Europe/Berlin",
    },
    unsubscribe_token: expect.stringMatching(/^[\w-]{40,200}$/),
  });
  const formats = { hour_cycle: "h12", date_order: "mdy" };
  await person.as.patch("/api/auth/me", formats);
  expect(await past.claim(planOf(task))).toMatchObject([{ outcome: "send", user: formats }]);
});

test("G10: a millisecond before its instant nothing may be sent, and the answer says when", async () => {
  const { task } = await userWithReminder();
  past.clock.advance(hour - 1);
  const next = { generation: 1, remind_at: task.reminder_at };
  expect(await past.claim(planOf(task))).toMatchObject([{ outcome: "moved", next }]);
  past.clock.advance(1);
  expect(await past.claim(planOf(task))).toMatchObject([{ outcome: "send" }]);
});

test.each([5, -5, 26 * 60, -26 * 60])(
  "G10: with a service's clock wrong by %d minutes the database's decides what is early, due or too late",
  async (minutes) => {
    const skewed = { now: () => new Date(Date.now() + minutes * 60_000) };
    const api = await startApi({ sessionMinutes: 525_600 }, (deps) => ({ ...deps, clock: skewed, databaseNow }));
    const task = await clientOf(api, await api.signUp()).make({
      title: "Submit",
      reminder_at: new Date(Date.now() + 72 * hour).toISOString(),
    });
    await api.sql`alter table api.reminders disable trigger all`;
    const outcomeAt = async (remindAt: Date): Promise<string> => {
      await api.sql`update api.reminders set remind_at = ${remindAt}, state = 'pending', reason = null`;
      const [claim] = await claimReminders(api.deps, [planOf(task)]);
      return claim?.outcome === "cancelled" ? String(claim.state) : String(claim?.outcome);
    };
    const inMinutes = (more: number) => new Date(Date.now() + more * 60_000);
    expect(await outcomeAt(inMinutes(1))).toBe("moved");
    expect(await outcomeAt(inMinutes(-1))).toBe("send");
    expect(await outcomeAt(inMinutes(-24 * 60 + 1))).toBe("send");
    await api.close();
  },
);

test.each([
  ["completed", (task: Task) => ["PATCH", `/api/tasks/${task.id}/complete`] as const],
  ["deleted", (task: Task) => ["DELETE", `/api/tasks/${task.id}`] as const],
])("G12: a reminder whose task was %s is not sent", async (reason, verb) => {
  const { person, task } = await userWithReminder();
  past.clock.advance(hour);
  const [method, path] = verb(task);
  await person.as.call(method, path);
  expect(await past.claim(planOf(task))).toEqual([
    { ...planOf(task), outcome: "cancelled", state: "cancelled", reason },
  ] as never);
});

test("G12: a reminder that was removed from its task, erased with its owner or never existed is not sent", async () => {
  const { person, task } = await userWithReminder();
  const other = await userWithReminder();
  past.clock.advance(hour);
  await person.as.patch(`/api/tasks/${task.id}`, { reminders: [] });
  await other.person.as.call("DELETE", "/api/auth/me", { password: other.person.password });
  const gone = { outcome: "cancelled", state: null, reason: null };
  expect(await past.claim(planOf(task), planOf(other.task), unknown)).toMatchObject([gone, gone, gone]);
});

test("a replaced plan is not sent: the answer names the current one", async () => {
  const { person, task } = await userWithReminder({
    due_date: past.inMinutes(120),
    reminders: [{ before: "1h" }],
    reminder_at: null,
  });
  const { body } = await person.as.patch(`/api/tasks/${task.id}`, { due_date: past.inMinutes(300) });
  past.clock.advance(5 * hour);
  const next = { generation: 2, remind_at: body.reminders[0].remind_at };
  expect(await past.claim(planOf(task))).toMatchObject([{ outcome: "moved", next }]);
  expect(await past.claim(planOf(task, 0, 2))).toMatchObject([{ outcome: "send" }]);
});

test("G12: address, zone and title are the current ones, not those of the day the reminder was set", async () => {
  const { person, task } = await userWithReminder();
  past.clock.advance(hour);
  await person.as.patch(`/api/tasks/${task.id}`, { title: "Submit both reports" });
  await person.as.patch("/api/auth/me", { time_zone: "Asia/Tokyo" });
  await past.api.sql`update api.users set email = 'new@example.com' where id = ${person.user.id}`;
  expect(await past.claim(planOf(task))).toMatchObject([
    { user: { email: "new@example.com", time_zone: "Asia/Tokyo" }, task: { title: "Submit both reports" } },
  ]);
});

test("B14: of two reminders at one instant one is sent, and the other says why it kept still", async () => {
  const dueAt = past.inMinutes(25 * 60);
  const { person, task } = await userWithReminder({
    due_date: dueAt,
    reminders: [{ before: "1d" }, { before: "24h" }, { at: past.inMinutes(60) }, { before: "25h" }],
    reminder_at: null,
  });
  past.clock.advance(hour);
  const double = { outcome: "cancelled", state: "cancelled", reason: "same_time" };
  // In any order: the first of the list is the one that rings.
  expect(await past.claim(planOf(task, 1), planOf(task, 2))).toMatchObject([double, double]);
  expect(await past.claim(planOf(task, 0))).toMatchObject([{ outcome: "send" }]);
  expect((await person.as.get(`/api/tasks/${task.id}`)).body.reminders.slice(1, 3)).toMatchObject([
    { state: "cancelled", reason: "same_time" },
    { state: "cancelled", reason: "same_time" },
  ]);
});

test("who wants no mail gets none, and the reminder says so, once", async () => {
  const { person, task } = await userWithReminder();
  past.clock.advance(hour);
  await person.as.patch("/api/auth/me", { notifications: { email: false } });
  const off = { outcome: "cancelled", state: "cancelled", reason: "mail_off" };
  expect(await past.claim(planOf(task))).toMatchObject([off]);
  await person.as.patch("/api/auth/me", { notifications: { email: true } });
  expect(await past.claim(planOf(task))).toMatchObject([off]);
  const said = (await past.api.outbox(person.user.id)).slice(2);
  expect(said.map(({ type, event }) => [type, event.data.actor, event.data.changes])).toEqual([
    ["reminder.cancelled", "notification", { state: ["pending", "cancelled"], reason: [null, "mail_off"] }],
  ]);
});

test("a reminder 24 hours late is still sent; a moment later it is missed", async () => {
  const { person, task } = await userWithReminder();
  past.clock.advance(25 * hour);
  expect(await past.claim(planOf(task))).toMatchObject([{ outcome: "send" }]);
  past.clock.advance(1);
  const missed = { outcome: "cancelled", state: "missed", reason: "too_late" };
  expect(await past.claim(planOf(task))).toMatchObject([missed]);
  expect((await person.as.get(`/api/tasks/${task.id}`)).body.reminders).toMatchObject([
    { state: "missed", reason: "too_late" },
  ]);
  expect((await past.api.outbox(person.user.id)).at(-1)).toMatchObject({ type: "reminder.missed" });
});

test("a hundred plans of many users are answered in the order of the request, one unknown among them", async () => {
  const many = await Promise.all(Array.from({ length: 9 }, () => userWithReminder()));
  past.clock.advance(hour);
  const plans = [...many.map(({ task }) => planOf(task)), unknown].sort(() => Math.random() - 0.5);
  const claims = await past.claim(...plans);
  expect(claims.map(({ id }) => id)).toEqual(plans.map(({ id }) => id));
  expect(claims.filter(({ outcome }) => outcome === "send")).toHaveLength(9);
});

test("G12: a claim waits for a completion that is under way and then sees it; a later completion waits for the claim", async () => {
  const { person, task } = await userWithReminder();
  past.clock.advance(hour);
  const order: string[] = [];
  const free = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holding = past.api.sql.begin(async (tx) => {
    await tx`select from api.users where id = ${person.user.id} for update`;
    held.resolve();
    await free.promise;
  });
  await held.promise;
  const completing = person.as.patch(`/api/tasks/${task.id}/complete`).then(() => order.push("completed"));
  await Bun.sleep(150);
  const claiming = past.claim(planOf(task)).then(([claim]) => order.push(`claim: ${claim?.outcome}`));
  await Bun.sleep(150);
  expect(order).toEqual([]);
  free.resolve();
  await Promise.all([holding, completing, claiming]);
  expect(order.sort()).toEqual(["claim: cancelled", "completed"]);
});

test("concurrent claims of the same users, amid writers, never deadlock", async () => {
  const many = await Promise.all(Array.from({ length: 6 }, () => userWithReminder()));
  past.clock.advance(hour);
  const plans = many.map(({ task }) => planOf(task));
  const claims = Array.from({ length: 8 }, (_, at) => past.claim(...(at % 2 ? plans : plans.toReversed())));
  const writes = many.map(({ person, task }, at) =>
    person.as.patch(`/api/tasks/${task.id}`, { title: `Changed ${at}` }),
  );
  for (const claim of await Promise.all(claims))
    expect(claim.map(({ outcome }) => outcome)).toEqual(plans.map(() => "send"));
  expect((await Promise.all(writes)).map(({ status }) => status)).toEqual(writes.map(() => 200));
});

test("the claim route is closed without the app token, and rejects malformed claims", async () => {
  for (const path of ["claim", "results", "due"])
    expect((await past.api.call("POST", `/internal/reminders/${path}`, { body: {} })).status).toBe(401);
  const claim = (reminders: unknown) => past.internal("/internal/reminders/claim", { reminders });
  expect((await claim([])).status).toBe(422);
  expect((await claim(Array(101).fill(unknown))).status).toBe(422);
  expect((await claim([{ ...unknown, id: "no uuid" }])).status).toBe(422);
  expect((await claim([{ ...unknown, generation: 2 ** 31 }])).status).toBe(422);
  expect((await claim([{ ...unknown, user: 1 }])).status).toBe(422);
});
