import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { appTokenHeader, callerHeader } from "@carillon/contracts/names";
import { continueTrace, silentLog, withTrace } from "@carillon/kit/observe";
import { createInternalService, type InternalRoute } from "@carillon/kit/service";
import { productResource, withSettings } from "@carillon/testing/dapr-files";
import { openDaprStack, type Sidecar } from "@carillon/testing/dapr-stack";
import { testDatabase } from "@carillon/testing/database";
import { eventOf } from "@carillon/testing/events";
import { until } from "@carillon/testing/until";
import { daprBus } from "../../src/dapr/bus.ts";
import { daprInvoker } from "../../src/dapr/invoker.ts";
import { daprState } from "../../src/dapr/state.ts";
import type { Door } from "../../src/local/door.ts";

setDefaultTimeout(60_000);

const appToken = "the-apps-own-token";
const daprToken = "the-sidecars-own-token";
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const taskPath = "/internal/tasks/0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77";
const fetchFrom = (request: Request) => fetch(request);

const stack = openDaprStack();
let database: Awaited<ReturnType<typeof testDatabase>>;
/** `recurring` calls `api`. */
let asking: Sidecar;
let asked: Sidecar;
const seen: { method: string; path: string; headers: Headers; body: string }[] = [];

const forRecurring = (method: "GET" | "PUT", path: `/internal/${string}`, handle: InternalRoute["handle"]) =>
  ({ method, path, callers: ["recurring"], handle }) as const;
const door: Door = createInternalService({
  name: "api",
  log: silentLog,
  appToken,
  routes: [
    forRecurring("PUT", "/internal/tasks/:id", () => Response.json({ outcome: "made" }, { status: 201 })),
    forRecurring("GET", "/internal/nothing", () => new Response(null, { status: 204 })),
    forRecurring("GET", "/internal/slow", () => Bun.sleep(3_000).then(() => new Response())),
    {
      method: "GET",
      path: "/internal/not-for-recurring",
      callers: ["notification", "sidecar"],
      handle: () => new Response(null, { status: 204 }),
    },
  ],
});

const app = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const body = await request.clone().text();
    seen.push({ method: request.method, path: pathname + search, headers: request.headers, body });
    return door.handle(request);
  },
});

beforeAll(async () => {
  database = await testDatabase({ migrations: ["state"], isStateOfSidecars: true });
  const store = withSettings(productResource("statestore.yaml"), { connectionString: database.urlFor("state") });
  asked = await stack.startSidecar({ appId: "api", appPort: app.port ?? 0, resources: [], appToken, daprToken });
  asking = await stack.startSidecar({ appId: "recurring", resources: [store], daprToken });
});
afterAll(async () => {
  await stack.close();
  await app.stop(true);
  await database.close();
});

const invoker = (token = daprToken) => daprInvoker({ sidecar: asking.url, daprToken: token, fetch: fetchFrom });
const state = () => daprState({ sidecar: asking.url, daprToken, fetch: fetchFrom, store: "statestore" });
const put = (headers: Record<string, string> = {}) =>
  new Request(`http://localhost${taskPath}?a=b%20c`, {
    method: "PUT",
    headers: { "content-type": "application/json", ...headers },
    body: '{"title":"ü 😀"}',
  });

test("Dapr invoker: method, path, query, body and trace reach the neighbour's internal route; its answer comes back", async () => {
  const answer = await withTrace(continueTrace(`00-${traceId}-00f067aa0ba902b7-01`), () =>
    invoker().call("api", put()),
  );
  expect([answer.status, await answer.json()]).toEqual([201, { outcome: "made" }]);
  const last = seen.at(-1);
  expect([last?.method, last?.path, last?.body]).toEqual(["PUT", `${taskPath}?a=b%20c`, '{"title":"ü 😀"}']);
  expect(last?.headers.get("traceparent")?.split("-")[1]).toBe(traceId);
  expect((await invoker().call("api", new Request("http://localhost/internal/nothing"))).status).toBe(204);
});

test("Dapr invoker: the sidecar authenticates to the app with the app's token, whatever the caller sends; without it no call gets in", async () => {
  expect((await invoker().call("api", put({ [appTokenHeader]: "forged" }))).status).toBe(201);
  expect(seen.at(-1)?.headers.get(appTokenHeader)).toBe(appToken);
  expect((await fetch(new URL("/internal/nothing", app.url))).status).toBe(401);
});

test("Dapr invoker: the sidecar names the caller, whatever name the caller claims, and a route answers only those it admits", async () => {
  expect((await invoker().call("api", put({ [callerHeader]: "notification" }))).status).toBe(201);
  expect(seen.at(-1)?.headers.get(callerHeader)).toBe("recurring");
  const refused = await invoker().call("api", new Request("http://localhost/internal/not-for-recurring"));
  expect(refused.status).toBe(403);
  // A service that bypasses our adapter may write the header itself: the sidecar's value then follows
  // it, and neither is trusted.
  const claimed = await fetch(new URL("/v1.0/invoke/api/method/internal/not-for-recurring", asking.url), {
    headers: { "dapr-api-token": daprToken, [callerHeader]: "notification" },
  });
  expect(claimed.status).toBe(401);
  expect(seen.at(-1)?.headers.get(callerHeader)?.split(", ").sort()).toEqual(["notification", "recurring"]);
});

test("Dapr adapters: a sidecar with a token rejects requests without it", async () => {
  const stranger = { sidecar: asking.url, daprToken: "", fetch: fetchFrom };
  const bare = await fetch(new URL("/v1.0/state/statestore/a", asking.url));
  expect(bare.status).toBe(401);
  await expect(daprState({ ...stranger, store: "statestore" }).set("a", 1)).rejects.toMatchObject({
    code: "unavailable",
  });
  const before = seen.length;
  await expect(daprInvoker(stranger).call("api", put())).rejects.toMatchObject({ code: "unavailable" });
  const message = { topic: "task-events", key: "k", event: eventOf(crypto.randomUUID(), 1) } as const;
  await expect(daprBus(stranger).publish([message])).rejects.toMatchObject({ code: "unavailable" });
  expect(seen).toHaveLength(before);
});

test("Dapr invoker: the neighbour's own failures are its answers; a missing neighbour and a missing answer are unavailable", async () => {
  const unknown = await invoker().call("api", new Request("http://localhost/internal/unknown"));
  expect([unknown.status, (await unknown.json()).type]).toEqual([404, "urn:carillon:problem:not_found"]);
  const unavailable = { name: "Problem", code: "unavailable" };
  const startedAt = performance.now();
  const slow = invoker().call("api", new Request("http://localhost/internal/slow"), { timeoutMs: 300 });
  await expect(slow).rejects.toMatchObject(unavailable);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await expect(invoker().call("audit", new Request("http://localhost/internal/x"))).rejects.toMatchObject(unavailable);
});

test("Dapr invoker: a neighbour whose sidecar was killed is unavailable, and reached again when it is back", async () => {
  await asked.kill();
  await expect(invoker().call("api", put(), { timeoutMs: 2_000 })).rejects.toMatchObject({ code: "unavailable" });
  asked = await stack.startSidecar({ appId: "api", appPort: app.port ?? 0, resources: [], appToken, daprToken });
  await until("it is reached", () =>
    invoker()
      .call("api", put(), { timeoutMs: 2_000 })
      .then(({ status }) => status === 201)
      .catch(() => false),
  );
});

test("Dapr state: a stored value comes back as it was, and is gone when deleted", async () => {
  const value = { text: "ü 😀 \\ \" '", list: [1, null, true], deep: { nothing: {} } };
  const key = `failure:audit:${crypto.randomUUID()}`;
  expect(await state().get(key)).toBeNull();
  expect(await state().set(key, value)).toBe(true);
  expect((await state().get(key))?.value).toEqual(value);
  await state().delete(key);
  expect(await state().get(key)).toBeNull();
});

test("Dapr state: of writers that saw the same value only one changes it", async () => {
  const key = crypto.randomUUID();
  await state().set(key, 1);
  const etag = (await state().get(key))?.etag ?? "";
  const results = await Promise.all([2, 3, 4, 5].map((value) => state().set(key, value, { etag })));
  expect(results.filter((won) => won)).toHaveLength(1);
  expect(await state().set(key, 9, { etag })).toBe(false);
  expect(await state().set(crypto.randomUUID(), 9, { etag })).toBe(false);
});

test("Dapr state: a value expires after its time", async () => {
  const key = crypto.randomUUID();
  await state().set(key, "brief", { ttlSeconds: 1 });
  expect((await state().get(key))?.value).toBe("brief");
  await until("it is forgotten", async () => (await state().get(key)) === null);
});
