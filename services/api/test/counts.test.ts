import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Client, clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";

let api: Harness;
let as: Client;
let email: string;
beforeAll(async () => {
  api = await startApi();
  // 23:00 in UTC: in Berlin the first of December has started.
  api.clock.advance(Date.parse("2026-11-30T23:00:00Z") - api.clock.now().getTime());
  const person = await api.signUp({ time_zone: "Europe/Berlin" });
  email = person.email;
  as = clientOf(api, person);
});
afterAll(() => api.close());

const counts = async (client = as) => (await client.get("/api/tasks/counts")).body;

test("a newcomer has nothing to count", async () => {
  const { change, ...none } = await counts();
  expect(none).toEqual({ open: 0, inbox: 0, overdue: 0, today: 0, upcoming: 0, done_today: 0, tags: [] });
  expect(change).toBeGreaterThanOrEqual(0);
});

test("each task is counted where it stands, by the user's day, and each tag by its open tasks", async () => {
  await as.make({ title: "no date", tags: ["home", "work"] });
  await as.make({ title: "yesterday", due_date: "2026-11-30T22:59:59Z", tags: ["work"] });
  await as.make({ title: "all of today", all_day: true, due_date: "2026-12-01T00:00:00+01:00" });
  await as.make({ title: "last of today", due_date: "2026-12-01T22:59:59Z" });
  await as.make({ title: "tomorrow", due_date: "2026-12-01T23:30:00Z" });
  const done = await as.make({ title: "done", tags: ["home"], due_date: "2026-10-01T00:00:00Z" });
  await as.patch(`/api/tasks/${done.id}/complete`);
  const gone = await as.make({ title: "gone", tags: ["home"] });
  await as.delete(`/api/tasks/${gone.id}`);
  const { tags, change, ...rest } = await counts();
  expect(rest).toEqual({ open: 5, inbox: 1, overdue: 1, today: 2, upcoming: 1, done_today: 1 });
  expect(tags.map(({ name, open }: { name: string; open: number }) => [name, open])).toEqual([
    ["work", 2],
    ["home", 1],
  ]);
  await as.make({ title: "one more" });
  expect((await counts()).change).toBeGreaterThan(change);
});

test("the next day begins by itself: what was today's is overdue, what was done today is not any more", async () => {
  api.clock.advance(24 * 3_600_000);
  const { body } = await api.call("POST", "/api/signin", { body: { email, password: "correct horse battery" } });
  as = clientOf(api, { user: body.user, token: body.access_token, email, password: "" });
  const { overdue, today, upcoming, done_today } = await counts();
  expect({ overdue, today, upcoming, done_today }).toEqual({ overdue: 3, today: 1, upcoming: 0, done_today: 0 });
});

test("no user counts the tasks of another", async () => {
  const other = clientOf(api, await api.signUp({ time_zone: "UTC" }));
  expect((await counts(other)).open).toBe(0);
});
