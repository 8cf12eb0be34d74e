import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Answered, type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
let ada: Person;
let eve: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp();
  eve = await api.signUp();
});
afterAll(() => api.close());

const unknownId = "018f0000-0000-7000-8000-000000000000";

/** A rejection without what may differ between two: the requested address and the trace. */
const refusal = ({ status, headers, body }: Answered) => {
  const { instance: _address, trace_id: _trace, ...rest } = body;
  return { status, type: headers.get("content-type"), cache: headers.get("cache-control"), rest };
};

describe("accounts and tokens of other users (G18)", () => {
  test("another user's token, an unknown one and an invalid id are rejected alike, and the token stays valid", async () => {
    const made = await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "ada's", scope: "read" } });
    const revoke = (id: string) => api.call("DELETE", `/api/tokens/${id}`, { token: eve.token });
    const unknown = refusal(await revoke(unknownId));
    expect(unknown.status).toBe(404);
    expect(refusal(await revoke(made.body.id))).toEqual(unknown);
    for (const id of ["x", "1", "%00", "..%2f..", "%F0%9F%92%A9", "null", "018F0000"]) {
      expect(refusal(await revoke(id))).toEqual(unknown);
    }
    expect((await api.call("GET", "/api/auth/me", { token: made.body.token })).status).toBe(200);
    expect(await api.outbox(ada.user.id)).toEqual([]);
  });

  test("a list shows the caller's tokens only, and another user's cursor opens nothing", async () => {
    for (const { token } of [ada, ada, eve, eve]) {
      await api.call("POST", "/api/tokens", { token, body: { name: "n", scope: "read" } });
    }
    const list = (token: string, query: string) => api.call("GET", `/api/tokens${query}`, { token });
    const hers = await list(ada.token, "?limit=1");
    const theirs = await list(eve.token, "");
    const ids = ({ body }: Answered) => body.data.map(({ id }: { id: string }) => id);
    expect(ids(theirs)).not.toContain(ids(hers)[0]);
    for (const cursor of [hers.body.next_cursor, "x", "AAAA", `${hers.body.next_cursor}A`]) {
      const { status, body } = await list(eve.token, `?cursor=${cursor}`);
      expect({ status, pointer: body.errors[0].pointer }).toEqual({ status: 422, pointer: "cursor" });
    }
  });

  test("another user's Idempotency-Key reveals nothing", async () => {
    const call = { body: { name: "mine", scope: "read" }, headers: { "idempotency-key": "shared" } };
    const hers = await api.call("POST", "/api/tokens", { token: ada.token, ...call });
    const theirs = await api.call("POST", "/api/tokens", { token: eve.token, ...call });
    expect([hers.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.token).not.toBe(hers.body.token);
  });
});

describe("/api/{user_id}/…", () => {
  const accounts = /^\/api\/(signup|signin|logout|auth|tokens)(\/|$)/;
  const canonical = () => api.app.routes.filter(({ path }) => path.startsWith("/api/") && !accounts.test(path));
  const under = (userId: string, path: string) => path.replace("/api/", `/api/${userId}/`);

  test("every path but the account's own exists under the caller's id and answers the same", async () => {
    const seen = new Set<string>();
    for (const { method, path } of canonical()) {
      const concrete = path.replace(/:\w+/g, unknownId);
      const direct = await api.call(method, concrete, { token: ada.token });
      for (const id of [ada.user.id, ada.user.id.toUpperCase()]) {
        const aliased = await api.call(method, under(id, concrete), { token: ada.token });
        expect(`${path} ${aliased.status}`).toBe(`${path} ${direct.status}`);
        if (direct.status >= 400) expect(refusal(aliased)).toEqual(refusal(direct));
      }
      seen.add(path.split("/")[2] ?? "");
    }
    expect([...seen].sort()).toEqual(expect.arrayContaining(["audit", "sync", "tags", "tasks"]));
  });

  test("with another user's id every one of them is the same 404, and the log knows both ids", async () => {
    const unknown = refusal(await api.call("GET", "/api/nowhere", { token: eve.token }));
    for (const { method, path } of canonical()) {
      const theirs = under(ada.user.id, path.replace(/:\w+/g, unknownId));
      api.lines.length = 0;
      const answered = await api.call(method, theirs, { token: eve.token });
      expect(`${path} ${answered.status}`).toBe(`${path} 404`);
      expect(refusal(answered)).toEqual(unknown);
      const warning = api.lines.find(({ level }) => level === "warn");
      expect(warning?.fields).toEqual({ user_id: eve.user.id, path_user_id: ada.user.id });
    }
  });

  test("accounts have no alias", async () => {
    const { id } = ada.user;
    for (const path of ["auth/me", "tokens", "logout", "signin", "signup", `${id}/tasks`, ""]) {
      expect((await api.call("GET", `/api/${id}/${path}`, { token: ada.token })).status).toBe(404);
    }
    expect((await api.call("POST", `/api/${id}/logout`, { token: ada.token })).status).toBe(404);
    expect((await api.call("POST", `/api/${id}/signin`, { body: {} })).status).toBe(401);
    expect((await api.call("GET", "/api/auth/me", { token: ada.token })).status).toBe(200);
  });

  test("a write through it keeps its body and headers, and has its own instance in problems", async () => {
    const path = `/api/${ada.user.id}/tasks`;
    const made = await api.call("POST", path, { token: ada.token, body: { title: "through the alias" } });
    expect(made).toMatchObject({ status: 201, body: { title: "through the alias", user_id: ada.user.id } });
    const read = await api.call("GET", `${path}/${made.body.id}?`, { token: ada.token });
    expect(read.body).toEqual(made.body);
    const stale = { token: ada.token, body: { title: "x" }, headers: { "if-match": '"99"' } };
    expect((await api.call("PATCH", `${path}/${made.body.id}`, stale)).status).toBe(412);
    expect((await api.call("POST", path, { token: ada.token, body: {} })).body.instance).toBe(path);
  });
});

describe("hostile input never makes a 500", () => {
  const text = { "content-type": "application/json" };
  const bodies: Record<string, string | Uint8Array> = {
    empty: "",
    null: "null",
    list: "[]",
    number: "1e400",
    deep: `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
    "half a text": '{"email": "a@b.c',
    "not UTF-8": new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    NUL: JSON.stringify({ email: "a\0b@example.com", password: "pass\0word 1", name: "\0", current_password: "\0" }),
    surrogates:
      '{"email": "\\ud800@b.c", "password": "\\udfff\\ud800 12345678", "name": "\\ud800", "new_password": "\\ud800"}',
    proto: '{"__proto__": {"admin": true}, "constructor": {"prototype": 1}, "password": "12345678"}',
    types: '{"email": {}, "password": [], "name": 1, "scope": {"$ne": 1}, "expires_at": -1, "time_zone": []}',
    long: JSON.stringify({
      email: `${"a".repeat(100_000)}@b.c`,
      password: "p".repeat(100_000),
      name: "n".repeat(50_000),
    }),
    quotes: `{"email": "' or 1=1 --@x.y", "password": "'; drop table api.users; --"}`,
    dates: '{"name": "n", "scope": "read", "expires_at": "9999-12-31T23:59:59Z"}',
    "dates again": '{"name": "n", "scope": "read", "expires_at": "2026-02-30T00:00:00Z"}',
  };
  const routes = [
    ["POST", "/api/signup"],
    ["POST", "/api/signin"],
    ["PATCH", "/api/auth/me"],
    ["DELETE", "/api/auth/me"],
    ["POST", "/api/auth/password"],
    ["POST", "/api/tokens"],
  ] as const;

  test.each(Object.keys(bodies))("a body: %s", async (name) => {
    for (const [method, path] of routes) {
      const { status } = await api.call(method, path, { token: ada.token, body: bodies[name], headers: text });
      expect(`${method} ${path} ${status}`).toMatch(/ 4\d\d$/);
    }
    expect((await api.call("GET", "/api/auth/me", { token: ada.token })).body).toEqual(ada.user);
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonx",
    "application/merge-patch+json",
    "",
    "; charset=utf-8",
  ])("the media type %p is 415", async (type) => {
    for (const [method, path] of routes) {
      const { status } = await api.call(method, path, {
        token: ada.token,
        body: "{}",
        headers: { "content-type": type },
      });
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 415`);
    }
  });

  test("a body that ends in the middle of a character, comes in pieces or has no length is measured as it arrives", async () => {
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(64 * 1024).fill(32));
        },
      });
    const { status } = await api.call("POST", "/api/signup", { body: endless(), headers: text });
    expect(status).toBe(413);
  });

  test.each(["", " ", "a\tb", "x".repeat(256), "ü"])(
    "the Idempotency-Key %j is 400 wherever it is honoured",
    async (key) => {
      for (const [path, body] of [
        ["/api/tokens", { name: "n", scope: "read" }],
        ["/api/auth/password", { current_password: ada.password, new_password: ada.password }],
        ["/api/logout", undefined],
      ] as const) {
        const { status } = await api.call("POST", path, {
          token: ada.token,
          body,
          headers: { "idempotency-key": key },
        });
        expect(`${path} ${status}`).toBe(`${path} 400`);
      }
    },
  );

  test.each([
    "?limit=1&limit=2",
    "?limit=0",
    "?limit=101",
    "?limit=1.5",
    "?limit=1e2",
    "?limit=",
    "?__proto__=1",
    "?constructor=1",
    "?cursor=",
    "?cursor=%00",
    "?cursor=%ff%fe",
    `?cursor=${"A".repeat(3_000)}`,
    "?%00=1",
  ])("the query %s of a list is 422", async (query) => {
    expect((await api.call("GET", `/api/tokens${query}`, { token: ada.token })).status).toBe(422);
  });
});
