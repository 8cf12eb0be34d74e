import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import fc from "fast-check";
import { asOneBatch } from "./as-one-batch.ts";
import { type Client, clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
  // The history knows nothing that the outbox does not.
  api.onInvoke(() => Response.json({ data: [], next_cursor: null }));
  api.clock.advance(Date.parse("2026-11-30T12:00:00Z") - api.clock.now().getTime());
});
afterAll(() => api.close());

const dates = ["2026-11-29T09:00:00.000Z", "2026-12-07T09:00:00.000Z", "2027-03-01T23:30:00.000Z"];
const rules = ["daily", "monthly", "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=5"];
const fields = fc.record(
  {
    title: fc.constantFrom("a", "b", "日本"),
    description: fc.constantFrom("", "d"),
    priority: fc.constantFrom("low", "urgent"),
    due_date: fc.constantFrom(...dates),
    all_day: fc.boolean(),
    tags: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { maxLength: 2 }),
    recurring_pattern: fc.constantFrom(null, ...rules),
    reminders: fc.uniqueArray(fc.constantFrom("0m", "1h", "3d"), { maxLength: 2 }),
  },
  { requiredKeys: ["title", "due_date"] },
);
const bodyOf = ({ reminders, ...rest }: Record<string, unknown> & { reminders?: readonly string[] }) => ({
  ...rest,
  ...(reminders ? { reminders: reminders.map((before) => ({ before })) } : {}),
});
const patch = fc.oneof(
  fc.record({ title: fc.constant("c") }),
  fc.record({ priority: fc.constantFrom("high"), tags: fc.constantFrom(["x"], ["w", "y"], []) }),
  fc.record({ due_date: fc.constantFrom(...dates), reminders: fc.constantFrom([], ["1h"]) }),
  fc.record({ recurring_pattern: fc.constantFrom(null, ...rules) }),
  fc.record({ all_day: fc.boolean() }),
);
const action = fc.oneof(
  fc.constantFrom("complete", "incomplete", "delete", "restore").map((name) => ({ action: name })),
  patch.map((one) => ({ action: "patch", patch: bodyOf(one) })),
  fc.constant({ action: "pause" }),
);

/** Everything a person sees of a task but how often it changed; reminders by what they are and whether they ring. */
const shown = ({ version: _, updated_at: __, reminders, reminder_at: ___, ...task }: Task) => ({
  ...task,
  reminders: reminders.map(({ before, remind_at, state }) => ({ before, remind_at, rings: state === "pending" })),
});
const all = async (as: Client) => {
  const [live, trash] = [await as.listAll("?limit=100"), await as.listAll("?deleted=true&limit=100")];
  const { body } = await as.get("/api/tasks/occurrences?from=2026-11-30T12:00:00Z&to=2027-02-01T00:00:00Z");
  return {
    tasks: [...live, ...trash].toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(shown),
    tags: (await as.get("/api/tags")).body.data,
    dates: body.data,
  };
};

test("G30: any batch, undone at once, leaves what was there, and undone again, what it did", async () => {
  const states = fc.constantFrom("open", "completed", "trashed", "skipped");
  const tasks = fc.array(fc.record({ fields, state: states }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(tasks, action, async (given, what) => {
      const as = clientOf(api, await api.signUp({ time_zone: "Europe/Berlin" }));
      const ids: string[] = [];
      for (const { fields, state } of given) {
        const { id } = await as.make(bodyOf(fields));
        ids.push(id);
        if (state === "completed") await as.patch(`/api/tasks/${id}/complete`);
        if (state === "trashed") await as.delete(`/api/tasks/${id}`);
        if (state === "skipped") await as.post(`/api/tasks/${id}/skip`);
      }
      const before = await all(as);
      const stretch = { all: true, from: "2026-12-01T00:00:00Z", until: "2026-12-20T00:00:00Z" };
      const { body } =
        what.action === "pause"
          ? await as.post("/api/series/pause", stretch)
          : await as.post("/api/tasks/batch", { ...what, ids });
      const done = await all(as);
      const undone = await as.post(`/api/batches/${body.batch_id}/undo`);
      // A batch that changed nothing is none.
      if (undone.status === 404) expect(done).toEqual(before);
      else {
        expect({ kept: undone.body.kept, ...(await all(as)) }).toEqual({ kept: [], ...before });
        const again = await as.post(`/api/batches/${undone.body.batch_id}/undo`);
        const { tags: _, ...state } = await all(as);
        const { tags: __, ...expected } = done;
        expect({ kept: again.body.kept, ...state }).toEqual({ kept: [], ...expected });
      }
    }),
    { numRuns: 60 },
  );
  await expectWhole(api.sql);
}, 120_000);

const touch = fc.oneof(
  fc
    .constantFrom("complete", "incomplete", "delete", "restore", "skip")
    .map((name) => ({ act: name, body: undefined })),
  patch.map((one) => ({ act: "patch", body: bodyOf(one) })),
);
const make = fields.map((one) => ({ act: "make", body: bodyOf(one) }));

test("G30: any batch that touches a task several times leaves what was there, twice undone as once, and redone what it did", async () => {
  const act = fc.oneof({ weight: 5, arbitrary: touch }, { weight: 1, arbitrary: make });
  const step = fc.record({ which: fc.nat(2), milliseconds: fc.constantFrom(0, 1_000), what: act });
  const acts = fc.array(step, { minLength: 2, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(fields, acts, async (given, steps) => {
      const ada = await api.signUp({ time_zone: "Europe/Berlin" });
      const as = clientOf(api, ada);
      const ids = [(await as.make(bodyOf(given))).id];
      const before = await all(as);
      const doing = steps.map(({ which, milliseconds, what: { act, body } }) => async () => {
        api.clock.advance(milliseconds);
        const path = `/api/tasks/${ids[which % ids.length]}`;
        if (act === "make") ids.push((await as.make(body)).id);
        else if (act === "patch") await as.patch(path, body);
        else if (act === "delete") await as.delete(path);
        else if (act === "complete" || act === "incomplete") await as.patch(`${path}/${act}`);
        else await as.post(`${path}/${act}`);
      });
      const batch = await asOneBatch(api.sql, ada.user.id, doing);
      const done = await all(as);
      const undone = await as.post(`/api/batches/${batch}/undo`);
      // A batch that changed nothing is none.
      if (undone.status === 404) return expect(done).toEqual(before);
      const isOld = ({ id }: { id: string }) => id === ids[0];
      const old = async () => {
        const { tasks, tags, dates } = await all(as);
        const isLive = tasks.some((task) => !isOld(task) && task.deleted_at === null);
        return { tasks: tasks.filter(isOld), tags, dates, isLive };
      };
      const back = await old();
      expect({ kept: undone.body.kept, ...back }).toEqual({ kept: [], ...before, isLive: false });
      const twice = await as.post(`/api/batches/${batch}/undo`);
      expect({ undone: twice.body.undone, kept: twice.body.kept, ...(await old()) }).toEqual({
        undone: [],
        kept: [],
        ...back,
      });
      const again = await as.post(`/api/batches/${undone.body.batch_id}/undo`);
      const { tags: _, ...state } = await all(as);
      const { tags: __, ...expected } = done;
      expect({ kept: again.status === 404 ? [] : again.body.kept, ...state }).toEqual({ kept: [], ...expected });
    }),
    { numRuns: 60 },
  );
  await expectWhole(api.sql);
}, 120_000);
