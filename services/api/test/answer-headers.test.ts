import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { occurrenceId } from "@carillon/calendar/recurrence";
import { appTokenHeader, callerHeader } from "@carillon/contracts/names";
import { connect } from "@carillon/kit/database";
import { Protection } from "@carillon/testing/protection";
import { createApp, createInternalApp } from "../src/app.ts";
import { sealChallenge } from "../src/auth/factors/challenges.ts";
import { linkOf } from "../src/auth/letters/links.ts";
import { internalRoutes } from "../src/internal/index.ts";
import { unsubscribeToken } from "../src/reminders/unsubscribe.ts";
import { appToken, type Harness, type Person } from "./harness.ts";
import { type Matrix, openMatrix } from "./isolation/ask.ts";
import { cases } from "./isolation/cases.ts";

let matrix: Matrix;
const nowhere = connect("postgres://absent@127.0.0.1:1/nowhere", { max: 1, name: "absent" });
beforeAll(async () => {
  matrix = await openMatrix((sql) => sql, { secure: true, resendWebhookSecret: webhookSecret, statsToken });
});
afterAll(async () => {
  await Promise.all([matrix.api.close(), nowhere.end({ timeout: 1 })]);
});

const id = "018f0000-0000-7000-8000-000000000000";
/** An occurrence has an id that follows from its parent's. */
const filled = (path: string): string =>
  path
    .replace("/internal/tasks/:id", `/internal/tasks/${occurrenceId(id)}`)
    .replace("/calendar/:secret", `/calendar/${"s".repeat(43)}.ics`)
    .replace(/:\w+/g, id)
    .replace("*", "x");
const isAsset = (path: string): boolean => /^\/(docs|redoc|openapi\.json|schemas\/)/.test(path);
/** Nothing stands behind these that could be away. */
const cannotBreak = (path: string): boolean =>
  isAsset(path) || /^\/(health|health\/live|metrics|api\/signin\/oidc|internal\/zones)$/.test(path);

type App = Pick<Harness["app"], "handle" | "routes">;

/** From here on every answer of this door is kept, for every caller. */
function listen(app: App, protection: Protection): void {
  const handle = app.handle.bind(app);
  const patterns = app.routes.map(({ method, path }) => ({
    method,
    path,
    is: new RegExp(`^${path.replace(/:\w+/g, "[^/]+").replace("*", ".+")}$`),
  }));
  app.handle = async (request) => {
    const response = await handle(request);
    const { pathname } = new URL(request.url);
    const exact = patterns.find(({ method, path }) => method === request.method && path === pathname);
    const route = exact ?? patterns.find(({ method, is }) => method === request.method && is.test(pathname));
    if (route)
      protection.hear({ method: route.method, route: route.path, status: response.status, headers: response.headers });
    return response;
  };
}

/** Calls that answer well of routes that the matrix has none for. */
async function callTheRest({ api }: Matrix, person: Person): Promise<void> {
  const token = person.token;
  await api.call("POST", "/api/tasks/parse", { token, body: { text: "pay rent tomorrow" } });
  const daily = { recurring_pattern: "daily", due_date: "2026-11-21T09:00:00Z", time_zone: "UTC" };
  await api.call("POST", "/api/recurrence/preview", { token, body: daily });
  for (const query of ["", "?x=1"]) await api.call("POST", `/api/signin/passkey/options${query}`);
  for (const query of ["", "?x=1"]) {
    await api.call("GET", `/api/signin/oidc${query}`);
    await api.call("POST", `/api/signin/oidc/start${query}`, { body: {} });
  }
  await api.call("POST", "/api/auth/forgot", { body: { email: person.email } });
  await callAsResend(api.app, api.clock.now());
  await api.call("GET", "/api/stats", { token: statsToken });
  const asset = await api.app.handle(new Request("http://localhost/docs"));
  const files = [...(await asset.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
  for (const path of [
    ...files,
    "/docs",
    "/redoc",
    "/openapi.json",
    "/health",
    "/health/live",
    "/health/ready",
    "/ready",
  ])
    await api.app.handle(new Request(`http://localhost${path}`));
  for (const { method, path } of api.internal.routes) {
    const body = method === "GET" ? {} : { body: bodiesInside(api, person)[path] };
    await api.call(method, filled(path) + (queriesInside(person)[path] ?? ""), {
      headers: { [appTokenHeader]: appToken },
      ...body,
    });
  }
}

/** The operator's token in these tests. */
const statsToken = "0123456789abcdef0123456789abcdef";
/** The key of Resend's signature in these tests. */
const webhookSecret = "c2VjcmV0";

async function callAsResend({ handle }: Pick<App, "handle">, now: Date): Promise<void> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const body = JSON.stringify({ type: "email.complained", data: { to: ["gone@example.com"] } });
  const key = Buffer.from(webhookSecret, "base64");
  const mac = createHmac("sha256", key).update(`1.${timestamp}.${body}`).digest("base64");
  const headers = { "svix-id": "1", "svix-timestamp": timestamp, "svix-signature": `v1,${mac}` };
  await handle(new Request("http://localhost/api/webhooks/resend", { method: "POST", headers, body }));
}

/** What the routes inside take. */
const bodiesInside = ({ deps }: Harness, { user, token }: Person): Record<string, unknown> => ({
  "/internal/session": { token },
  "/internal/channels/take": { push_key: null },
  "/internal/channels/results": { channels: [{ user_id: user.id, id }], results: [] },
  "/internal/users": { email: user.email, act: "find" },
  "/internal/letters/take": { goes_out: false },
  "/internal/mail/bounces": { emails: ["gone@example.com"] },
  "/internal/letters/results": { results: [{ user_id: user.id, id, delay_ms: null }] },
  "/internal/audit/rebuild": { user_id: user.id, after: 0, accept_loss: false },
  "/internal/reminders/claim": { reminders: [{ id, generation: 1 }] },
  "/internal/reminders/results": {
    results: [{ id, generation: 1, outcome: "sent", attempts: 1, at: "2026-11-21T09:00:00Z" }],
  },
  "/internal/reminders/due": { before: "2026-11-21T09:00:00Z" },
  "/internal/unsubscribe": { token: unsubscribeToken(deps.seals, user.id) },
  "/internal/tasks/:id": {
    user_id: user.id,
    parent_task_id: id,
    parent_version: 1,
    due_date: "2026-11-21T09:00:00Z",
    ordinal: null,
  },
  "/internal/series/end": { user_id: user.id, task_id: id, version: 1 },
});
const queriesInside = ({ user }: Person): Record<string, string> => ({
  "/internal/changes": `?user_id=${user.id}&after=0`,
  "/internal/audit/verify": `?user_id=${user.id}`,
  "/internal/zones": "?newer_than=2020a",
});

type Doors = Pick<Harness, "app" | "internal">;

/** Each open route with its database away, and as a stranger. */
async function callBroken(away: Doors, { app, deps }: Harness, { user, token }: Person): Promise<void> {
  const reset = { token: linkOf(deps.seals, "reset", { userId: user.id, id }), new_password: "another horse of seven" };
  const verify = { token: linkOf(deps.seals, "verify", { userId: user.id, id }) };
  const second = { challenge: sealChallenge(deps.seals, { userId: user.id, id }), code: "123456" };
  const links = { "/api/auth/reset": reset, "/api/auth/verify": verify, "/api/signin/second": second };
  const given: Record<string, unknown> = { ...bodies, ...links };
  const json = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const calls = away.app.routes.map(async ({ method, path }) => {
    const address = `http://localhost${filled(path)}`;
    const body = given[path] ? { body: JSON.stringify(given[path]) } : {};
    await away.app.handle(new Request(address, { method, headers: json, ...body }));
    await app.handle(new Request(address, { method }));
  });
  await Promise.all(calls);
  await callAsResend(away.app, deps.clock.now());
  await away.app.handle(
    new Request("http://localhost/api/stats", { headers: { authorization: `Bearer ${statsToken}` } }),
  );
}

async function callBrokenInside(away: Doors, { internal, deps, ...api }: Harness, person: Person): Promise<void> {
  const callers = new Map(internalRoutes(deps).map(({ method, path, callers }) => [`${method} ${path}`, callers[0]]));
  const calls = away.internal.routes.map(async ({ method, path }) => {
    const caller = callers.get(`${method} ${path}`) ?? "ops";
    const headers = { [appTokenHeader]: appToken, [callerHeader]: caller, "content-type": "application/json" };
    const given = bodiesInside({ ...api, internal, deps }, person)[path];
    const request = { method, headers, ...(method === "GET" ? {} : { body: JSON.stringify(given) }) };
    const address = `http://localhost${filled(path)}`;
    await away.internal.handle(new Request(address + (queriesInside(person)[path] ?? ""), request));
    await internal.handle(new Request(address, { method, headers: { [callerHeader]: "x" } }));
  });
  await Promise.all(calls);
}

test("each route of api's doors protects its answers, good or bad, whole or broken", async () => {
  const { api } = matrix;
  const open = new Protection("data", {
    secure: true,
    isPublic: isAsset,
    hasOwnPolicy: (route) => route === "/docs" || route === "/redoc",
  });
  const inside = new Protection("data", { secure: false });
  listen(api.app, open);
  listen(api.internal, inside);
  for (const one of Object.values(cases).flat()) await matrix.ask(one, "alone");
  const person = await api.signUp();
  await callTheRest(matrix, person);

  const deps = { ...api.deps, sql: nowhere };
  const away = { app: createApp(deps), internal: createInternalApp(deps) };
  listen(away.app, open);
  listen(away.internal, inside);
  await Promise.all([callBroken(away, api, person), callBrokenInside(away, api, person)]);
  expect(open.faults).toEqual([]);
  expect(inside.faults).toEqual([]);
  expect(open.unheard(api.app.routes, ["2xx"])).toEqual([]);
  const ours = api.internal.routes.filter(({ path }) => path !== "/metrics");
  expect(inside.unheard(ours, ["2xx", "4xx"])).toEqual([]);
  const needsNobody = (path: string) => cannotBreak(path) || /^\/(ready|health\/ready)$/.test(path);
  expect(
    open.unheard(
      api.app.routes.filter(({ path }) => !needsNobody(path)),
      ["4xx"],
    ),
  ).toEqual([]);
  expect(
    open.unheard(
      api.app.routes.filter(({ path }) => !cannotBreak(path)),
      ["5xx"],
    ),
  ).toEqual([]);
  expect(
    inside.unheard(
      api.internal.routes.filter(({ path }) => !cannotBreak(path)),
      ["5xx"],
    ),
  ).toEqual([]);
});

/** What gets past the reading of a body, where no sign-in is needed before. */
const bodies: Record<string, unknown> = {
  "/api/signup": { email: "ada@example.com", password: "correct horse battery" },
  "/api/auth/forgot": { email: "ada@example.com" },
  "/api/signin/oidc": { flow: "x", callback_url: "x" },
  "/api/signin/oidc/start": {},
  "/api/signin/passkey": {
    credential: {
      id: "x",
      rawId: "x",
      type: "public-key",
      response: { clientDataJSON: "eyJjaGFsbGVuZ2UiOiJ4In0", authenticatorData: "x", signature: "x" },
    },
  },
  "/api/signin": { email: "ada@example.com", password: "correct horse battery" },
};
