import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { appTokenHeader } from "@carillon/contracts/names";
import { appToken, type Harness, type Person, sessionOf, startApi } from "./harness.ts";

let api: Harness;
let ada: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp();
});
afterAll(() => api.close());

const neighbour = { [appTokenHeader]: appToken };
const whose = (token: unknown) => api.call("POST", "/internal/session", { headers: neighbour, body: { token } });
const changes = async (userId: string, after: number | string) =>
  api.call("GET", `/internal/changes?user_id=${userId}&after=${after}`, { headers: neighbour });
const addTask = async (person: Person, title: string) =>
  (await api.call("POST", "/api/tasks", { token: person.token, body: { title } })).body;

describe("whose stream is it", () => {
  test("a session's and an access token's, whatever its scope, with the id that revocation will name", async () => {
    const session = await whose(ada.token);
    expect(session).toMatchObject({
      status: 200,
      body: {
        user_id: ada.user.id,
        session_id: sessionOf(ada.token),
        expires_at: new Date(Math.floor(api.clock.now().getTime() / 1_000 + 86_400) * 1_000).toISOString(),
      },
    });
    const made = await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "t", scope: "read" } });
    expect(await whose(made.body.token)).toMatchObject({
      status: 200,
      body: { user_id: ada.user.id, session_id: made.body.id, expires_at: made.body.expires_at },
    });
    await api.call("DELETE", `/api/tokens/${made.body.id}`, { token: ada.token });
    expect((await whose(made.body.token)).status).toBe(401);
  });

  test.each(["", "x", "car_x", "\0", "a.b.c", `car_${"A".repeat(43)}`])("%j is no valid token: 401", async (token) => {
    expect((await whose(token)).status).toBe(401);
  });

  test("a malformed request is 422", async () => {
    expect((await whose(1)).status).toBe(422);
    expect((await whose("x".repeat(5_000))).status).toBe(422);
  });
});

describe("recently ended sessions", () => {
  const ended = async (): Promise<string[]> =>
    (await api.call("GET", "/internal/watch/ended-sessions", { headers: neighbour })).body.session_ids;

  test("G19: sessions and access tokens are listed as soon as they ended, and for no more than 20 s", async () => {
    const person = await api.signUp();
    const made = await api.call("POST", "/api/tokens", { token: person.token, body: { name: "t", scope: "read" } });
    const own = [made.body.id, sessionOf(person.token)];
    const named = async () => (await ended()).filter((id) => own.includes(id));
    expect(await named()).toEqual([]);
    await api.call("DELETE", `/api/tokens/${made.body.id}`, { token: person.token });
    expect(await named()).toEqual([made.body.id]);
    await api.call("POST", "/api/logout", { token: person.token });
    expect((await named()).toSorted()).toEqual(own.toSorted());
    await api.sql`update api.outbox set created_at = created_at - interval '21 seconds' where user_id = ${person.user.id}`;
    expect(await named()).toEqual([]);
  });

  test("only neighbours get an answer", async () => {
    expect((await api.call("GET", "/internal/watch/ended-sessions", { token: ada.token })).status).toBe(401);
  });
});

describe("changes since a number", () => {
  test("every change after the number, oldest first, as a screen needs it", async () => {
    const person = await api.signUp();
    const first = await addTask(person, "first");
    const second = await addTask(person, "second");
    await api.call("PATCH", `/api/tasks/${first.id}/complete`, { token: person.token });
    await api.call("POST", "/api/tags", { token: person.token, body: { name: "tag" } });
    const { body } = await changes(person.user.id, 1);
    expect(body).toEqual({
      resync: false,
      latest: 4,
      changes: [
        { change_seq: 2, event_type: "task.created", task_id: second.id, version: 1 },
        { change_seq: 3, event_type: "task.completed", task_id: first.id, version: 2 },
        { change_seq: 4, event_type: "tag.created", task_id: null, version: 1 },
      ],
    });
    expect((await changes(person.user.id, 4)).body).toEqual({ resync: false, latest: 4, changes: [] });
  });

  test("numbers without an event are not mistaken for lost ones", async () => {
    const person = await api.signUp();
    await api.call("POST", "/api/signin", { body: { email: person.email, password: person.password } });
    const task = await addTask(person, "after a sign-in");
    expect((await changes(person.user.id, 0)).body).toEqual({
      resync: false,
      latest: 2,
      changes: [{ change_seq: 2, event_type: "task.created", task_id: task.id, version: 1 }],
    });
  });

  test("a number from the future, an unknown user and more than a thousand changes mean resync", async () => {
    const person = await api.signUp();
    await addTask(person, "one");
    expect((await changes(person.user.id, 2)).body).toEqual({ resync: true, latest: 1, changes: [] });
    expect((await changes("018f0000-0000-7000-8000-000000000000", 0)).body).toEqual({
      resync: true,
      latest: 0,
      changes: [],
    });
    await pretendChanges(person.user.id, 1_000);
    const within = (await changes(person.user.id, 1)).body;
    expect({ resync: within.resync, latest: within.latest, count: within.changes.length }).toEqual({
      resync: false,
      latest: 1_001,
      count: 1_000,
    });
    expect((await changes(person.user.id, 0)).body).toEqual({ resync: true, latest: 1_001, changes: [] });
  });

  test("a number so old that later ones may have been deleted means resync, a kept anchor does not", async () => {
    const person = await api.signUp();
    for (const title of ["one", "two", "three"]) await addTask(person, title);
    await api.sql`update api.users set created_at = now() - interval '30 days' where id = ${person.user.id}`;
    await api.sql`update api.outbox set created_at = now() - interval '8 days' where user_id = ${person.user.id} and change_seq < 3`;
    expect((await changes(person.user.id, 3)).body.resync).toBe(false);
    expect((await changes(person.user.id, 2)).body).toEqual({ resync: true, latest: 3, changes: [] });
    await api.sql`update api.outbox set created_at = now() - interval '6 days' where user_id = ${person.user.id} and change_seq = 2`;
    expect((await changes(person.user.id, 2)).body).toMatchObject({ resync: false, changes: [{ change_seq: 3 }] });
    await api.sql`delete from api.outbox where user_id = ${person.user.id} and change_seq < 3`;
    expect((await changes(person.user.id, 0)).body.resync).toBe(true);
  });

  test.each([
    "?user_id=x&after=0",
    "?after=0",
    "?user_id=018f0000-0000-7000-8000-000000000000",
    "?user_id=018f0000-0000-7000-8000-000000000000&after=-1",
    "?user_id=urn:uuid:018f0000-0000-7000-8000-000000000000&after=1",
  ])("the request %s is 422", async (query) => {
    expect((await api.call("GET", `/internal/changes${query}`, { headers: neighbour })).status).toBe(422);
  });

  async function pretendChanges(userId: string, count: number): Promise<void> {
    await api.sql`
      insert into api.outbox (user_id, change_seq, slot, event_id, type, entity_id, event)
      select ${userId}, u.change_seq + n, 0, gen_random_uuid(), 'tag.updated', gen_random_uuid(), '{"data": {"version": 1}}'
      from api.users u, generate_series(1, ${count}::int) n where u.id = ${userId}`;
    await api.sql`update api.users set change_seq = change_seq + ${count} where id = ${userId}`;
  }
});
