import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";

let api: Harness;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  api.clock.advance(Date.parse("2026-11-30T12:00:00Z") - api.clock.now().getTime());
});
afterAll(() => api.close());

const newcomer = async () => clientOf(api, await api.signUp({ time_zone: "Europe/Berlin" }));
const dates = async (query: string, client = as): Promise<[string, string][]> => {
  const { status, body } = await client.get(`/api/tasks/occurrences?${query}`);
  expect(status).toBe(200);
  return body.data.map((one: { title: string; due_date: string }) => [one.title, one.due_date]);
};
const december = "from=2026-12-01T00:00:00Z&to=2027-01-01T00:00:00Z";

describe("GET /api/tasks/occurrences", () => {
  test("lists the dates of open series, soonest first, and stores nothing", async () => {
    as = await newcomer();
    const weekly = await as.make({
      title: "Weekly",
      due_date: "2026-12-04T09:00:00+01:00",
      recurring_pattern: "weekly",
    });
    await as.make({
      title: "Monthly",
      all_day: true,
      due_date: "2026-10-31T00:00:00+01:00",
      recurring_pattern: "monthly",
    });
    await as.make({ title: "Once", due_date: "2026-12-05T09:00:00+01:00" });
    const done = await as.make({ title: "Done", due_date: "2026-12-05T09:00:00+01:00", recurring_pattern: "daily" });
    await as.patch(`/api/tasks/${done.id}/complete`);
    const gone = await as.make({ title: "Gone", due_date: "2026-12-05T09:00:00+01:00", recurring_pattern: "daily" });
    await as.delete(`/api/tasks/${gone.id}`);
    expect(await dates(december)).toEqual([
      ["Weekly", "2026-12-11T08:00:00.000Z"],
      ["Weekly", "2026-12-18T08:00:00.000Z"],
      ["Weekly", "2026-12-25T08:00:00.000Z"],
      ["Monthly", "2026-12-30T23:00:00.000Z"],
    ]);
    expect((await as.get(`/api/tasks/occurrences?${december}&limit=1`)).body.data).toEqual([
      {
        task_id: weekly.id,
        series_id: weekly.id,
        title: "Weekly",
        priority: "medium",
        due_date: "2026-12-11T08:00:00.000Z",
        time_zone: "Europe/Berlin",
        all_day: false,
      },
    ]);
    expect(await as.titles("?recurring=true&status=pending")).toEqual(["Monthly", "Weekly"]);
  });

  test("pages list each date once, also when many share one instant", async () => {
    as = await newcomer();
    for (const title of ["a", "b", "c"])
      await as.make({ title, due_date: "2026-12-01T09:00:00+01:00", recurring_pattern: "daily" });
    const found: string[] = [];
    let cursor = "";
    do {
      const { body } = await as.get(`/api/tasks/occurrences?${december}&limit=4${cursor}`);
      found.push(...body.data.map((one: { task_id: string; due_date: string }) => `${one.due_date} ${one.task_id}`));
      cursor = body.next_cursor === null ? "" : `&cursor=${body.next_cursor}`;
    } while (cursor !== "");
    expect(found).toHaveLength(3 * 30);
    expect(new Set(found).size).toBe(found.length);
    expect([...found].sort()).toEqual(found);
  });

  test("an overdue whole day leads to today's, as completing it now would", async () => {
    as = await newcomer();
    await as.make({
      title: "Plants",
      all_day: true,
      due_date: "2026-11-27T00:00:00+01:00",
      recurring_pattern: "daily",
    });
    expect(await dates("from=2026-11-01T00:00:00Z&to=2026-12-01T12:00:00Z")).toEqual([
      ["Plants", "2026-11-29T23:00:00.000Z"],
      ["Plants", "2026-11-30T23:00:00.000Z"],
    ]);
  });

  test("is the caller's own, and a cursor belongs to its query", async () => {
    as = await newcomer();
    for (const title of ["a", "b"])
      await as.make({ title, due_date: "2026-12-01T09:00:00+01:00", recurring_pattern: "daily" });
    const other = await newcomer();
    expect(await dates(december, other)).toEqual([]);
    const { next_cursor } = (await as.get(`/api/tasks/occurrences?${december}&limit=1`)).body;
    const elsewhere = `from=2026-12-02T00:00:00Z&to=2027-01-01T00:00:00Z&cursor=${next_cursor}`;
    expect((await as.get(`/api/tasks/occurrences?${elsewhere}`)).status).toBe(422);
    expect((await other.get(`/api/tasks/occurrences?${december}&cursor=${next_cursor}`)).status).toBe(422);
  });

  test.each([
    ["", ["from", "to"]],
    ["from=2026-12-01T00:00:00Z", ["to"]],
    ["from=2026-12-01&to=2026-12-02", ["from", "to"]],
    ["from=2026-12-02T00:00:00Z&to=2026-12-01T00:00:00Z", ["to"]],
    ["from=2026-01-01T00:00:00Z&to=2027-01-03T00:00:00Z", ["to"]],
    [`${december}&limit=1001`, ["limit"]],
    [`${december}&series=1`, ["series"]],
  ])("%j is rejected at %j", async (query, pointers) => {
    const { status, body } = await as.get(`/api/tasks/occurrences?${query}`);
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer.replace(/^\//, ""))).toEqual(pointers);
  });
});
