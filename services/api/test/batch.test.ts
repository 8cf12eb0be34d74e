import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  ada = await api.signUp();
  as = clientOf(api, ada);
});
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

const nowhere = "0190d0a0-0000-7000-8000-000000000000";
const batch = (action: string, ids: readonly string[], more: Record<string, unknown> = {}, headers = {}) =>
  as.post("/api/tasks/batch", { action, ids, ...more }, headers);
const many = async (count: number, fields = {}): Promise<Task[]> => {
  const made: Task[] = [];
  for (let at = 0; at < count; at++) made.push(await as.make({ title: `Task ${at}`, ...fields }));
  return made;
};
const statuses = (body: { results: { status: number }[] }): number[] => body.results.map(({ status }) => status);

test("many tasks are completed at once, each as a change of its own, and all carry the batch", async () => {
  const tasks = await many(3);
  const { status, body } = await batch(
    "complete",
    tasks.map(({ id }) => id),
  );
  expect(status).toBe(200);
  expect(body.results).toEqual(tasks.map(({ id }) => ({ id, status: 200 })));
  const said = (await api.outbox(ada.user.id)).filter(({ type }) => type === "task.completed");
  expect(said.map(({ entity_id, event }) => [entity_id, event.data.version, event.data.batch_id])).toEqual(
    tasks.map(({ id }) => [id, 2, body.batch_id]),
  );
});

test("each task has the answer it would have had alone, and a refusal leaves the others done", async () => {
  const [one, two, thrown] = await many(3);
  await as.delete(`/api/tasks/${thrown?.id}`);
  const bob = await clientOf(api, await api.signUp()).make();
  const ids = [one?.id ?? "", nowhere, bob.id, "no-id", thrown?.id ?? "", two?.id ?? ""];
  const { body } = await batch("delete", ids);
  expect(statuses(body)).toEqual([204, 404, 404, 404, 404, 204]);
  const alone = await as.delete(`/api/tasks/${nowhere}`);
  expect(body.results[1].problem).toEqual({ ...alone.body, trace_id: expect.any(String) });
  expect(statuses((await batch("restore", ids)).body)).toEqual([200, 404, 404, 404, 200, 200]);
});

test("a patch says for each task what is wrong with it there", async () => {
  const dated = await as.make({ due_date: "2190-01-01T09:00:00Z", recurring_pattern: "daily" });
  const plain = await as.make();
  const { body } = await batch("patch", [dated.id, plain.id], { patch: { due_date: null, tags: ["fresh"] } });
  expect(body.results).toMatchObject([
    { status: 422, problem: { errors: [{ pointer: "/due_date" }], instance: `/api/tasks/${dated.id}` } },
    { status: 200 },
  ]);
  expect((await as.get(`/api/tasks/${dated.id}`)).body).toEqual(dated);
  expect((await as.get("/api/tags")).body.data).toMatchObject([{ name: "fresh" }]);
});

test("what was done already is done: 200, and no change", async () => {
  const [task] = await many(1);
  await batch("complete", [task?.id ?? ""]);
  expect(statuses((await batch("complete", [task?.id ?? ""])).body)).toEqual([200]);
  expect((await as.get(`/api/tasks/${task?.id}`)).body.version).toBe(2);
});

test("with an Idempotency-Key it is done once and answered twice the same", async () => {
  const [task] = await many(1);
  const headers = { "idempotency-key": "many" };
  const patch = { patch: { priority: "high" } };
  const first = await batch("patch", [task?.id ?? ""], patch, headers);
  await as.patch(`/api/tasks/${task?.id}`, { priority: "low" });
  expect((await batch("patch", [task?.id ?? ""], patch, headers)).body).toEqual(first.body);
  expect((await as.get(`/api/tasks/${task?.id}`)).body.priority).toBe("low");
});

test("five hundred tasks with reminders go through, and come back", async () => {
  const ids: string[] = [];
  const fields = { due_date: "2190-01-01T09:00:00Z", reminders: [{ before: "1h" }, { before: "1d" }] };
  // As many at once as are worked on: what waits too long is refused on a busy machine.
  for (let at = 0; at < 125; at++)
    ids.push(...(await Promise.all(Array.from({ length: 4 }, () => as.make(fields)))).map(({ id }) => id));
  const { body } = await batch("patch", ids, { patch: { reminders: [] } });
  expect(new Set(statuses(body))).toEqual(new Set([200]));
  const undone = await as.post(`/api/batches/${body.batch_id}/undo`);
  expect([undone.status, undone.body.undone.length, undone.body.kept]).toEqual([200, 500, []]);
  expect((await as.get(`/api/tasks/${ids[0]}`)).body.reminders).toMatchObject([
    { before: "1h", state: "pending" },
    { before: "1d", state: "pending" },
  ]);
}, 60_000);

test.each([
  [{ action: "complete", ids: [] }, "/ids"],
  [{ action: "complete", ids: Array(501).fill(nowhere) }, "/ids"],
  [{ action: "complete", ids: [nowhere, nowhere.toUpperCase()] }, "/ids/1"],
  [{ action: "delete", ids: ["\ud800"] }, "/ids/0"],
  [{ action: "explode", ids: [nowhere] }, "/action"],
  [{ action: "patch", ids: [nowhere] }, "/patch"],
  [{ action: "delete", ids: [nowhere], patch: { title: "x" } }, "/patch"],
  [{ action: "patch", ids: [nowhere], patch: { status: "completed" } }, "/patch/status"],
])("%j is refused at %s", async (body, pointer) => {
  expect(verdict(await as.post("/api/tasks/batch", body))).toBe(`422 ${pointer}`);
});
