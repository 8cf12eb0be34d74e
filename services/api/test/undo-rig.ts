import { afterAll, beforeEach, expect } from "bun:test";
import { occurrenceId } from "@carillon/calendar/recurrence";
import { appTokenHeader } from "@carillon/contracts/names";
import { clientOf } from "./client.ts";
import { appToken, type Harness, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

const start = Date.parse("2026-11-30T12:00:00Z");

/** What a user of `startUndo` does and takes back. */
export type Undoer = Awaited<ReturnType<typeof newUndoer>>;

/** `api` for the tests of a file, each at the same instant and with a user of its own; nothing may be broken after the last. */
export async function startUndo(each: (undoer: Undoer) => void): Promise<Harness> {
  const api = await startApi();
  beforeEach(async () => {
    api.clock.advance(start - api.clock.now().getTime());
    each(await newUndoer(api));
  });
  afterAll(async () => {
    await expectWhole(api.sql);
    await api.close();
  });
  return api;
}

async function newUndoer(api: Harness) {
  const ada = await api.signUp({ time_zone: "Europe/Berlin" });
  const as = clientOf(api, ada);
  const task = async (id: string) => (await as.get(`/api/tasks/${id}`)).body;
  /** The id of the newest event about it. */
  async function lastEntry(id: string, type?: string): Promise<string> {
    const rows = await api.sql<{ event_id: string }[]>`
      select event_id from api.outbox where user_id = ${ada.user.id} and entity_id = ${id}
        ${type ? api.sql`and type = ${type}` : api.sql``} order by change_seq desc limit 1`;
    return rows[0]?.event_id ?? "";
  }
  return {
    ada,
    as,
    task,
    lastEntry,
    /** Changes tasks together; returns the batch. */
    async batch(action: string, ids: readonly string[], patch?: unknown): Promise<string> {
      const { status, body } = await as.post("/api/tasks/batch", { action, ids, ...(patch ? { patch } : {}) });
      expect(status).toBe(200);
      return body.batch_id;
    },
    undo: async (batchId: string) => (await as.post(`/api/batches/${batchId}/undo`)).body,
    revert: async (id: string, type?: string) => (await as.post(`/api/audit/${await lastEntry(id, type)}/revert`)).body,
    /** Has the next task of a series made, as recurring does; returns its id. */
    async follow(id: string, due_date: string): Promise<string> {
      const { version } = await task(id);
      const body = { user_id: ada.user.id, parent_task_id: id, parent_version: version, due_date, ordinal: null };
      const headers = { [appTokenHeader]: appToken };
      expect((await api.call("PUT", `/internal/tasks/${occurrenceId(id)}`, { body, headers })).status).toBe(201);
      return occurrenceId(id);
    },
  };
}
