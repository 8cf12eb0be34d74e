import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Answered, type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole, fingerprint } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
let failNext = 0;
beforeAll(async () => {
  api = await startApi({ sessionMinutes: 525_600 }, (deps) => ({
    ...deps,
    newId: () => {
      if (failNext > 0 && --failNext === 0) throw new Error("the dice are broken");
      return deps.newId();
    },
  }));
  ada = await api.signUp();
  as = clientOf(api, ada);
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

let keys = 0;
const newKey = (): string => `key ${++keys}`;
const withKey = (key: string) => ({ "idempotency-key": key });
const post = (path: string, body: unknown, key: string, who = as) => who.post(path, body, withKey(key));

/** Everything by which a client could tell two answers apart. */
const told = ({ status, headers, body }: Answered) => ({
  status,
  body,
  headers: Object.fromEntries(
    ["location", "etag", "content-type", "cache-control"].map((name) => [name, headers.get(name)]),
  ),
});
const tasksMade = async (title: string): Promise<number> =>
  (await api.sql`select id from api.tasks where user_id = ${ada.user.id} and title = ${title}`).length;

describe("the same key, path and body", () => {
  test("gives the same answer and one effect, however often", async () => {
    const key = newKey();
    const first = await post("/api/tasks", { title: "once", tags: ["x"] }, key);
    expect(first.status).toBe(201);
    await as.patch(`/api/tasks/${first.body.id}`, { title: "changed meanwhile" });
    api.clock.advance(3_600_000);
    const before = await fingerprint(api.sql);
    for (let times = 0; times < 3; times++)
      expect(told(await post("/api/tasks", { title: "once", tags: ["x"] }, key))).toEqual(told(first));
    expect({ ...(await fingerprint(api.sql)), users: "" }).toEqual({ ...before, users: "" });
  });

  test("gives twenty overlapping requests one answer and one effect", async () => {
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post("/api/tasks", { title: "one of twenty" }, key)),
    );
    for (const answer of answers) expect(told(answer)).toEqual(told(answers[0] as Answered));
    expect(answers[0]?.status).toBe(201);
    expect(await tasksMade("one of twenty")).toBe(1);
  });

  test("gives the same rejection again, also when it would succeed by now", async () => {
    const key = newKey();
    const tag = await as.makeTag("in the way");
    const first = await post("/api/tags", { name: "In The Way" }, key);
    expect(first.status).toBe(409);
    await as.delete(`/api/tags/${tag.id}`);
    expect(told(await post("/api/tags", { name: "In The Way" }, key))).toEqual(told(first));
    const invalid = newKey();
    const refused = await post("/api/tasks", { title: "a", tags: ["never made"], time_zone: "Mars/Base" }, invalid);
    expect(verdict(refused)).toBe("422 /time_zone");
    expect(
      told(await post("/api/tasks", { title: "a", tags: ["never made"], time_zone: "Mars/Base" }, invalid)),
    ).toEqual(told(refused));
    expect((await as.get("/api/tags?prefix=never")).body.data).toEqual([]);
  });

  test("works for every POST that changes something: restore, tags, and empty bodies", async () => {
    const { id } = await as.make();
    await as.delete(`/api/tasks/${id}`);
    const key = newKey();
    const restored = await post(`/api/tasks/${id}/restore`, undefined, key);
    expect(restored).toMatchObject({ status: 200, body: { version: 3 } });
    await as.delete(`/api/tasks/${id}`);
    expect(told(await post(`/api/tasks/${id}/restore`, undefined, key))).toEqual(told(restored));
    expect((await as.get(`/api/tasks/${id}`)).status).toBe(404);
  });

  test("reaches the same effect through both shapes of the path", async () => {
    const key = newKey();
    const first = await post("/api/tasks", { title: "two doors" }, key);
    const second = await post(`/api/${ada.user.id}/tasks`, { title: "two doors" }, key);
    expect(told(second)).toEqual(told(first));
    expect(await tasksMade("two doors")).toBe(1);
  });

  test("expires after 24 hours", async () => {
    const key = newKey();
    const first = await post("/api/tasks", { title: "daily" }, key);
    api.clock.advance(24 * 3_600_000 - 1);
    expect((await post("/api/tasks", { title: "daily" }, key)).body.id).toBe(first.body.id);
    api.clock.advance(1);
    const second = await post("/api/tasks", { title: "daily" }, key);
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
    expect(told(await post("/api/tasks", { title: "daily" }, key))).toEqual(told(second));
  });
});

describe("the same key with something else", () => {
  test("is 422, names the header, and does nothing", async () => {
    const key = newKey();
    const first = await post("/api/tasks", { title: "original" }, key);
    for (const [path, body] of [
      ["/api/tasks", { title: "Original" }],
      ["/api/tasks", { title: "original", description: "" }],
      ["/api/tags", { name: "original" }],
      [`/api/tasks/${first.body.id}/restore`, undefined],
    ] as const) {
      expect(verdict(await post(path, body, key))).toBe("422 Idempotency-Key");
    }
    expect(told(await post("/api/tasks", { title: "original" }, key))).toEqual(told(first));
  });

  test("by overlapping requests: one wins, the others get 422", async () => {
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => post("/api/tasks", { title: `rival ${n}` }, key)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(9).fill(422)]);
  });

  test("of another user is another key", async () => {
    const bob = clientOf(api, await api.signUp());
    const key = newKey();
    const mine = await post("/api/tasks", { title: "mine" }, key);
    const theirs = await post("/api/tasks", { title: "theirs" }, key, bob);
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
    expect((await post("/api/tasks", { title: "mine" }, key)).body.id).toBe(mine.body.id);
  });
});

describe("a key", () => {
  test("is read on POST only", async () => {
    const { id } = await as.make();
    const key = newKey();
    expect((await as.patch(`/api/tasks/${id}`, { title: "b" }, withKey(key))).body.version).toBe(2);
    expect((await as.patch(`/api/tasks/${id}`, { title: "c" }, withKey(key))).body.version).toBe(3);
    expect((await as.patch(`/api/tasks/${id}`, { title: "d" }, withKey("x".repeat(256)))).body.version).toBe(4);
  });

  test.each(["", "x".repeat(256), "é"])("that is malformed is 400 and nothing is created: %j", async (key) => {
    const before = await fingerprint(api.sql);
    expect((await post("/api/tasks", { title: "a" }, key)).status).toBe(400);
    expect(await fingerprint(api.sql)).toEqual(before);
  });

  test("is not used up by an unreadable request, nor by a failure of ours", async () => {
    const key = newKey();
    expect((await post("/api/tasks", "{", key)).status).toBe(400);
    expect((await as.post("/api/tasks", "a", { ...withKey(key), "content-type": "text/plain" })).status).toBe(415);
    const before = await fingerprint(api.sql);
    // The second id of a request is an event's: the task's row is written by then.
    failNext = 2;
    expect((await as.callBroken("POST", "/api/tasks", { title: "at last" }, withKey(key))).status).toBe(500);
    expect(await fingerprint(api.sql)).toEqual(before);
    expect((await post("/api/tasks", { title: "at last" }, key)).status).toBe(201);
    expect(await tasksMade("at last")).toBe(1);
  });

  test("stores an answer that cannot be read in the database", async () => {
    const key = newKey();
    await post("/api/tasks", { title: "a very private matter" }, key);
    const [row] =
      await api.sql`select encode(body, 'escape') as body, headers::text from api.idempotency_keys where key = ${key}`;
    expect(`${row?.body}${row?.headers}`).not.toContain("matter");
  });
});
