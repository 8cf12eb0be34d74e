import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { appTokenHeader } from "@carillon/contracts/names";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
let ada: Person;
let as: Client;
/** Requests to `audit`. */
let asked: { service: string; path: string; query: Record<string, string>; token: string | null }[] = [];
const entry = {
  id: "0190d0a0-0000-7000-8000-0000000000a1",
  task_id: null,
  tag_id: "0190d0a0-0000-7000-8000-0000000000b1",
  batch_id: null,
  version: 1,
  action: "tag.created",
  actor: "user",
  via: null,
  at: "2026-11-21T09:00:00.000Z",
  changes: { name: [null, "x"] },
  hash: "ab".repeat(32),
};
const page = { data: [entry], next_cursor: "more" };

beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp();
  as = clientOf(api, ada);
});
beforeEach(() => {
  asked = [];
  answerWith(() => Response.json(page));
});
afterAll(() => api.close());

const answerWith = (answer: (path: string) => Response): void =>
  api.onInvoke((service, request) => {
    const { pathname, searchParams } = new URL(request.url);
    const token = request.headers.get(appTokenHeader);
    asked.push({ service, path: pathname, query: Object.fromEntries(searchParams), token });
    return answer(pathname);
  });

describe("the history", () => {
  test("is requested from audit for the caller only, with the caller's filters", async () => {
    const query =
      "task_id=t&action=task.created&actor=user&from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z&limit=7&cursor=c";
    expect((await as.get(`/api/audit?${query}`)).body).toEqual(page);
    expect(asked).toEqual([
      {
        service: "audit",
        path: "/internal/entries",
        query: { ...Object.fromEntries(new URLSearchParams(query)), user_id: ada.user.id },
        // The caller token authenticates api.
        token: null,
      },
    ]);
  });

  test("of one task is requested with that task, in the trash too, and not for another user's", async () => {
    const { id } = await as.make();
    await as.delete(`/api/tasks/${id}`);
    expect((await as.get(`/api/tasks/${id}/history?limit=3`)).body).toEqual(page);
    expect(asked.map(({ query }) => query)).toEqual([{ user_id: ada.user.id, task_id: id, limit: "3" }]);
    const bob = clientOf(api, await api.signUp());
    expect((await bob.get(`/api/tasks/${id}/history`)).status).toBe(404);
    expect(asked).toHaveLength(1);
  });

  test.each([
    ["/api/audit?user_id=0190d0a0-0000-7000-8000-00000000000b", "422 user_id"],
    ["/api/audit?actor=root", "422 actor"],
    ["/api/audit?from=2026-01-01", "422 from"],
    ["/api/audit?limit=101", "422 limit"],
    ["/api/audit/verify?user_id=0190d0a0-0000-7000-8000-00000000000b", "422 user_id"],
  ])("makes no call for a malformed query: %s", async (path, expected) => {
    expect(verdict(await as.get(path))).toBe(expected);
    expect(asked).toEqual([]);
  });

  test("passes on what audit rejects, with the pointers, and nothing else of it", async () => {
    const errors = [{ pointer: "cursor", detail: "belongs to another list" }];
    answerWith(() =>
      Response.json({ detail: "belongs to another list", errors, trace_id: "audit's own" }, { status: 422 }),
    );
    const refused = await as.get("/api/audit?cursor=c");
    expect(verdict(refused)).toBe("422 cursor");
    expect(refused.body.trace_id).not.toBe("audit's own");
  });

  test.each([401, 404, 500, 503])(
    "is a 503 with a time to retry while audit answers %d; tasks are not affected",
    async (status) => {
      answerWith(() => new Response("a stack trace", { status }));
      const { id } = await as.make();
      for (const path of ["/api/audit", "/api/audit/verify", `/api/tasks/${id}/history`]) {
        const away = await as.get(path);
        expect([away.status, away.headers.get("retry-after")]).toEqual([503, "5"]);
        expect(JSON.stringify(away.body)).not.toContain("stack trace");
      }
      expect((await as.patch(`/api/tasks/${id}/complete`)).status).toBe(200);
    },
  );

  test("is verified for the caller: as a chain, and against the events", async () => {
    const carl = await api.signUp();
    const theirs = clientOf(api, carl);
    await theirs.make();
    const chain = { ok: true, checked: 1, first_broken: null, reason: null };
    const comparison = { entries: 1, missing: [], foreign: [], is_erased: false };
    answerWith((path) => Response.json(path === "/internal/compare" ? comparison : chain));
    expect((await theirs.get("/api/audit/verify")).body).toEqual({ ...chain, missing: 0, pending: 0 });
    expect(asked.map(({ path, query }) => [path, query])).toEqual([
      ["/internal/verify", { user_id: carl.user.id }],
      ["/internal/compare", {}],
    ]);
    const lost = { ...comparison, entries: 0, missing: [entry.id] };
    answerWith((path) => Response.json(path === "/internal/compare" ? lost : { ...chain, checked: 0 }));
    // Its one event was committed a moment ago.
    expect((await theirs.get("/api/audit/verify")).body).toMatchObject({ ok: false, reason: "missing", missing: 1 });
  });
});
