import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { clientOf, verdict } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

test("an export holds every tag and every task, trash and completed ones too, each as the API shows it", async () => {
  const as = clientOf(api, await api.signUp());
  const empty = await as.get("/api/tasks/export");
  expect(empty.body).toEqual({
    format: "carillon",
    version: 1,
    exported_at: api.clock.now().toISOString(),
    tags: [],
    tasks: [],
  });

  const made: Task[] = [];
  for (let n = 0; n < 405; n++)
    made.push(
      await as.make({ title: `${n} "quoted" \\ 日本`, tags: n % 50 ? [] : [`tag ${n}`], description: "a\r\nb" }),
    );
  const last = made.at(-1)?.id;
  await as.patch(`/api/tasks/${last}/complete`);
  await as.delete(`/api/tasks/${made[0]?.id}`);
  const { status, headers, body } = await as.get("/api/tasks/export?format=json");
  expect(status).toBe(200);
  expect(headers.get("content-disposition")).toMatch(/^attachment; filename="carillon-\d{4}-\d\d-\d\d\.json"$/);
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  const everything = [...(await as.list("?deleted=true")), ...(await as.listAll("?sort=created_at&limit=100"))];
  expect(body.tasks).toHaveLength(405);
  expect(new Map(body.tasks.map((task: Task) => [task.id, task]))).toEqual(
    new Map(everything.map((task) => [task.id, task])),
  );
  expect(body.tags).toHaveLength(9);
  expect(Object.keys(body.tags[0])).toEqual(["id", "name", "color", "created_at"]);
});

test("an unsupported format is 422, and no other user's tasks are exported", async () => {
  const as = clientOf(api, await api.signUp());
  for (const [query, expected] of [
    ["?format=csv", "422 format"],
    ["?format=", "422 format"],
    ["?format=json&format=json", "422 format"],
    ["?deleted=true", "422 deleted"],
  ] as const) {
    expect(verdict(await as.get(`/api/tasks/export${query}`))).toBe(expected);
  }
  expect((await as.get("/api/tasks/export")).body.tasks).toEqual([]);
});

test("a client that stops reading holds no connection to the database: twenty of them block no other", async () => {
  const person = await api.signUp();
  const as = clientOf(api, person);
  for (let n = 0; n < 250; n++) await as.make({ description: "x".repeat(20_000) });
  const headers = { authorization: `Bearer ${person.token}` };
  const stalled: ReadableStreamDefaultReader[] = [];
  for (let n = 0; n < 20; n++) {
    const { body } = await api.app.handle(new Request("http://localhost/api/tasks/export", { headers }));
    const reader = body?.getReader();
    await reader?.read();
    if (reader) stalled.push(reader);
  }
  expect((await as.get("/api/tasks?limit=1")).status).toBe(200);
  const [waiting] = await api.sql`
    select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  expect(waiting?.n).toBe(0);
  await Promise.all(stalled.map((reader) => reader.cancel()));
});
