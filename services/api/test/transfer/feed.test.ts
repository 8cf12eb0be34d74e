import { afterAll, beforeAll, expect, test } from "bun:test";
import { clientOf, verdict } from "../client.ts";
import { type Harness, startApi } from "../harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function read(path: string, headers: Record<string, string> = {}) {
  const response = await api.app.handle(new Request(`http://localhost${path}`, { headers }));
  return {
    status: response.status,
    etag: response.headers.get("etag") ?? "",
    text: await response.text(),
    headers: response.headers,
  };
}

test("a feed is read by its address alone, until it is revoked", async () => {
  const as = clientOf(api, await api.signUp());
  await as.make({ title: "mine", due_date: "2030-01-01T09:00:00Z", tags: ["work"] });
  await as.make({ title: "undated" });
  const { status, body } = await as.post("/api/feeds", {});
  expect({ status, path: /^\/calendar\/[\w-]{43}\.ics$/.test(body.path) }).toEqual({ status: 201, path: true });
  const feed = await read(body.path);
  expect([feed.status, feed.headers.get("content-type")]).toEqual([200, "text/calendar; charset=utf-8"]);
  expect(feed.text.match(/^SUMMARY:.*$/gm)).toEqual(["SUMMARY:mine", "SUMMARY:undated"]);
  const listed = await as.get("/api/feeds");
  expect(listed.body.data).toEqual([{ id: body.id, kind: "todo", tag: null, created_at: body.created_at }]);
  expect((await as.delete(`/api/feeds/${body.id}`)).status).toBe(204);
  expect((await read(body.path)).status).toBe(404);
  expect((await as.delete(`/api/feeds/${body.id}`)).status).toBe(404);
});

test("a feed of a tag has its tasks alone, as events if so wished: those with a date", async () => {
  const as = clientOf(api, await api.signUp({ time_zone: "Europe/Berlin" }));
  await as.make({ title: "worn", due_date: "2030-01-01T09:00:00Z", tags: ["work"], recurring_pattern: "weekly" });
  await as.make({ title: "day", due_date: "2030-01-02T00:00:00+01:00", all_day: true, tags: ["work"] });
  await as.make({ title: "undated", tags: ["work"] });
  await as.make({ title: "other", due_date: "2030-01-01T09:00:00Z" });
  const { body } = await as.post("/api/feeds", { kind: "event", tag: "WORK" });
  expect(body.tag).toBe("work");
  const { text } = await read(body.path);
  expect(text.match(/^SUMMARY:.*$/gm)).toEqual(["SUMMARY:worn", "SUMMARY:day"]);
  expect(text).toContain("X-WR-CALNAME:Carillon: work\r\n");
  expect(text).toContain("DTSTART;TZID=Europe/Berlin:20300101T100000\r\n");
  expect(text).toContain("DTSTART;VALUE=DATE:20300102\r\n");
  expect(text).not.toContain("VTODO");
  expect(verdict(await as.post("/api/feeds", { tag: "none" }))).toBe("422 /tag");
  expect(verdict(await as.post("/api/feeds", { kind: "journal" }))).toBe("422 /kind");
});

test("an unchanged feed is 304, and every change gives it another tag", async () => {
  const as = clientOf(api, await api.signUp());
  const { body } = await as.post("/api/feeds", {});
  const { etag } = await read(body.path);
  expect(await read(body.path, { "if-none-match": etag })).toMatchObject({ status: 304, etag, text: "" });
  await as.make({ title: "new" });
  const later = await read(body.path, { "if-none-match": etag });
  expect([later.status, later.etag === etag]).toEqual([200, false]);
});

test("the secret is stored as a hash and logged nowhere; unknown ones are all the same 404", async () => {
  const person = await api.signUp();
  const as = clientOf(api, person);
  const { body } = await as.post("/api/feeds", {});
  const secret = String(body.path).slice(10, -4);
  await read(body.path);
  await read(`${body.path}?x=1`);
  expect(JSON.stringify(api.lines)).not.toContain(secret);
  const rows = await api.sql`select f::text as row from api.feeds f where user_id = ${person.user.id}`;
  expect(JSON.stringify(rows)).not.toContain(secret);
  const unknown = [`/calendar/${"a".repeat(43)}.ics`, "/calendar/x", `/calendar/${secret}`];
  for (const path of unknown) expect((await read(path)).status).toBe(404);
  expect((await as.post("/api/tokens", { name: "robot", scope: "write" })).status).toBe(201);
});

test("there are at most twenty, and a repeat with the same key shows no address twice", async () => {
  const as = clientOf(api, await api.signUp());
  const key = { "idempotency-key": "once" };
  expect((await as.post("/api/feeds", {}, key)).status).toBe(201);
  expect((await as.post("/api/feeds", {}, key)).status).toBe(409);
  for (let n = 1; n < 20; n++) expect((await as.post("/api/feeds", {})).status).toBe(201);
  expect((await as.post("/api/feeds", {})).status).toBe(409);
});
