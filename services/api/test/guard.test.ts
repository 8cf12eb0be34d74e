import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { appTokenHeader } from "@carillon/contracts/names";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
let ada: Person;
beforeAll(async () => {
  api = await startApi({ corsOrigins: ["https://app.example.com"] });
  ada = await api.signUp();
});
afterAll(async () => {
  await api.app.stop(true);
  await api.close();
});

const unknownId = "018f0000-0000-7000-8000-000000000000";
const guarded = (path: string): boolean => path.startsWith("/api") || path === "/mcp";
const strangersMay = [
  "POST /api/signup",
  "POST /api/signin",
  "POST /api/signin/second",
  "POST /api/signin/passkey",
  "POST /api/signin/passkey/options",
  "GET /api/signin/oidc",
  "POST /api/signin/oidc",
  "POST /api/signin/oidc/start",
  "POST /api/auth/forgot",
  "POST /api/auth/reset",
  "POST /api/auth/verify",
  "POST /api/webhooks/resend",
  // A token of its own, and without one there is no such path.
  "GET /api/stats",
];

describe("no caller without a credential", () => {
  test("reaches any route under /api, or that of programs, but sign-up, sign-in and the way back", async () => {
    const routes = api.app.routes.filter(({ path }) => guarded(path));
    expect(routes.length).toBeGreaterThan(20);
    const open: string[] = [];
    for (const { method, path } of routes) {
      const { status, headers } = await api.call(method, path.replace(/:\w+/g, unknownId));
      if (status !== 401) open.push(`${method} ${path}`);
      else expect(headers.get("www-authenticate")).toBe("Bearer");
    }
    expect(open.sort()).toEqual([...strangersMay].sort());
  });

  test("reaches a route elsewhere that is no document or health", () => {
    // A calendar is opened by its address, which is the credential.
    const harmless =
      /^\/(openapi\.json|docs(\/.*)?|redoc|schemas\/export\.v1\.json|calendar\/:secret|health(\/live|\/ready)?|ready)$/;
    const others = api.app.routes.filter(({ path }) => !guarded(path) && !harmless.test(path));
    expect(others.map(({ path }) => path)).toEqual([]);
  });

  test("is answered by a neighbours' route", async () => {
    const routes = api.internal.routes.filter(({ path }) => path !== "/metrics");
    expect(routes.length).toBeGreaterThan(8);
    for (const { method, path } of routes)
      expect((await api.call(method, path.replace(/:\w+/g, unknownId))).status).toBe(401);
  });

  test.each([
    ["nothing", undefined],
    ["an empty header", ""],
    ["the scheme alone", "Bearer"],
    ["another scheme", "Basic YWRhOnB3"],
    ["no scheme", "TOKEN"],
    ["an invalid token", "Bearer x"],
    ["a token in the shape of ours", `Bearer car_${"A".repeat(43)}`],
    ["two tokens", "Bearer TOKEN, Bearer TOKEN"],
    ["a token in quotes", 'Bearer "TOKEN"'],
    ["a very long token", `Bearer ${"x".repeat(10_000)}`],
    ["a token cut short", "Bearer CUT"],
    ["a token of alg none", "Bearer NONE"],
    ["our claims under another key", "Bearer FORGED"],
  ])("gets in with %s", async (_what, authorization) => {
    const [head, claims] = ada.token.split(".");
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${claims}.`;
    const header = authorization
      ?.replaceAll("TOKEN", ada.token)
      .replace("CUT", ada.token.slice(0, -1))
      .replace("NONE", none)
      .replace("FORGED", `${head}.${claims}.${"A".repeat(43)}`);
    const headers: Record<string, string> = header === undefined ? {} : { authorization: header };
    const answered = await api.call("GET", "/api/auth/me", { headers });
    expect(answered).toMatchObject({ status: 401, body: { type: "urn:carillon:problem:unauthenticated" } });
  });

  test("gets in with a token in the query or a cookie", async () => {
    for (const name of ["access_token", "token", "authorization"]) {
      expect((await api.call("GET", `/api/auth/me?${name}=${ada.token}`)).status).toBe(401);
    }
    const cookie = `carillon_session=${ada.token}; access_token=${ada.token}`;
    expect((await api.call("GET", "/api/auth/me", { headers: { cookie } })).status).toBe(401);
  });

  test.each(["Bearer", "bearer", "BEARER", "BeArEr"])("the scheme's case does not matter: %p", async (scheme) => {
    const headers = { authorization: `${scheme} ${ada.token}` };
    expect((await api.call("GET", "/api/auth/me", { headers })).status).toBe(200);
  });
});

describe("the order of checks", () => {
  const json = { "content-type": "application/json" };
  const text = { "content-type": "text/plain" };
  const huge = JSON.stringify({ title: "x".repeat(300_000) });

  test.each([
    // Everything is wrong; each line corrects the first fault of the one before.
    ["401 before 404", "POST", "/api/nowhere", false, text, "{", 401],
    ["401 before 405", "DELETE", "/api/tasks", false, text, "{", 401],
    ["401 before 415", "POST", "/api/tasks", false, text, "{", 401],
    ["404 before 415", "POST", "/api/nowhere", true, text, "{", 404],
    ["405 before 415", "DELETE", "/api/tasks", true, text, "{", 405],
    ["415 before 413", "POST", "/api/tasks", true, text, huge, 415],
    ["413 before 400", "POST", "/api/tasks", true, json, `{${huge}`, 413],
    ["400 before 422", "POST", "/api/tasks", true, json, '{"title": 1', 400],
    ["422", "POST", "/api/tasks", true, json, '{"title": 1}', 422],
    ["422 before 409", "POST", "/api/signup", false, json, '{"email": "taken", "password": "x"}', 422],
    ["403 before 415", "POST", "/api/tokens", "token", text, "{", 403],
    ["401 without any body", "POST", "/api/tasks", false, {}, undefined, 401],
    ["415 without any body", "POST", "/api/tasks", true, {}, undefined, 415],
  ] as const)("%s", async (_what, method, path, credential, headers, body, status) => {
    const program = async () =>
      (await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "p", scope: "write" } })).body.token;
    const token = credential === "token" ? await program() : credential ? ada.token : null;
    const answered = await api.call(method, path, { token, headers: { ...headers }, body });
    expect(answered.status).toBe(status);
  });

  test("405 names what is possible", async () => {
    const { headers } = await api.call("PUT", "/api/auth/me", { token: ada.token });
    expect(headers.get("allow")).toBe("DELETE, GET, HEAD, PATCH");
  });

  test("an unknown query parameter is rejected, everywhere in accounts", async () => {
    const made = await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "stays", scope: "read" } });
    const bodies: Record<string, unknown> = {
      "POST /api/signup": { email: "query@example.com", password: "correct horse battery" },
      "POST /api/signin": { email: "query@example.com", password: "correct horse battery" },
      "PATCH /api/auth/me": {},
      "DELETE /api/auth/me": { password: ada.password },
      "POST /api/auth/password": { current_password: ada.password, new_password: ada.password },
      "POST /api/tokens": { name: "n", scope: "read" },
      "POST /api/logout": undefined,
      "GET /api/auth/me": undefined,
      "GET /api/tokens": undefined,
      [`DELETE /api/tokens/${made.body.id}`]: undefined,
    };
    for (const [route, body] of Object.entries(bodies)) {
      const [method = "", path = ""] = route.split(" ");
      const answered = await api.call(method, `${path}?verbose=1`, { token: ada.token, body });
      expect(`${route} ${answered.status}`).toBe(`${route} 422`);
      expect(answered.body.errors[0].pointer).toBe("verbose");
    }
    expect((await api.call("GET", "/api/auth/me", { token: made.body.token })).status).toBe(200);
    expect((await api.call("DELETE", `/api/tokens/${unknownId}?verbose=1`, { token: ada.token })).status).toBe(404);
  });
});

describe("CORS", () => {
  const preflight = (origin: string, path = "/api/tasks") =>
    api.call("OPTIONS", path, { headers: { origin, "access-control-request-method": "POST" } });

  test("a preflight from a listed origin is answered 204 with what is allowed, without a credential", async () => {
    const { status, headers } = await preflight("https://app.example.com");
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(headers.get("access-control-allow-headers")).toContain("Idempotency-Key");
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  });

  test.each(["https://evil.example.com", "https://app.example.com.evil.com", "http://app.example.com", "null"])(
    "a preflight from %s allows nothing",
    async (origin) => {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(204);
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
      expect(headers.get("vary")).toBe("Origin");
    },
  );

  test("answers carry the listed origin, errors too, and never any other", async () => {
    const get = (origin: string, token: string | null) =>
      api.call("GET", "/api/auth/me", { token, headers: { origin } });
    for (const token of [ada.token, null]) {
      const { headers } = await get("https://app.example.com", token);
      expect(headers.get("access-control-allow-origin")).toBe("https://app.example.com");
      expect(headers.get("access-control-expose-headers")).toContain("ETag");
      expect((await get("https://evil.example.com", token)).headers.has("access-control-allow-origin")).toBe(false);
    }
  });

  test("OPTIONS without a preflight's headers is an ordinary request", async () => {
    expect((await api.call("OPTIONS", "/api/tasks")).status).toBe(401);
    expect((await api.call("OPTIONS", "/api/tasks", { token: ada.token })).status).toBe(405);
  });
});

describe("over a real socket", () => {
  /** Status of one request written byte by byte as given. */
  async function raw(path: string, headers: string[], method = "GET"): Promise<number> {
    const socket = connect({ host: "127.0.0.1", port: Number(api.app.server?.port) });
    socket.write([`${method} ${path} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n"));
    let text = "";
    for await (const chunk of socket) text += chunk;
    return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
  }

  beforeAll(() => void api.app.listen({ hostname: "127.0.0.1", port: 0 }));

  test.each([
    "/api/auth/me",
    "/api/auth/me/",
    "/api//auth/me",
    "/api/signin/../auth/me",
    "/api/signup/..%2fauth/me",
    "/api/nowhere",
    "/api",
  ])("no spelling of a path bypasses the guard: %s", async (path) => {
    expect(await raw(path, ["Host: localhost"])).toBe(401);
  });

  test.each(["/%61pi/auth/me", "/API/auth/me", "//api/auth/me", "/x/../internal%2fsession", "/%69nternal/changes"])(
    "a path that only resembles one of ours is unknown: %s",
    async (path) => {
      expect(await raw(path, ["Host: localhost"])).toBe(404);
      expect(await raw(path, ["Host: localhost", `Authorization: Bearer ${ada.token}`])).toBe(404);
    },
  );

  test.each(["a", "ab", "abc", "abcd", "localhost:8000"])("nor does the host %p", async (host) => {
    for (const prefix of ["", "/x", "/xy", "/xyz", "/xyzw"]) {
      const internal = await raw(`${prefix}/internal/session`, [`Host: ${host}`, "Content-Length: 0"], "POST");
      // It is on another listener.
      expect(internal).toBe(404);
      const account = await raw(`${prefix}/api/auth/me`, [`Host: ${host}`]);
      expect(account).toBe(prefix === "" ? 401 : 404);
      const mine = await raw(`${prefix}/api/auth/me`, [`Host: ${host}`, `Authorization: Bearer ${ada.token}`]);
      expect(mine).toBe(prefix === "" ? 200 : 404);
    }
  });

  test("an alias keeps a streamed body, and answers with the canonical address", async () => {
    const body = new ReadableStream({
      async start(controller) {
        for (const part of ['{"title": "', "in ", "parts", '"}']) {
          controller.enqueue(new TextEncoder().encode(part));
          await Bun.sleep(5);
        }
        controller.close();
      },
    });
    const answer = await fetch(`http://127.0.0.1:${api.app.server?.port}/api/${ada.user.id}/tasks`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${ada.token}` },
      body,
    });
    expect(answer.status).toBe(201);
    const task = (await answer.json()) as { id: string; title: string };
    expect(task.title).toBe("in parts");
    expect(answer.headers.get("location")).toBe(`/api/tasks/${task.id}`);
  });
});

describe("internal routes", () => {
  test("admit no caller without the app token, not even with a user's token", async () => {
    const ask = (headers: Record<string, string>) =>
      api.call("POST", "/internal/session", { token: ada.token, headers, body: { token: ada.token } });
    for (const given of ["", "wrong", appToken.slice(0, -1), `${appToken}x`, ada.token]) {
      expect((await ask({ [appTokenHeader]: given })).status).toBe(401);
    }
    expect((await ask({})).status).toBe(401);
    expect((await ask({ [appTokenHeader]: appToken })).status).toBe(200);
  });
});
