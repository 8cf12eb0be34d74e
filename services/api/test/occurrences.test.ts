import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { occurrenceId } from "@carillon/calendar/recurrence";
import { MissingPage, Settlement } from "@carillon/contracts/http/occurrences";
import type { Task } from "@carillon/contracts/http/tasks";
import { appTokenHeader } from "@carillon/contracts/names";
import { explain } from "@carillon/kit/http";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Answered, appToken, type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;

beforeAll(async () => {
  api = await startApi({ sessionMinutes: 525_600 });
});
afterAll(() => api.close());
beforeEach(async () => {
  ada = await api.signUp({ time_zone: "Europe/Berlin" });
  as = clientOf(api, ada);
});
afterEach(() => expectWhole(api.sql));

const daily = { title: "Standup", recurring_pattern: "daily", due_date: "2026-11-21T09:00:00+01:00" };
const tomorrow = "2026-11-22T08:00:00.000Z";
const token = { [appTokenHeader]: appToken };

const complete = async (task: Task): Promise<Task> => (await as.patch(`/api/tasks/${task.id}/complete`)).body;
const reopen = async (task: Task): Promise<Task> => (await as.patch(`/api/tasks/${task.id}/incomplete`)).body;

function ask(
  parent: Task,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = token,
): Promise<Answered> {
  const { id, user_id, version } = parent;
  const body = { user_id, parent_task_id: id, parent_version: version, due_date: tomorrow, ordinal: null, ...more };
  return api.call("PUT", `/internal/tasks/${occurrenceId(id)}`, { headers, body });
}

const end = ({ id, user_id, version }: Task): Promise<Answered> =>
  api.call("POST", "/internal/series/end", { headers: token, body: { user_id, task_id: id, version } });

const missing = (query = ""): Promise<Answered> =>
  api.call("GET", `/internal/occurrences/missing${query}`, { headers: token });

/** Which completions of this test's user are listed as missing a successor, once they are old enough. */
async function missingIds(): Promise<string[]> {
  const { status, body } = await missing("?limit=100");
  expect({ status, errors: explain(MissingPage, body) }).toEqual({ status: 200, errors: [] });
  const page: MissingPage = body;
  return page.data.filter(({ task }) => task.user_id === ada.user.id).map(({ task }) => task.id);
}

const outcomeOf = ({ status, body }: Answered): string => {
  expect(explain(Settlement, body)).toEqual([]);
  return `${status} ${body.outcome}`;
};

describe("PUT /internal/tasks/{id}", () => {
  test("creates the successor once; a repeat learns that it is settled, and nothing is written", async () => {
    const done = await complete(await as.make({ ...daily, tags: ["work"], reminders: [{ before: "0m" }] }));
    expect(outcomeOf(await ask(done))).toBe("201 made");
    const said = (await api.outbox(ada.user.id)).length;
    expect(outcomeOf(await ask(done))).toBe("200 settled");
    expect(outcomeOf(await ask(done, { due_date: "2030-01-01T00:00:00Z" }))).toBe("200 settled");
    expect((await api.outbox(ada.user.id)).length).toBe(said);
    const [next] = await as.list("?status=pending");
    expect(next).toMatchObject({ id: occurrenceId(done.id), parent_task_id: done.id, due_date: tomorrow, version: 1 });
    const created = (await api.outbox(ada.user.id)).find(
      ({ type, entity_id }) => type === "task.created" && entity_id === next?.id,
    );
    expect(created?.event.data.task_data).toEqual(next);
    // The completed task shows nothing of it: a client that undoes the completion now still names the
    // right version.
    expect((await as.get(`/api/tasks/${done.id}`)).body).toEqual(done);
  });

  test("fifty at once create one", async () => {
    const done = await complete(await as.make(daily));
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => ask(done).then(outcomeOf)));
    expect(outcomes.filter((outcome) => outcome === "201 made")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "200 settled")).toHaveLength(49);
    expect(await as.list("?status=pending")).toHaveLength(1);
  });

  test("completing, undoing and asking at once never leaves a pending task beside its successor", async () => {
    for (let round = 0; round < 10; round++) {
      const done = await complete(await as.make(daily));
      await Promise.all([ask(done), reopen(done), ask(done)]);
      const family = (await as.list("?limit=100")).filter(({ id, parent_task_id }) =>
        [id, parent_task_id].includes(done.id),
      );
      expect(family.map(({ id, completed }) => [id, completed])).toEqual([[done.id, false]]);
    }
  });

  test("answers with the completed task's current state when it has changed", async () => {
    const done = await complete(await as.make(daily));
    const edited = (await as.patch(`/api/tasks/${done.id}`, { title: "Standup, online" })).body;
    const { body } = await ask(done);
    expect(body).toEqual({
      outcome: "changed",
      completion: {
        task: {
          id: done.id,
          user_id: ada.user.id,
          version: 3,
          completed_at: done.completed_at,
          time_zone: "Europe/Berlin",
          all_day: false,
          recurring_pattern: "daily",
          recurrence: done.recurrence,
        },
        series: {
          start: "2026-11-21T08:00:00.000Z",
          occurrence_at: "2026-11-21T08:00:00.000Z",
          excluded_dates: [],
          ordinal: null,
        },
      },
    });
    expect(outcomeOf(await ask(edited))).toBe("201 made");
    expect((await as.list("?status=pending"))[0]?.title).toBe("Standup, online");
  });

  test("is idle where no successor is needed", async () => {
    const pending = await as.make(daily);
    expect(outcomeOf(await ask(pending))).toBe("200 idle");
    const plain = await complete(await as.make());
    expect(outcomeOf(await ask(plain))).toBe("200 idle");
    const trashed = await complete(await as.make(daily));
    await as.delete(`/api/tasks/${trashed.id}`);
    expect(outcomeOf(await ask(trashed))).toBe("200 idle");
    const stopped = await complete(await as.make(daily));
    await as.patch(`/api/tasks/${stopped.id}`, { recurring_pattern: null });
    expect(outcomeOf(await ask(stopped))).toBe("200 idle");
    // A rule added after the completion was not completed.
    const late = await complete(await as.make({ due_date: daily.due_date }));
    const ruled = (await as.patch(`/api/tasks/${late.id}`, { recurring_pattern: "daily" })).body;
    expect(outcomeOf(await ask(ruled))).toBe("200 idle");
    const { id } = await api.signUp().then(({ user }) => user);
    expect(outcomeOf(await ask(stopped, { user_id: id }))).toBe("200 idle");
    expect(outcomeOf(await ask(stopped, { user_id: Bun.randomUUIDv7() }))).toBe("200 idle");
    expect((await as.list("?limit=100")).filter((task) => task.parent_task_id !== null)).toEqual([]);
  });

  test("takes an imported successor for the one, and says so", async () => {
    const done = await complete(await as.make(daily));
    const brought = await as.make({ ...daily, due_date: tomorrow });
    await api.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update api.tasks set parent_task_id = ${done.id} where id = ${brought.id}`;
    });
    expect(outcomeOf(await ask(done))).toBe("200 settled");
    const last = (await api.outbox(ada.user.id)).at(-1);
    expect([last?.type, last?.event.data.changes]).toEqual([
      "occurrence.generated",
      { next_task_id: [null, brought.id], next_due_date: [null, tomorrow] },
    ]);
    api.clock.advance(5_000);
    expect(await missingIds()).toEqual([]);
  });

  test("continues counting versions where a successor was taken back with its completion", async () => {
    const task = await as.make({ ...daily, reminders: [{ before: "1h" }] });
    await ask(await complete(task));
    await reopen(task);
    expect(await as.list("?status=pending")).toMatchObject([{ id: task.id }]);
    await ask(await complete(task));
    expect(await as.list("?status=pending")).toMatchObject([{ id: occurrenceId(task.id), version: 3 }]);
  });

  test("is for neighbours only, and rejects malformed requests", async () => {
    const done = await complete(await as.make(daily));
    expect((await ask(done, {}, {})).status).toBe(401);
    expect((await ask(done, {}, { authorization: `Bearer ${ada.token}` })).status).toBe(401);
    expect(verdict(await ask(done, { due_date: "tomorrow" }))).toBe("422 /due_date");
    expect(verdict(await ask(done, { title: "Mine" }))).toBe("422 /title");
    expect(verdict(await ask(done, { parent_task_id: Bun.randomUUIDv7() }))).toBe("422 /parent_task_id");
    expect(await as.list("?status=pending")).toEqual([]);
  });

  test("waits with a successor beyond the maximum of tasks, and creates it once there is room", async () => {
    const done = await complete(await as.make(daily));
    const live = async (count: number) => {
      await api.sql`update api.users set live_tasks = ${count} where id = ${ada.user.id}`;
    };
    await live(100_000);
    expect((await ask(done)).status).toBe(409);
    await live(1);
    expect(outcomeOf(await ask(done))).toBe("201 made");
  });
});

describe("POST /internal/series/end", () => {
  test("reports the end once, and again only after another completion", async () => {
    const task = await as.make(daily);
    const done = await complete(task);
    expect([outcomeOf(await end(done)), outcomeOf(await end(done))]).toEqual(["200 ended", "200 settled"]);
    expect(outcomeOf(await ask(done))).toBe("200 settled");
    await reopen(done);
    const again = await complete(task);
    expect(outcomeOf(await end(done))).toBe("200 changed");
    expect(outcomeOf(await end(again))).toBe("200 ended");
    const said = (await api.outbox(ada.user.id)).map(({ type }) => type).filter((type) => type === "series.ended");
    expect(said).toHaveLength(2);
  });
});

describe("GET /internal/occurrences/missing", () => {
  test("lists a completion from five seconds on until it is settled, undone or in the trash", async () => {
    const tasks = [];
    for (const title of ["made", "ended", "undone", "trashed", "left"]) {
      tasks.push(await complete(await as.make({ ...daily, title })));
      api.clock.advance(1);
    }
    api.clock.advance(4_994);
    expect(await missingIds()).toEqual([]);
    api.clock.advance(5);
    expect(await missingIds()).toEqual(tasks.map(({ id }) => id));
    const [made, ended, undone, trashed, left] = tasks;
    if (!made || !ended || !undone || !trashed) throw new Error("Five tasks were made.");
    await ask(made);
    await end(ended);
    await reopen(undone);
    await as.delete(`/api/tasks/${trashed.id}`);
    expect(await missingIds()).toEqual([left?.id ?? ""]);
    await as.post(`/api/tasks/${trashed.id}/restore`);
    expect(await missingIds()).toEqual([trashed.id, left?.id ?? ""]);
  });

  test("comes in pages without gaps or repetitions", async () => {
    const ids: string[] = [];
    for (let made = 0; made < 5; made++) ids.push((await complete(await as.make(daily))).id);
    api.clock.advance(5_000);
    const seen: string[] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < 50; pages++) {
      const { body } = await missing(`?limit=2${cursor && `&cursor=${cursor}`}`);
      const page: MissingPage = body;
      seen.push(...page.data.map(({ task }) => task.id));
      cursor = page.next_cursor;
    }
    expect(seen.filter((id) => ids.includes(id)).sort()).toEqual(ids.sort());
    expect(new Set(seen).size).toBe(seen.length);
    expect(verdict(await missing("?cursor=nonsense"))).toBe("422 cursor");
  });
});

describe("POST /api/tasks/{id}/skip", () => {
  const skip = (id: string, headers: Record<string, string> = {}) =>
    as.post(`/api/tasks/${id}/skip`, undefined, headers);

  test("moves the task to its next date, with an event", async () => {
    const task = await as.make(daily);
    const { status, body, headers } = await skip(task.id);
    expect([status, body.due_date, headers.get("etag")]).toEqual([200, tomorrow, '"2"']);
    const last = (await api.outbox(ada.user.id)).at(-1);
    expect([last?.type, last?.event.data.changes]).toMatchObject([
      "task.skipped",
      { due_date: [task.due_date, tomorrow], skipped_date: [null, task.due_date] },
    ]);
    expect(Object.keys(last?.event.data.changes ?? {}).toSorted()).toEqual(["due_date", "series", "skipped_date"]);
    expect(last?.event.data.series).toMatchObject({ occurrence_at: tomorrow, excluded_dates: [task.due_date] });
  });

  test("moves a task that is already on its next date: that date is its own now", async () => {
    const task = await as.make(daily);
    await as.patch(`/api/tasks/${task.id}`, { due_date: tomorrow });
    expect((await skip(task.id)).body).toMatchObject({ due_date: tomorrow, version: 3 });
    expect((await skip(task.id)).body.due_date).toBe("2026-11-23T08:00:00.000Z");
  });

  test("once per Idempotency-Key, only at the version the client has seen", async () => {
    const task = await as.make(daily);
    expect((await skip(task.id, { "if-match": '"7"' })).status).toBe(412);
    const key = { "idempotency-key": Bun.randomUUIDv7() };
    const first = await skip(task.id, key);
    const second = await skip(task.id, key);
    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
    expect((await as.get(`/api/tasks/${task.id}`)).body.version).toBe(2);
  });

  test("is a conflict for a task that does not recur, is completed, or is at its last date", async () => {
    const plain = await as.make();
    const done = await complete(await as.make(daily));
    const last = await as.make({ ...daily, recurring_pattern: "FREQ=DAILY;COUNT=1" });
    for (const { id } of [plain, done, last]) expect((await skip(id)).status).toBe(409);
    expect((await skip(Bun.randomUUIDv7())).status).toBe(404);
    expect(verdict(await as.post(`/api/tasks/${plain.id}/skip?x=1`))).toBe("422 x");
  });
});
