import { describe, expect, test } from "bun:test";
import { startUndo, type Undoer } from "./undo-rig.ts";

let ada: Undoer["ada"];
let as: Undoer["as"];
let batch: Undoer["batch"];
let undo: Undoer["undo"];
let task: Undoer["task"];
let revert: Undoer["revert"];
const api = await startUndo((undoer) => {
  ({ ada, as, batch, undo, task, revert } = undoer);
});

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
