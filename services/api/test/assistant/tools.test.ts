import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { explain } from "@carillon/kit/http";
import fc from "fast-check";
import { toolNamed, tools } from "../../src/assistant/tools/registry.ts";
import { clientOf } from "../client.ts";
import { type Harness, startApi } from "../harness.ts";
import { refusalOf, toolsOf } from "./tool-rig.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
  api.clock.advance(Date.parse("2026-11-30T09:30:00Z") - api.clock.now().getTime());
  api.onInvoke(() => Response.json({ data: [], next_cursor: null }));
});
afterAll(() => api.close());

async function settled() {
  const ada = await api.signUp({ time_zone: "Europe/Berlin" });
  return { ada, as: clientOf(api, ada), call: toolsOf(api.deps, ada) };
}

test("every date comes with today, the zone, the local time, the rule in words and three more dates", async () => {
  const { call } = await settled();
  await call("create_task", { text: "Team standup every weekday at 9" });
  const { now, tasks } = await call("list_tasks");
  expect(now).toEqual({ date: "2026-11-30", weekday: "Monday", time: "10:30", time_zone: "Europe/Berlin" });
  expect(tasks[0]).toMatchObject({
    due_local: "Tuesday 2026-12-01 09:00",
    repeats: "every weekday",
    next_dates: ["Wednesday 2026-12-02 09:00", "Thursday 2026-12-03 09:00", "Friday 2026-12-04 09:00"],
  });
});

describe("dates as a model writes them", () => {
  const due = async (due_date: string, more: Record<string, unknown> = {}) => {
    const { call } = await settled();
    const { tasks } = await call("create_task", { title: "x", due_date, ...more });
    return [tasks[0].due_local, tasks[0].due_date];
  };
  test("without an offset they are the wall clock's, in the season of that day", async () => {
    expect(await due("2027-07-01T09:00")).toEqual(["Thursday 2027-07-01 09:00", "2027-07-01T07:00:00.000Z"]);
    expect(await due("2026-12-04T17:00:00")).toEqual(["Friday 2026-12-04 17:00", "2026-12-04T16:00:00.000Z"]);
  });
  test("bare they are whole days", async () => {
    expect(await due("2026-12-04")).toEqual(["Friday 2026-12-04", "2026-12-03T23:00:00.000Z"]);
  });
  test("with an offset they are that instant", async () => {
    expect(await due("2026-12-04T17:00:00-05:00")).toEqual(["Friday 2026-12-04 23:00", "2026-12-04T22:00:00.000Z"]);
  });
  test("what is no date is refused at its place", async () => {
    const { call } = await settled();
    for (const due_date of ["2026-02-30", "2026-12-04T25:00", "friday next week", "2026-12-04 17"])
      expect(await refusalOf(call("create_task", { title: "x", due_date }))).toBe("invalid /due_date");
  });
});

test("moved to a day a task keeps its time of day, and its rule", async () => {
  const { call } = await settled();
  const { tasks } = await call("create_task", { text: "report every month on the last friday at 5pm" });
  const [{ id, recurring_pattern }] = tasks;
  for (const move of [{ to: "monday" }, { due_date: "2026-12-07" }]) {
    const moved = await call("reschedule_task", { ids: [id], ...move });
    expect(moved.tasks[0]).toMatchObject({ due_local: "Monday 2026-12-07 17:00", recurring_pattern });
  }
  const timed = await call("reschedule_task", { ids: [id], to: "tomorrow at 9" });
  expect(timed.tasks[0]).toMatchObject({ due_local: "Tuesday 2026-12-01 09:00", all_day: false });
});

test("words that are more than one date move nothing", async () => {
  const { call } = await settled();
  const { tasks } = await call("create_task", { title: "x" });
  const ids = [tasks[0].id];
  for (const to of ["soon", "every monday", "monday buy milk", "yesterday"])
    expect(await refusalOf(call("reschedule_task", { ids, to }))).toBe("invalid /to");
});

test("absent keeps, null takes away", async () => {
  const { call } = await settled();
  const text = "report fri 5pm every week !high #work remind me 1h before";
  const made = (await call("create_task", { text, description: "long" })).tasks[0];
  const same = (await call("update_task", { ids: [made.id], title: "Report" })).tasks[0];
  expect({ ...same, title: "report", version: made.version }).toEqual(made);
  const cleared = (await call("update_task", { ids: [made.id], description: null, tags: null, reminders: null }))
    .tasks[0];
  expect(cleared).toMatchObject({
    description: "",
    tags: [],
    reminders: [],
    recurring_pattern: made.recurring_pattern,
  });
  const once = (await call("update_task", { ids: [made.id], recurring_pattern: null })).tasks[0];
  expect(once).toMatchObject({ repeats: null, next_dates: [], due_local: made.due_local });
  expect((await call("reschedule_task", { ids: [made.id], due_date: null })).tasks[0].due_local).toBeNull();
});

test("tags are added and taken away beside the others, without regard to case", async () => {
  const { call } = await settled();
  const { id } = (await call("create_task", { title: "x", tags: ["Work", "home"] })).tasks[0];
  const changed = await call("update_task", { ids: [id], add_tags: ["urgent"], remove_tags: ["WORK"] });
  expect(changed.tasks[0].tags).toEqual(["home", "urgent"]);
});

test("a rule outlives every tool that does not name it", async () => {
  const { call } = await settled();
  const day = fc.constantFrom("tomorrow", "friday", "in 3 weeks", "10 january");
  const one = fc.oneof(
    fc.record({ name: fc.constant("update_task"), title: fc.constantFrom("a", "b") }),
    fc.record({
      name: fc.constant("update_task"),
      priority: fc.constantFrom("low", "urgent"),
      description: fc.string({ maxLength: 9 }).map((text) => text.replace(/[^ -~]/g, "")),
    }),
    fc.record({
      name: fc.constant("update_task"),
      reminders: fc.constantFrom([], [{ before: "1h" }]),
      add_tags: fc.constantFrom([], ["x"]),
    }),
    fc.record({ name: fc.constant("reschedule_task"), to: day, scope: fc.constantFrom("this", "following") }),
    fc.record({ name: fc.constantFrom("complete_task", "reopen_task", "restore_task") }),
  );
  const patterns = fc.constantFrom("daily", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1FR", "yearly");
  await fc.assert(
    fc.asyncProperty(patterns, fc.array(one, { minLength: 1, maxLength: 6 }), async (recurring_pattern, calls) => {
      const made = await call("create_task", { title: "x", due_date: "2026-12-04T09:00", recurring_pattern });
      const { id } = made.tasks[0];
      for (const { name, ...input } of calls) await refusalOf(call(name, { ids: [id], ...input }));
      expect((await call("get_task", { id })).task.recurring_pattern).toBe(recurring_pattern);
    }),
    { numRuns: 25 },
  );
});

test("every answer fits the schema it is described by", async () => {
  const { call } = await settled();
  const { id } = (await call("create_task", { text: "x every day at 9 #a remind me 1h before" })).tasks[0];
  const inputs: Record<string, Record<string, unknown>> = {
    search_tasks: { query: "x" },
    get_task: { id },
    task_history: { id },
    preview_recurrence: { recurring_pattern: "daily", due_date: "2026-12-01" },
    parse_text: { text: "x tomorrow" },
    skip_occurrence: { id },
    snooze_reminder: { id, until: "2026-12-24T18:00" },
    update_task: { ids: [id], title: "y" },
    reschedule_task: { ids: [id], to: "friday" },
    rename_tag: { id: (await call("list_tags")).tags[0].id, name: "b" },
    delete_tag: { id: (await call("list_tags")).tags[0].id },
    create_task: { title: "z" },
  };
  const { batch_id } = await call("update_task", { ids: [id], title: "w" });
  inputs.undo = { batch_id };
  for (const { name, output } of tools) {
    const answer = await call(name, inputs[name] ?? (name.endsWith("_task") ? { ids: [id] } : {}));
    expect({ name, errors: explain(output, JSON.parse(JSON.stringify(answer))) }).toEqual({ name, errors: [] });
  }
});

test("an answer holds fifty rows, and a cursor to the next", async () => {
  const { as, call } = await settled();
  for (let at = 0; at < 53; at++) await as.make({ title: `Task ${at}`, description: "long ".repeat(500) });
  const first = await call("list_tasks");
  expect(first.tasks.length).toBe(50);
  expect(JSON.stringify(first).length).toBeLessThan(64 * 1_024);
  const second = await call("list_tasks", { cursor: first.next_cursor });
  expect({ rows: second.tasks.length, next: second.next_cursor }).toEqual({ rows: 3, next: null });
  expect(await refusalOf(call("list_tasks", { limit: 51 }))).toBe("invalid /limit");
});

test("one day's tasks are those of the user's day", async () => {
  const { as, call } = await settled();
  for (const due_date of ["2026-11-30T22:30:00Z", "2026-11-30T23:30:00Z"]) await as.make({ title: due_date, due_date });
  const titles = async (due_on: string) =>
    (await call("list_tasks", { due_on })).tasks.map(({ title }: { title: string }) => title);
  expect(await titles("2026-11-30")).toEqual(["2026-11-30T22:30:00Z"]);
  expect(await titles("2026-12-01")).toEqual(["2026-11-30T23:30:00Z"]);
  expect(await refusalOf(call("list_tasks", { due_on: "tomorrow" }))).toBe("invalid /due_on");
});

test("an unknown argument is named, not ignored", async () => {
  const { call } = await settled();
  expect(await refusalOf(call("list_tasks", { overdu: true }))).toBe("invalid /overdu");
  expect(await refusalOf(call("create_task", {}))).toBe("invalid /title");
});

test("the insights count by the user's days what was done in time and late", async () => {
  const { as, call } = await settled();
  const late = await as.make({ title: "late", due_date: "2026-11-29T09:00:00Z", tags: ["work"], priority: "high" });
  const early = await as.make({ title: "early", due_date: "2026-12-24T09:00:00Z", tags: ["work"] });
  await as.make({ title: "open", due_date: "2026-11-28T09:00:00Z" });
  await call("complete_task", { ids: [late.id, early.id] });
  expect(await call("get_insights")).toMatchObject({
    completed_by_day: [{ date: "2026-11-30", count: 2 }],
    completed_by_week: [{ date: "2026-11-30", count: 2 }],
    streak: { current: 1, longest: 1 },
    on_time: { on_time: 1, late: 1, ratio: 0.5 },
    by_tag: [{ name: "work", count: 2 }],
    by_priority: { low: 0, medium: 1, high: 1, urgent: 0 },
    open: 1,
    overdue: 1,
  });
  expect(toolNamed("get_insights")?.kind).toBe("read");
});
