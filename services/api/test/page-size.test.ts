import { afterAll, beforeAll, expect, test } from "bun:test";
import type { SyncPage } from "@carillon/contracts/http/sync";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Client, clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";

/** A page, with the task that passed the half megabyte. */
const maxChars = 600_000;

let api: Harness;
let as: Client;
let made: string[];
beforeAll(async () => {
  api = await startApi();
  as = clientOf(api, await api.signUp());
  made = [];
  for (let n = 0; n < 70; n++) made.push((await as.make({ title: `${n}`, description: "é".repeat(10_000) })).id);
});
afterAll(() => api.close());

test("G25: a page of large tasks ends after about half a megabyte, and the pages together hold every task once", async () => {
  for (const sort of ["created_at", "-title"]) {
    const found: string[] = [];
    for (let cursor: string | null = "", pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(5);
      const { status, body } = await as.get(`/api/tasks?sort=${sort}&limit=100${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(maxChars * 1.2);
      found.push(...body.data.map((task: Task) => task.id));
      if (pages === 0) expect(body.data.length).toBeLessThan(70);
      cursor = body.next_cursor;
    }
    expect(found.toSorted()).toEqual(made.toSorted());
  }
});

test("G25: a page of changes ends after about half a megabyte, and the pages together hold every task once", async () => {
  const found: string[] = [];
  for (let cursor = "", pages = 0, hasMore = true; hasMore; pages++) {
    expect(pages).toBeLessThan(5);
    const { body }: { body: SyncPage } = await as.get(`/api/sync${cursor && `?cursor=${cursor}`}`);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(maxChars * 1.2);
    found.push(...body.tasks.map((task) => task.id));
    [cursor, hasMore] = [body.next_cursor, body.has_more];
  }
  expect(found.toSorted()).toEqual(made.toSorted());
});

test("an export of large tasks, which is made of many parts, holds every task once", async () => {
  const { body } = await as.get("/api/tasks/export");
  expect(body.tasks.map((task: Task) => task.id)).toEqual(made);
});
