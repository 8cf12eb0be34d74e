import { afterAll, beforeAll, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import { password, signUp } from "../../src/client.ts";
import { listen } from "../../src/live.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.dispose());

test("the six ports are open and report that they are healthy", async () => {
  const { output } = product;
  expect(output()).toContain(`localhost:${new URL(product.web).port}`);
  for (const name of ["web", "api", "realtime"] as const) {
    const address = product[name];
    expect((await fetch(`${address}/health`)).status).toBe(200);
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
    expect((await fetch(`${address}/ready`)).status).toBe(200);
    expect(await product.figures(name)).toContain("http_server_request_duration_seconds");
  }
});

test("a change reaches the owner's open stream within a second, and no other", async () => {
  const [ada, bob] = await Promise.all([signUp(product.api, "ada"), signUp(product.api, "bob")]);
  const adas = await listen(`${product.realtime}/stream`, ada.token);
  const bobs = await listen(`${product.realtime}/stream`, bob.token);
  const task = await ada.createTask({ title: "Ring the bells" });
  await until("Ada gets the change", () => adas.frames.some(({ data }) => data.includes(task.id)), 1_000);
  const bobsTask = await bob.createTask({ title: "Bob's own" });
  await until("Bob gets the change", () => bobs.frames.some(({ data }) => data.includes(bobsTask.id)), 1_000);
  expect(bobs.frames.filter(({ data }) => data.includes(task.id))).toEqual([]);
  const frame = adas.frames.find(({ data }) => data.includes(task.id));
  expect(frame?.event).toBe("task.changed");
  expect(JSON.parse(frame?.data ?? "{}")).toEqual({ event_type: "task.created", task_id: task.id, version: 1 });
  for (const listener of [adas, bobs]) listener.close();
});

test("a stream that comes back with Last-Event-ID gets what it missed, once and in order", async () => {
  const ada = await signUp(product.api, "resume");
  const first = await listen(`${product.realtime}/stream`, ada.token);
  const task = await ada.createTask({ title: "Before" });
  await until("the first frame", () => first.frames.length > 0, 2_000);
  const last = first.frames.at(-1)?.id ?? "";
  first.close();
  await ada.updateTask(task.id, { title: "While away" });
  await ada.completeTask(task.id);
  const second = await listen(`${product.realtime}/stream`, ada.token, { "last-event-id": last });
  await ada.updateTask(task.id, { description: "Back again" });
  await until("all three", () => second.frames.length >= 3, 2_000);
  expect(second.frames.map(({ data }) => JSON.parse(data).version)).toEqual([2, 3, 4]);
  const ids = second.frames.map(({ id }) => Number(id));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  second.close();
});

test("signing out closes the open stream and invalidates the token within a second", async () => {
  const ada = await signUp(product.api, "leaver");
  const stream = await listen(`${product.realtime}/stream`, ada.token);
  const startedAt = performance.now();
  expect((await ada.call("POST", "/api/logout")).status).toBe(204);
  await Promise.race([stream.closed, Bun.sleep(5_000).then(() => Promise.reject(new Error("the stream stayed open")))]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect((await ada.call("GET", "/api/tasks")).status).toBe(401);
  expect((await listen(`${product.realtime}/stream`, ada.token)).status).toBe(401);
});

test("a session that is ended from another one loses its open stream and its token within a second, and the other keeps both", async () => {
  const ada = await signUp(product.api, "two-places");
  const signedIn = await ada.json<{ access_token: string }>("POST", "/api/signin", { email: ada.email, password });
  const phone = { authorization: `Bearer ${signedIn.access_token}` };
  const asPhone = async (path: string) => (await fetch(product.api + path, { headers: phone })).status;
  const [stream, own] = await Promise.all(
    [signedIn.access_token, ada.token].map((token) => listen(`${product.realtime}/stream`, token)),
  );
  const { data } = await ada.json<{ data: { id: string; current: boolean }[] }>("GET", "/api/sessions");
  const other = data.find(({ current }) => !current);
  expect(await asPhone("/api/tasks")).toBe(200);
  const startedAt = performance.now();
  expect((await ada.call("DELETE", `/api/sessions/${other?.id}`)).status).toBe(204);
  expect([await asPhone("/api/tasks"), await asPhone("/api/auth/me")]).toEqual([401, 401]);
  await Promise.race([
    stream?.closed,
    Bun.sleep(5_000).then(() => Promise.reject(new Error("the stream stayed open"))),
  ]);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect((await listen(`${product.realtime}/stream`, signedIn.access_token)).status).toBe(401);
  const task = await ada.createTask({ title: "Still here" });
  await until("the other hears of it", () => own?.frames.some((frame) => frame.data.includes(task.id)) === true);
  own?.close();
});

test("the history of a task says who changed what, and the chain verifies", async () => {
  const ada = await signUp(product.api, "history");
  const task = await ada.createTask({ title: "First", tags: ["home"] });
  await ada.updateTask(task.id, { title: "Second" });
  await ada.completeTask(task.id);
  await until("three entries", async () => (await ada.history(task.id)).data.length === 3, 5_000);
  const { data } = await ada.history(task.id);
  expect(data.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
    "task.completed user",
    "task.updated user",
    "task.created user",
  ]);
  expect(data[1]?.changes).toEqual({ title: ["First", "Second"] });
  expect(await ada.verifyHistory()).toMatchObject({ ok: true, checked: 4, first_broken: null });
});

test("sign-in, sign-up, documents and health answer without a credential, everything else requires one", async () => {
  for (const path of ["/openapi.json", "/docs", "/redoc", "/health"])
    expect((await fetch(product.api + path)).status).toBe(200);
  for (const path of ["/api/tasks", "/api/tags", "/api/sync", "/api/audit", "/api/auth/me", "/api/tasks/export"]) {
    const response = await fetch(product.api + path);
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toStartWith("Bearer");
  }
});

test("internal addresses are closed to callers without the app token", async () => {
  for (const address of [product.api, product.realtime]) {
    for (const path of ["/internal/session", "/events/task-updates", "/job/x", "/dapr/subscribe"]) {
      expect([401, 404]).toContain((await fetch(address + path, { method: "POST", body: "{}" })).status);
    }
  }
});

test("documents load nothing from another origin", async () => {
  for (const path of ["/docs", "/redoc"]) {
    const html = await (await fetch(product.api + path)).text();
    expect([...html.matchAll(/(?:src|href)="(https?:)?\/\//g)]).toEqual([]);
    for (const [, asset] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      expect((await fetch(product.api + asset)).status).toBe(200);
  }
});
