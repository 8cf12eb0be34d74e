import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { type Client, clientOf } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
const start = Date.parse("2026-11-30T12:00:00Z");
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  api.clock.advance(start - api.clock.now().getTime());
  ada = await api.signUp({ time_zone: "Europe/Berlin" });
  as = clientOf(api, ada);
});
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

const batch = async (action: string, ids: readonly string[], patch?: unknown): Promise<string> => {
  const { status, body } = await as.post("/api/tasks/batch", { action, ids, ...(patch ? { patch } : {}) });
  expect(status).toBe(200);
  return body.batch_id;
};
const undo = async (batchId: string) => (await as.post(`/api/batches/${batchId}/undo`)).body;
const task = async (id: string) => (await as.get(`/api/tasks/${id}`)).body;
/** The id of the newest event about it. */
async function lastEntry(id: string, type?: string): Promise<string> {
  const rows = await api.sql<{ event_id: string }[]>`
    select event_id from api.outbox where user_id = ${ada.user.id} and entity_id = ${id}
      ${type ? api.sql`and type = ${type}` : api.sql``} order by change_seq desc limit 1`;
  return rows[0]?.event_id ?? "";
}
const revert = async (id: string, type?: string) =>
  (await as.post(`/api/audit/${await lastEntry(id, type)}/revert`)).body;

describe("G30: at any age", () => {
  test("an entry that only the history still has is taken back from there", async () => {
    const one = await as.make({ title: "One" });
    const id = await batch("patch", [one.id], { priority: "urgent" });
    const changes = { priority: ["medium", "urgent"] };
    const at = api.clock.now().toISOString();
    const entry = { id: crypto.randomUUID(), task_id: one.id, tag_id: null, action: "task.updated", actor: "user", at };
    const data = [{ ...entry, batch_id: id, version: 2, changes, hash: "ab".repeat(32) }];
    const asked: string[] = [];
    api.onInvoke((_, request) => {
      asked.push(new URL(request.url).search);
      return Response.json({ data, next_cursor: null });
    });
    await api.sql`update api.outbox set created_at = now() - interval '8 days' where user_id = ${ada.user.id}`;
    expect((await undo(id)).undone).toMatchObject([{ task_id: one.id, fields: ["priority"] }]);
    expect(asked).toEqual([expect.stringContaining(`batch_id=${id}`)]);
    api.onInvoke(() => new Response(null, { status: 503 }));
    expect((await as.post(`/api/batches/${id}/undo`)).status).toBe(503);
  });

  test("an entry of an older release, without places in a series, goes back as well", async () => {
    const one = await as.make({ due_date: "2026-12-07T09:00:00Z", recurring_pattern: "daily" });
    await as.post(`/api/tasks/${one.id}/skip`);
    await api.sql`update api.outbox set event = event #- '{data,changes,series}' where user_id = ${ada.user.id}`;
    expect((await revert(one.id)).kept).toEqual([]);
    expect((await task(one.id)).due_date).toBe(one.due_date);
    await as.patch(`/api/tasks/${one.id}`, { recurring_pattern: null });
    await api.sql`update api.outbox set event = event #- '{data,changes,series}' where user_id = ${ada.user.id}`;
    expect((await revert(one.id)).kept).toEqual([]);
    expect((await as.post(`/api/tasks/${one.id}/skip`)).body.due_date).toBe("2026-12-08T09:00:00.000Z");
  });
});
