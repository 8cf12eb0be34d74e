import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
let ada: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp({ time_zone: "Europe/Berlin" });
});
afterAll(() => api.close());

const make = ({ token }: Person, body: unknown, headers = {}) =>
  api.call("POST", "/api/tokens", { token, body, headers });
const insteadOf = async (person: Person, scope: "read" | "write") =>
  (await make(person, { name: `${scope} only`, scope })).body.token as string;

describe("access tokens", () => {
  test("a token is shown once, works at once and is kept only as a hash", async () => {
    const { status, body } = await make(ada, {
      name: "backup",
      scope: "read",
      expires_at: new Date(api.clock.now().getTime() + 90 * 86_400_000).toISOString(),
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: body.id,
      name: "backup",
      scope: "read",
      expires_at: new Date(api.clock.now().getTime() + 90 * 86_400_000).toISOString(),
      created_at: api.clock.now().toISOString(),
      last_used_at: null,
      token: body.token,
    });
    expect(body.token).toMatch(/^car_[\w-]{43}$/);
    expect(await api.call("GET", "/api/auth/me", { token: body.token })).toMatchObject({ status: 200, body: ada.user });
    const [row] = await api.sql`select to_jsonb(t) as row, token_hash from api.tokens t where id = ${body.id}`;
    expect(Buffer.from(row?.token_hash).equals(createHash("sha256").update(body.token).digest())).toBe(true);
    expect(JSON.stringify(row)).not.toContain(body.token);
    const list = await api.call("GET", "/api/tokens", { token: ada.token });
    const { token: _shownOnce, ...shown } = body;
    expect(list.body).toEqual({
      data: [{ ...shown, last_used_at: api.clock.now().toISOString() }],
      next_cursor: null,
    });
  });

  test("the same Idempotency-Key creates one token and shows it once; a repeat learns that, and no copy is stored", async () => {
    const person = await api.signUp();
    const body = { name: "twice", scope: "write" };
    const key = { "idempotency-key": "t-1" };
    const answers = await Promise.all([1, 2, 3].map(() => make(person, body, key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const repeated = answers.find(({ status }) => status === 409);
    expect(repeated?.body.detail).toContain("shown only once");
    expect((await make(person, body, key)).body.detail).toBe(repeated?.body.detail);
    expect((await make(person, { ...body, name: "other" }, key)).status).toBe(422);
    const list = await api.call("GET", "/api/tokens", { token: person.token });
    expect(list.body.data).toHaveLength(1);
    const shown = answers.find(({ status }) => status === 201)?.body.token;
    const [kept] = await api.sql`select body from api.idempotency_keys where user_id = ${person.user.id}`;
    expect(api.deps.seals.decrypt(kept?.body)).not.toContain(shown);
  });

  test("a rejected creation is stored as it was", async () => {
    const person = await api.signUp();
    const body = { name: "late", scope: "read", expires_at: "2020-01-01T00:00:00Z" };
    const answers = [
      await make(person, body, { "idempotency-key": "t-2" }),
      await make(person, body, { "idempotency-key": "t-2" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422]);
  });

  test.each([
    ["", "/name"],
    ["   ", "/name"],
    ["x".repeat(101), "/name"],
    ["a\0b", "/name"],
    ["\u202eevil", "/name"],
  ])("a token cannot be named %j", async (name, pointer) => {
    const { status, body } = await make(ada, { name, scope: "read" });
    expect(status).toBe(422);
    expect(body.errors[0].pointer).toBe(pointer);
  });

  test("an expiry that is not in the future is rejected, and a token ends exactly then", async () => {
    const person = await api.signUp();
    const at = (ms: number) => new Date(api.clock.now().getTime() + ms).toISOString();
    const past = await make(person, { name: "past", scope: "read", expires_at: at(0) });
    expect(past.status).toBe(422);
    expect(past.body.errors[0]).toEqual({ pointer: "/expires_at", detail: "must be in the future" });
    const { token } = (await make(person, { name: "brief", scope: "read", expires_at: at(60_000) })).body;
    api.clock.advance(59_999);
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(200);
    api.clock.advance(1);
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(401);
    expect((await api.call("GET", "/api/tokens", { token: person.token })).body.data).toEqual([]);
  });

  test("a user may have a hundred; one more is a conflict until one is revoked", async () => {
    const person = await api.signUp();
    const one = () => make(person, { name: "many", scope: "read" });
    const made = await Promise.all(Array.from({ length: 104 }, one));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(100);
    expect(made.filter(({ status }) => status === 409)).toHaveLength(4);
    const id = made.find(({ status }) => status === 201)?.body.id;
    expect((await api.call("DELETE", `/api/tokens/${id}`, { token: person.token })).status).toBe(204);
    expect((await one()).status).toBe(201);
  });

  test("the list comes newest first in pages that neither repeat nor skip", async () => {
    const person = await api.signUp();
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.unshift((await make(person, { name: `n${n}`, scope: "read" })).body.id);
    const seen: string[] = [];
    let path = "/api/tokens?limit=2";
    for (let page = 0; page < 3; page++) {
      const { body } = await api.call("GET", path, { token: person.token });
      seen.push(...body.data.map((one: { id: string }) => one.id));
      path = `/api/tokens?limit=2&cursor=${body.next_cursor}`;
      expect(body.next_cursor === null).toBe(page === 2);
    }
    expect(seen).toEqual(made);
  });

  test("revoking ends the token at once, with an event; a second time it is unknown (G19)", async () => {
    const person = await api.signUp();
    const { id, token } = (await make(person, { name: "lost", scope: "write" })).body;
    expect(await api.call("DELETE", `/api/tokens/${id}`, { token: person.token })).toMatchObject({
      status: 204,
      body: null,
    });
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(401);
    const [said] = await api.outbox(person.user.id);
    expect(said).toMatchObject({ type: "session.revoked", entity_id: id, event: { data: { session_id: id } } });
    expect((await api.call("DELETE", `/api/tokens/${id}`, { token: person.token })).status).toBe(404);
    expect(await api.outbox(person.user.id)).toHaveLength(1);
  });
});

describe("scope (G20)", () => {
  const writes = [
    ["POST", "/api/tasks"],
    ["PUT", "/api/tags/018f0000-0000-7000-8000-000000000000"],
    ["POST", "/api/chat"],
  ] as const;

  test.each(writes)("a read token is rejected for %s %s, with the missing scope", async (method, path) => {
    const token = await insteadOf(ada, "read");
    const { status, headers } = await api.call(method, path, { token, body: {} });
    expect(status).toBe(403);
    expect(headers.get("www-authenticate")).toBe('Bearer error="insufficient_scope", scope="tasks:write"');
  });

  test("a read token may use what only computes", async () => {
    const token = await insteadOf(ada, "read");
    const preview = { recurring_pattern: "daily", due_date: "2026-11-30T09:00:00Z", time_zone: "UTC" };
    expect((await api.call("POST", "/api/recurrence/preview", { token, body: preview })).status).toBe(200);
    expect((await api.call("POST", "/api/tasks/parse", { token, body: { text: "milk tomorrow" } })).status).toBe(200);
  });

  test("a read token reads", async () => {
    const token = await insteadOf(ada, "read");
    for (const path of ["/api/auth/me", "/api/tasks", "/api/tags"]) {
      expect((await api.call("GET", path, { token })).status).toBe(200);
      expect((await api.call("HEAD", path, { token })).status).toBe(200);
    }
  });

  test("a write token writes tasks, and its changes name a token as their actor", async () => {
    const person = await api.signUp();
    const token = await insteadOf(person, "write");
    expect((await api.call("POST", "/api/tasks", { token, body: { title: "by a program" } })).status).toBe(201);
    const [said] = await api.outbox(person.user.id);
    expect(said).toMatchObject({ type: "task.created", event: { data: { actor: "token" } } });
  });

  test.each([
    ["PATCH", "/api/auth/me", { name: "taken over" }],
    ["POST", "/api/auth/password", { current_password: "x", new_password: "taken over" }],
    ["DELETE", "/api/auth/me", { password: "x" }],
    ["POST", "/api/logout", undefined],
    ["GET", "/api/tokens", undefined],
    ["POST", "/api/tokens", { name: "more", scope: "write" }],
    ["DELETE", "/api/tokens/018f0000-0000-7000-8000-000000000000", undefined],
  ])("no token, whatever its scope, may %s %s: accounts are for people", async (method, path, body) => {
    const person = await api.signUp();
    const token = await insteadOf(person, "write");
    const answered = await api.call(method, path, { token, body });
    expect(answered).toMatchObject({ status: 403, body: { type: "urn:carillon:problem:forbidden" } });
    expect((await api.call("GET", "/api/auth/me", { token: person.token })).body).toEqual(person.user);
  });
});

// Last: it moves the time.
test("a token holds for a year at most, and for a year when no end is named; its use is noted within five minutes", async () => {
  const person = await api.signUp();
  const yearMs = 365 * 86_400_000;
  const at = (ms: number) => new Date(api.clock.now().getTime() + ms).toISOString();
  const later = await make(person, { name: "later", scope: "read", expires_at: at(yearMs + 1) });
  expect(later.body.errors).toEqual([{ pointer: "/expires_at", detail: "must be within a year from now" }]);
  const { body } = await make(person, { name: "endless", scope: "read", expires_at: null });
  expect(body.expires_at).toBe(at(yearMs));
  const used = async () => {
    await api.call("GET", "/api/auth/me", { token: body.token });
    return (await api.call("GET", "/api/tokens", { token: person.token })).body.data[0].last_used_at;
  };
  const first = await used();
  expect(first).toBe(at(0));
  api.clock.advance(299_999);
  expect(await used()).toBe(first);
  api.clock.advance(1);
  expect(await used()).toBe(at(0));
  await api.sql`update api.tokens set expires_at = null where id = ${body.id}`;
  api.clock.advance(yearMs - 300_001);
  expect((await api.call("GET", "/api/auth/me", { token: body.token })).status).toBe(200);
  api.clock.advance(1);
  expect((await api.call("GET", "/api/auth/me", { token: body.token })).status).toBe(401);
});
