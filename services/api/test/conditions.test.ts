import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { bodyLimitBytes } from "@carillon/kit/http";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";
import { expectWhole, fingerprint } from "./oracle.ts";

let api: Harness;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  as = clientOf(api, await api.signUp());
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

describe("If-Match", () => {
  test("lets every writing verb pass for the version it names, and for no other", async () => {
    const verbs: ((path: string, headers: Record<string, string>) => ReturnType<Client["call"]>)[] = [
      (path, headers) => as.put(path, { title: "b" }, headers),
      (path, headers) => as.patch(path, { title: "c" }, headers),
      (path, headers) => as.patch(`${path}/complete`, undefined, headers),
      (path, headers) => as.patch(`${path}/incomplete`, undefined, headers),
      (path, headers) => as.delete(path, headers),
      (path, headers) => as.post(`${path}/restore`, undefined, headers),
    ];
    const { id } = await as.make();
    for (const [index, verb] of verbs.entries()) {
      const version = index + 1;
      for (const stale of [`"${version + 1}"`, `W/"${version}"`, String(version), "", `"${version}`]) {
        const refused = await verb(`/api/tasks/${id}`, { "if-match": stale });
        expect(refused.status).toBe(412);
        expect(refused.headers.get("etag")).toBe(`"${version}"`);
      }
      const passed = await verb(`/api/tasks/${id}`, { "if-match": `"0", "${version}"` });
      expect(passed.status).toBe(index === 4 ? 204 : 200);
    }
    expect((await as.get(`/api/tasks/${id}`)).body.version).toBe(verbs.length + 1);
  });

  test("applies to requests that would change nothing, too", async () => {
    const { id, title } = await as.make();
    for (const refused of [
      await as.patch(`/api/tasks/${id}`, { title }, { "if-match": '"2"' }),
      await as.patch(`/api/tasks/${id}/incomplete`, undefined, { "if-match": '"2"' }),
      await as.post(`/api/tasks/${id}/restore`, undefined, { "if-match": '"2"' }),
    ])
      expect(refused.status).toBe(412);
    expect((await as.patch(`/api/tasks/${id}`, {}, { "if-match": "*" })).body.version).toBe(1);
  });
});

describe("If-None-Match", () => {
  test("answers 304 without a body to a client that has this version", async () => {
    const { id } = await as.make();
    for (const known of ['"1"', 'W/"1"', '"7", "1"', "*"]) {
      const answered = await as.get(`/api/tasks/${id}`, { "if-none-match": known });
      expect(answered).toMatchObject({ status: 304, body: null });
      expect(answered.headers.get("etag")).toBe('"1"');
    }
    for (const unknown of ['"2"', "1", ""]) {
      expect((await as.get(`/api/tasks/${id}`, { "if-none-match": unknown })).status).toBe(200);
    }
    await as.patch(`/api/tasks/${id}`, { title: "b" });
    expect((await as.get(`/api/tasks/${id}`, { "if-none-match": '"1"' })).body.title).toBe("b");
  });

  test("stops a write over an existing task", async () => {
    const { id } = await as.make();
    expect((await as.put(`/api/tasks/${id}`, { title: "b" }, { "if-none-match": "*" })).status).toBe(412);
    expect((await as.patch(`/api/tasks/${id}`, { title: "b" }, { "if-none-match": '"1"' })).status).toBe(412);
    expect((await as.get(`/api/tasks/${id}`)).body.version).toBe(1);
  });
});

describe("the order of checks is 401, 404/405, 415, 413, 400, 422, 412, 409", () => {
  const json = { "content-type": "application/json" };
  const stale = { "if-match": '"9"' };
  const huge = `{"nope":"${"a".repeat(bodyLimitBytes)}`;
  const nowhere = `/api/tasks/${Bun.randomUUIDv7()}`;

  test("an unauthenticated caller learns nothing else", async () => {
    for (const [method, path] of [
      ["GET", "/api/tasks"],
      ["PATCH", nowhere],
      ["BREW", "/api/tasks"],
      ["GET", "/api/no/such/path"],
    ] as const) {
      const answered = await api.call(method, path, { body: method === "GET" ? undefined : huge });
      expect(answered.status).toBe(401);
      expect(answered.headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  test("an unknown path is 404, an unknown method 405 with what is allowed", async () => {
    const { id } = await as.make();
    expect((await as.call("POST", "/api/task", huge)).status).toBe(404);
    const brewed = await as.call("PATCH", "/api/tasks", huge);
    expect([brewed.status, brewed.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
    const posted = await as.call("POST", `/api/tasks/${id}`, huge);
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "DELETE, GET, HEAD, PATCH, PUT"]);
    expect((await as.call("GET", `/api/tasks/${id}/complete`)).headers.get("allow")).toBe("PATCH");
  });

  test("a missing task comes before any fault in the body, and so does an invalid id", async () => {
    for (const path of [nowhere, "/api/tasks/1", "/api/tasks/%00", "/api/tasks/%zz", "/api/tasks/' or 1=1 --"]) {
      for (const method of ["PUT", "PATCH"]) {
        expect((await as.call(method, path, huge, { "content-type": "text/plain", ...stale })).status).toBe(404);
        expect((await as.call(method, path, "{", json)).status).toBe(404);
        expect((await as.call(method, `${path}?x=1`, { title: 1 })).status).toBe(404);
      }
      for (const answered of [
        await as.get(`${path}?x=1`),
        await as.delete(`${path}?x=1`),
        await as.patch(`${path}/complete?x=1`),
        await as.post(`${path}/restore?x=1`, undefined, { "idempotency-key": "" }),
        await as.get(`${path}/history?x=1`),
      ])
        expect(answered.status).toBe(404);
    }
    for (const method of ["PUT", "DELETE"]) expect((await as.call(method, "/api/tags/1?x=1", huge)).status).toBe(404);
  });

  test("then the media type, the size, the syntax, the content, the version", async () => {
    const { id } = await as.make();
    const path = `/api/tasks/${id}`;
    for (const method of ["PUT", "PATCH"]) {
      expect((await as.call(method, path, huge, { "content-type": "text/plain", ...stale })).status).toBe(415);
      expect((await as.call(method, path, huge, { ...json, ...stale })).status).toBe(413);
      expect((await as.call(method, path, '{"title":', { ...json, ...stale })).status).toBe(400);
      expect(verdict(await as.call(method, path, { title: " " }, stale))).toBe("422 /title");
      expect(verdict(await as.call(method, path, { title: "a", time_zone: "Mars/Base" }, stale))).toBe(
        "422 /time_zone",
      );
      expect(verdict(await as.call(method, `${path}?dry_run=true`, { title: "a" }, stale))).toBe("422 dry_run");
      expect((await as.call(method, path, { title: "a" }, stale)).status).toBe(412);
    }
    expect((await as.post("/api/tasks", { title: " " }, { "idempotency-key": "" })).status).toBe(400);
    expect((await as.post("/api/tasks", "{", { ...json, "idempotency-key": "" })).status).toBe(400);
    expect((await as.post("/api/tasks", "a", { "content-type": "text/plain", "idempotency-key": "" })).status).toBe(
      415,
    );
  });

  test("a stale version comes before a conflict", async () => {
    const { id } = await as.make();
    const [user] = await api.sql`select id, tag_count from api.users limit 1`;
    await api.sql`update api.users set tag_count = 1000 where id = ${user?.id}`;
    expect((await as.patch(`/api/tasks/${id}`, { tags: ["one too many"] }, stale)).status).toBe(412);
    expect((await as.patch(`/api/tasks/${id}`, { tags: ["one too many"] })).status).toBe(409);
    await api.sql`update api.users set tag_count = ${user?.tag_count} where id = ${user?.id}`;
  });
});

test("a rejected request leaves nothing anywhere", async () => {
  const { id } = await as.make({ due_date: "2199-01-01T00:00:00Z", tags: ["x"] });
  const tag = await as.makeTag("taken");
  const before = await fingerprint(api.sql);
  const path = `/api/tasks/${id}`;
  for (const refused of [
    await as.post("/api/tasks", { title: "a", tags: ["new tag"], reminders: [{ before: "1d" }] }),
    await as.post("/api/tasks", { title: "a", tags: ["new tag"], time_zone: "Mars/Base" }),
    await as.patch(path, { tags: ["new tag"] }, { "if-match": '"7"' }),
    await as.patch(path, { tags: ["new tag"], due_date: "soon" }),
    await as.put(path, { title: "a", tags: ["new tag"], recurrence_ends_at: "2199-01-01T00:00:00Z" }),
    await as.patch(`${path}/complete`, undefined, { "if-match": '"7"' }),
    await as.delete(path, { "if-match": '"7"' }),
    await as.delete(`${path}?force=true`),
    await as.post("/api/tags", { name: "TAKEN" }),
    await as.put(`/api/tags/${tag.id}`, { name: "X" }),
    await as.put(`/api/tags/${tag.id}`, { name: "y", color: "red" }),
    await as.patch("/api/tasks/1", { title: "a" }),
  ])
    expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(await fingerprint(api.sql)).toEqual(before);
});

test("no client input ends in a 500: ids, queries and bodies of every kind", async () => {
  const strings = [
    "",
    "%",
    "%00",
    "%ff",
    "%F0%9F%98%80",
    "'",
    "\\",
    "[]",
    "a=b",
    "__proto__",
    "9".repeat(400),
    "%2e%2e",
    "..;",
    "*",
  ];
  for (const text of strings) {
    for (const path of [
      `/api/tasks/${text}`,
      `/api/tags/${text}`,
      `/api/tasks/${text}/history`,
      `/api/tasks?cursor=${text}`,
      `/api/sync?cursor=${text}`,
    ]) {
      expect((await as.get(path)).status).toBeLessThan(500);
    }
    for (const name of ["search", "tag", "priority", "due_before", "sort", "limit", "overdue", text || "x"]) {
      expect((await as.get(`/api/tasks?${name}=${text}`)).status).toBeLessThan(500);
    }
  }
  for (const body of [
    "null",
    "[]",
    "1",
    '"a"',
    "{}",
    '{"title":{"$ne":null}}',
    '{"title":"a","tags":[null]}',
    '{"title":"a","reminders":[[]]}',
  ]) {
    expect((await as.post("/api/tasks", body)).status).toBe(422);
  }
});
