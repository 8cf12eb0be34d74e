import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { clientOf, verdict } from "../client.ts";
import { type Harness, type Person, startApi } from "../harness.ts";
import { expectWhole, fingerprint } from "../oracle.ts";
import { exportOf, importInto, meaningOf, send } from "./account.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

const berlin = { time_zone: "Europe/Berlin" };

/** An account with every field: series, a successor, skipped and moved dates, snoozed and past reminders, trash. */
async function fullAccount(): Promise<Person> {
  const person = await api.signUp(berlin);
  const as = clientOf(api, person);
  await as.makeTag("unused", { color: "#112233" });
  await as.makeTag("work", { color: "#445566" });
  const day = (days: number) => new Date(api.clock.now().getTime() + days * 86_400_000).toISOString();
  await as.make({ title: "plain" });
  await as.make({
    title: "dated",
    due_date: day(3),
    priority: "urgent",
    tags: ["work", "home"],
    description: "a\r\nb\tc",
  });
  await as.make({ title: "whole day", due_date: day(5), all_day: true, reminders: [{ before: "1d" }, { at: day(2) }] });
  await as.make({ title: "past", due_date: day(-3), reminders: [{ before: "1h" }] });
  const done = await as.make({ title: "done", due_date: day(1), reminders: [{ before: "1h" }] });
  await as.patch(`/api/tasks/${done.id}/complete`);
  const gone = await as.make({ title: "gone", due_date: day(1), reminders: [{ before: "1h" }] });
  await as.delete(`/api/tasks/${gone.id}`);
  const series = await as.make({ title: "series", due_date: day(1), recurring_pattern: "FREQ=DAILY;COUNT=9" });
  await as.post(`/api/tasks/${series.id}/skip`);
  await as.patch(`/api/tasks/${series.id}`, { due_date: day(2.1) });
  await as.post(`/api/tasks/${series.id}/snooze`, { minutes: 90 });
  await as.make({
    title: "from completion",
    due_date: day(1),
    recurring_pattern: "weekly",
    recurrence_anchor: "completion",
  });
  await as.make({ title: "month end", due_date: "2031-01-31T09:00:00+01:00", recurring_pattern: "monthly" });
  return person;
}

test("an export, imported into another account, gives an equal account", async () => {
  const file = await exportOf(api, await fullAccount());
  const other = await api.signUp(berlin);
  expect(await importInto(api, other, file)).toMatchObject({
    created: file.tasks.length,
    updated: 0,
    skipped: 0,
    source: "carillon",
    lost: [],
    repeating: 3,
  });
  const copy = await exportOf(api, other);
  expect(meaningOf(copy)).toEqual(meaningOf(file));
  const ids = new Set(file.tasks.map(({ id }) => id));
  expect(copy.tasks.filter(({ id }) => ids.has(id))).toEqual([]);
});

test("the same file again changes nothing, and after changes here it brings the tasks back to what it says", async () => {
  const person = await fullAccount();
  const as = clientOf(api, person);
  const file = await exportOf(api, person);
  const before = await fingerprint(api.sql);
  expect(await importInto(api, person, file)).toMatchObject({
    created: 0,
    updated: 0,
    skipped: file.tasks.length,
    batch_id: null,
  });
  expect(await fingerprint(api.sql)).toMatchObject({
    tasks: before.tasks,
    outbox: before.outbox,
    reminders: before.reminders,
  });

  const task = (title: string) => file.tasks.find((one) => one.title === title)?.id;
  await as.patch(`/api/tasks/${task("dated")}`, { title: "renamed", tags: [], due_date: null });
  await as.delete(`/api/tasks/${task("plain")}`);
  await as.patch(`/api/tasks/${task("done")}/incomplete`);
  expect(await importInto(api, person, file)).toMatchObject({ created: 0, updated: 3, skipped: file.tasks.length - 3 });
  const settled = ({ tasks }: ReturnType<typeof meaningOf>) =>
    tasks.map(({ updated_at: _, reminders: __, ...one }) => one);
  expect(settled(meaningOf(await exportOf(api, person)))).toEqual(settled(meaningOf(file)));
});

test("a dry run says the same and writes nothing", async () => {
  const file = await exportOf(api, await fullAccount());
  const other = await api.signUp(berlin);
  const before = await fingerprint(api.sql);
  const dry = await importInto(api, other, file, { dryRun: true });
  expect(await fingerprint(api.sql)).toMatchObject({ tasks: before.tasks, tags: before.tags, outbox: before.outbox });
  const real = await importInto(api, other, file);
  expect({ ...dry, dry_run: false, batch_id: real.batch_id }).toEqual(real);
});

test("one undo takes the whole import back, and undoing that brings it again", async () => {
  const file = await exportOf(api, await fullAccount());
  const other = await api.signUp(berlin);
  const as = clientOf(api, other);
  const kept = await as.make({ title: "mine", tags: ["work"] });
  const { batch_id } = await importInto(api, other, file);
  const { status, body } = await as.post(`/api/batches/${batch_id}/undo`);
  expect({ status, kept: body.kept }).toEqual({ status: 200, kept: [] });
  const { tasks, tags } = await exportOf(api, other);
  expect(tasks.filter((task) => task.deleted_at === null).map(({ id }) => id)).toEqual([kept.id]);
  expect(tags.map(({ name }) => name)).toEqual(["work"]);
  expect((await as.post(`/api/batches/${body.batch_id}/undo`)).status).toBe(200);
  const again = await exportOf(api, other);
  expect(again.tasks.filter((task) => task.deleted_at === null)).toHaveLength(file.tasks.length);
});

test("reminders ahead are announced, those past are never mailed", async () => {
  const file = await exportOf(api, await fullAccount());
  const other = await api.signUp(berlin);
  api.clock.advance(20 * 3_600_000);
  await importInto(api, other, file);
  const tasks = await clientOf(api, other).listAll("?limit=100");
  const open = tasks.flatMap(({ reminders }) => reminders).filter(({ state }) => state === "pending");
  expect(open.length).toBeGreaterThan(0);
  expect(open.filter(({ remind_at }) => remind_at === null || new Date(remind_at) < api.clock.now())).toEqual([]);
  const events = await api.outbox(other.user.id);
  expect(events.filter(({ type }) => type === "reminder.scheduled")).toHaveLength(open.length);
  api.clock.advance(-20 * 3_600_000);
});

test("a successor keeps the id that follows from its predecessor, so that no second one is made", async () => {
  const person = await api.signUp(berlin);
  const as = clientOf(api, person);
  const first = await as.make({ title: "first", due_date: "2030-01-01T09:00:00Z", recurring_pattern: "daily" });
  const done = await as.patch(`/api/tasks/${first.id}/complete`);
  const { occurrenceId } = await import("@carillon/calendar/recurrence");
  const made = await api.call("PUT", `/internal/tasks/${occurrenceId(first.id)}`, {
    headers: { "carillon-app-token": "app-token-of-the-tests", "dapr-api-token": "app-token-of-the-tests" },
    body: {
      user_id: person.user.id,
      parent_task_id: first.id,
      parent_version: done.body.version,
      due_date: "2030-01-02T09:00:00Z",
      ordinal: null,
    },
  });
  expect(made.status).toBe(201);
  const file = await exportOf(api, person);
  const other = await api.signUp(berlin);
  await importInto(api, other, file);
  const copy = await exportOf(api, other);
  const [parent, child] = copy.tasks.toSorted(
    (a, b) => (a.completed_at === null ? 1 : 0) - (b.completed_at === null ? 1 : 0),
  );
  expect(child?.parent_task_id).toBe(parent?.id ?? "");
  expect(child?.id).toBe(occurrenceId(parent?.id ?? ""));
  expect(parent?.series?.succession).toBe("made");
});

describe("a table of our own", () => {
  test("brings back everything but the places in series", async () => {
    const person = await fullAccount();
    const response = await api.app.handle(
      new Request("http://localhost/api/tasks/export?format=csv&bom=true", {
        headers: { authorization: `Bearer ${person.token}` },
      }),
    );
    const table = new Uint8Array(await response.arrayBuffer());
    const other = await api.signUp(berlin);
    const done = await importInto(api, other, table, { type: "text/csv" });
    expect(done).toMatchObject({ source: "carillon_csv", skipped: 0, lost: [] });
    const settled = (file: Awaited<ReturnType<typeof exportOf>>) =>
      meaningOf(file).tasks.map(
        ({ series: _, reminders: __, reminder_at: ___, reminder_sent: ____, recurrence, ...task }) => ({
          ...task,
          tags: task.tags.map(({ tag }) => tag),
          rule: recurrence?.rrule,
        }),
      );
    expect(settled(await exportOf(api, other))).toEqual(settled(await exportOf(api, person)));
    expect(await importInto(api, person, table, { type: "text/csv" })).toMatchObject({ created: 0, updated: 0 });
  });

  test("may have a title alone, with what a spreadsheet of another country makes of it", async () => {
    const person = await api.signUp(berlin);
    const table = 'title;due_date;tags\n\'=1+1;2030-07-01;a,b\n"two\nlines";;\n';
    expect(verdict(await send(api, person, table, { type: "text/csv" }))).toBe("422 /title");
    const { created } = await importInto(api, person, table.replace("two\nlines", "two lines"), { type: "text/csv" });
    expect(created).toBe(2);
    const { tasks } = await exportOf(api, person);
    const first = tasks.find(({ all_day }) => all_day);
    expect([first?.title, first?.due_date, first?.tags.map(({ name }) => name)]).toEqual([
      "=1+1",
      "2030-06-30T22:00:00.000Z",
      ["a", "b"],
    ]);
  });
});
