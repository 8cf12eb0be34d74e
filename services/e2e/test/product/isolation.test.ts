import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Person, signUp } from "../../src/client.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
let ada: Person;
let mallory: Person;
let task: Task;
beforeAll(async () => {
  product = await startProduct();
  [ada, mallory] = await Promise.all([signUp(product.api, "ada"), signUp(product.api, "mallory")]);
  task = await ada.createTask({ title: "Ada's secret", tags: ["private"] });
  await ada.createTask({ title: "Ada's other" });
});
afterAll(() => product.dispose());

/** An answer without what may differ between two equal rejections. */
async function refusal(response: Response) {
  const { instance, trace_id, ...rest } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, type: response.headers.get("content-type"), ...rest };
}

const onATask: [string, string, unknown?][] = [
  ["GET", ""],
  ["PUT", "", { title: "mine now" }],
  ["PATCH", "", { title: "mine now" }],
  ["DELETE", ""],
  ["PATCH", "/complete"],
  ["PATCH", "/incomplete"],
  ["POST", "/restore"],
  ["GET", "/history"],
];

for (const [method, suffix, body] of onATask) {
  test(`${method} /api/tasks/{id}${suffix} of another user's task answers as for one that does not exist`, async () => {
    const theirs = await refusal(await mallory.call(method, `/api/tasks/${task.id}${suffix}`, body));
    const nobodys = await refusal(await mallory.call(method, `/api/tasks/${Bun.randomUUIDv7()}${suffix}`, body));
    const noId = await refusal(await mallory.call(method, `/api/tasks/no-uuid${suffix}`, body));
    expect(theirs.status).toBe(404);
    expect(theirs).toEqual(nobodys);
    expect(noId).toEqual(nobodys);
  });
}

test("another user's tag, cursor, user id and idempotency key open nothing", async () => {
  const [tag] = task.tags;
  for (const [method, body] of [
    ["PUT", { name: "mine" }],
    ["DELETE", undefined],
  ] as const) {
    expect((await mallory.call(method, `/api/tags/${tag?.id}`, body)).status).toBe(404);
  }
  const { next_cursor } = await ada.tasks("?limit=1");
  expect(next_cursor).not.toBeNull();
  expect((await mallory.call("GET", `/api/tasks?limit=1&cursor=${next_cursor}`)).status).toBe(422);
  for (const path of ["tasks", `tasks/${task.id}`, "tags", "audit"]) {
    expect((await mallory.call("GET", `/api/${ada.user.id}/${path}`)).status).toBe(404);
    expect((await ada.call("GET", `/api/${ada.user.id}/${path}`)).status).toBe(200);
  }
  const key = { "idempotency-key": "shared" };
  const adas = (await (await ada.call("POST", "/api/tasks", { title: "Keyed" }, key)).json()) as Task;
  const mallorys = (await (await mallory.call("POST", "/api/tasks", { title: "Keyed" }, key)).json()) as Task;
  expect(mallorys.id).not.toBe(adas.id);
  expect(mallorys.user_id).toBe(mallory.user.id);
});

test("lists, search, tags, audit, sync and export show only the user's own data", async () => {
  const answers = await Promise.all(
    [
      "/api/tasks",
      "/api/tasks?search=secret",
      "/api/tasks?tag=private",
      "/api/tags",
      "/api/audit",
      "/api/sync",
      "/api/tasks/export",
    ].map(async (path) => (await mallory.call("GET", path)).text()),
  );
  for (const text of answers) {
    expect(text).not.toContain(task.id);
    expect(text).not.toContain("secret");
    expect(text).not.toContain("private");
  }
});

test("no attempt left a trace on the task", async () => {
  expect(await ada.task(task.id)).toEqual(task);
});
