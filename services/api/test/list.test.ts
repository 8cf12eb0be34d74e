import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
let as: Client;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

const newcomer = async (time_zone = "UTC"): Promise<Client> => clientOf(api, await api.signUp({ time_zone }));

describe("filters", () => {
  beforeAll(async () => {
    as = await newcomer();
    await as.make({ title: "plain" });
    await as.make({ title: "report", priority: "high", tags: ["Work", "desk"], due_date: "2199-01-01T00:00:00Z" });
    await as.make({ title: "call", priority: "low", tags: ["home"], due_date: "2199-01-02T00:00:00Z" });
    await as.make({
      title: "standup",
      priority: "urgent",
      tags: ["work"],
      due_date: "2199-01-03T00:00:00Z",
      recurring_pattern: "daily",
    });
    const done = await as.make({ title: "done", tags: ["a, b", "home"], due_date: "2199-01-04T00:00:00Z" });
    await as.patch(`/api/tasks/${done.id}/complete`);
    const gone = await as.make({ title: "gone", tags: ["work"], priority: "high" });
    await as.delete(`/api/tasks/${gone.id}`);
  });

  test.each([
    ["", ["report", "call", "standup", "done", "plain"]],
    ["?status=pending", ["report", "call", "standup", "plain"]],
    ["?status=completed", ["done"]],
    ["?completed=false", ["report", "call", "standup", "plain"]],
    ["?completed=true&status=completed", ["done"]],
    ["?priority=high", ["report"]],
    ["?priority=high,urgent,low", ["report", "call", "standup"]],
    ["?priority=medium&completed=false", ["plain"]],
    ["?tag=work", ["report", "standup"]],
    ["?tag=WORK,Home", ["report", "call", "standup", "done"]],
    ["?tag=home%20,%20desk", ["report", "call", "done"]],
    ["?tag=a,%20B", ["done"]],
    ["?tag=unknown", []],
    ["?tag=", []],
    ["?due_after=2199-01-02T00:00:00Z", ["call", "standup", "done"]],
    ["?due_before=2199-01-02T00:00:00Z", ["report"]],
    ["?due_after=2199-01-02T00:00:00Z&due_before=2199-01-03T00:00:00.001Z", ["call", "standup"]],
    ["?due_after=2199-01-02T02:00:00%2B02:00&due_before=2199-01-02T00:00:00.001Z", ["call"]],
    ["?due_after=2199-01-03T00:00:00Z&due_before=2199-01-01T00:00:00Z", []],
    ["?recurring=true", ["standup"]],
    ["?recurring=false&completed=false", ["report", "call", "plain"]],
    ["?no_date=true", ["plain"]],
    ["?no_date=false&completed=false", ["report", "call", "standup"]],
    ["?completed_after=2000-01-01T00:00:00Z", ["done"]],
    ["?completed_after=2000-01-01T00:00:00Z&completed_before=2000-01-02T00:00:00Z", []],
    ["?completed_before=2199-01-01T00:00:00Z", ["done"]],
    ["?sort=-completed_at&limit=1", ["done"]],
    ["?sort=completed_at&limit=1", ["done"]],
    ["?deleted=true", ["gone"]],
    ["?deleted=true&tag=work&priority=high", ["gone"]],
    ["?deleted=true&priority=low", []],
    ["?deleted=false&limit=2", ["report", "call"]],
    ["?priority=high,low&tag=work,home&completed=false&recurring=false&due_after=2199-01-02T00:00:00Z", ["call"]],
    ["?search=report&priority=high&completed=false&tag=desk", ["report"]],
    ["?search=report&priority=low", []],
  ])("%s", async (query, titles) => {
    expect(await as.titles(query)).toEqual(titles);
  });

  test.each([
    ["?priority=normal", "422 priority"],
    ["?priority=", "422 priority"],
    ["?status=done", "422 status"],
    ["?status=pending&completed=true", "422 completed"],
    ["?completed=yes", "422 completed"],
    ["?due_before=2199-01-01", "422 due_before"],
    ["?due_after=tomorrow", "422 due_after"],
    ["?no_date=maybe", "422 no_date"],
    ["?completed_after=2199-01-01", "422 completed_after"],
    ["?sort=name", "422 sort"],
    ["?sort=due_date,title", "422 sort"],
    ["?sort=--title", "422 sort"],
    ["?limit=0", "422 limit"],
    ["?limit=101", "422 limit"],
    ["?search=a&search=b", "422 search"],
    ["?Search=a", "422 Search"],
    ["?page=2", "422 page"],
    [`?search=${"a".repeat(201)}`, "422 search"],
    ["?search=a%00b", "422 search"],
    ["?cursor=", "422 cursor"],
  ])("%s is %s", async (query, expected) => {
    expect(verdict(await as.get(`/api/tasks${query}`))).toBe(expected);
  });

  test("a search of 200 characters is short enough, counted as users count", async () => {
    expect((await as.get(`/api/tasks?search=${encodeURIComponent("𠀀".repeat(200))}`)).status).toBe(200);
  });

  test("a tag whose name holds a comma is itself, not its parts", async () => {
    const she = await newcomer();
    await she.make({ title: "breakfast", tags: ["milk, eggs"] });
    await she.make({ title: "latte", tags: ["milk"] });
    await she.make({ title: "omelette", tags: ["eggs"] });
    expect(await she.titles(`?tag=${encodeURIComponent("Milk, Eggs")}`)).toEqual(["breakfast"]);
    expect(await she.titles("?tag=milk,eggs&sort=title")).toEqual(["latte", "omelette"]);
  });

  test("belong to one user: other users' tasks and tags are never found", async () => {
    const bob = await newcomer();
    expect(await bob.titles()).toEqual([]);
    expect(await bob.titles("?tag=work")).toEqual([]);
    expect(await bob.titles("?search=report")).toEqual([]);
  });
});

describe("overdue", () => {
  /** Moves the clock to an instant and returns which titles are overdue then. */
  const overdueAt = async (instant: string): Promise<string[]> => {
    api.clock.advance(Date.parse(instant) - api.clock.now().getTime());
    as = clientOf(api, await signInAgain());
    expect(await as.titles("?overdue=false&sort=title")).toEqual(
      (await as.titles("?sort=title")).filter((title) => !known.includes(title)),
    );
    return known;
  };
  let known: string[] = [];
  let email = "";
  const signInAgain = async () => {
    const { body } = await api.call("POST", "/api/signin", { body: { email, password: "correct horse battery" } });
    const person = { user: body.user, token: body.access_token, email, password: "" };
    known = await clientOf(api, person).titles("?overdue=true&sort=title");
    return person;
  };

  test.each([
    ["Europe/Berlin", "2098-10-26T12:00:00Z", "2098-10-26T23:00:00Z"],
    ["Pacific/Kiritimati", "2098-10-24T12:00:00Z", "2098-10-25T10:00:00Z"],
    ["America/Los_Angeles", "2098-10-25T12:00:00Z", "2098-10-26T07:00:00Z"],
    // Unknown to PostgreSQL, and to IANA since 2020.
    ["US/Pacific-New", "2098-10-25T12:00:00Z", "2098-10-26T07:00:00Z"],
  ])("begins at the instant of a timed task and at the next midnight of a whole day in %s", async (zone, due, from) => {
    ({ email } = await api.signUp({ time_zone: zone }));
    as = clientOf(api, await signInAgain());
    await as.make({ title: "a whole day", due_date: due, all_day: true });
    await as.make({ title: "timed", due_date: from });
    await as.make({ title: "no date" });
    const done = await as.make({ title: "done", due_date: "2098-10-01T00:00:00Z" });
    await as.patch(`/api/tasks/${done.id}/complete`);
    expect(await overdueAt(new Date(Date.parse(from) - 1).toISOString())).toEqual([]);
    expect(await overdueAt(from)).toEqual(["a whole day", "timed"]);
  });
});
