import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Harness, type Person, sessionOf, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const signIn = async ({ email }: Person, password: string) =>
  api.call("POST", "/api/signin", { body: { email, password } });

async function makeToken({ token }: Person, scope: "read" | "write" = "write") {
  const made = await api.call("POST", "/api/tokens", { token, body: { name: "a program", scope } });
  expect(made.status).toBe(201);
  return made.body as { id: string; token: string };
}

const reaches = async (token: string) => (await api.call("GET", "/api/auth/me", { token })).status;

describe("the account", () => {
  test("a PATCH changes the fields it names, keeps the others, and null means the default", async () => {
    const { user, token } = await api.signUp({ name: "Ada", time_zone: "Europe/Berlin" });
    const patch = async (body: unknown) => (await api.call("PATCH", "/api/auth/me", { token, body })).body;
    expect(await patch({})).toEqual(user);
    expect(await patch({ notifications: { email: false } })).toEqual({ ...user, notifications: { email: false } });
    expect(await patch({ name: "Countess" })).toMatchObject({ name: "Countess", notifications: { email: false } });
    const last = await patch({ name: null, time_zone: null, notifications: {} });
    expect(last).toEqual({ ...user, name: "", time_zone: "UTC", notifications: { email: false } });
    expect((await api.call("GET", "/api/auth/me", { token })).body).toEqual(last);
  });

  test.each([
    [{ time_zone: "Nowhere/Land" }, "/time_zone"],
    [{ name: "two\nlines" }, "/name"],
    [{ notifications: { email: null } }, "/notifications/email"],
    [{ notifications: { sms: true } }, "/notifications/sms"],
    [{ email: "other@example.com" }, "/email"],
    [{ id: "x" }, "/id"],
  ])("PATCH %j is rejected and points at %p", async (body, pointer) => {
    const { user, token } = await api.signUp();
    const answered = await api.call("PATCH", "/api/auth/me", { token, body });
    expect(answered.status).toBe(422);
    expect(answered.body.errors[0].pointer).toBe(pointer);
    expect((await api.call("GET", "/api/auth/me", { token })).body).toEqual(user);
  });
});

describe("changing the password", () => {
  test("ends every other session and every access token at once, with an event for each (G19)", async () => {
    const person = await api.signUp();
    const other = (await signIn(person, person.password)).body.access_token;
    const program = await makeToken(person);
    const stranger = await api.signUp();
    const answered = await api.call("POST", "/api/auth/password", {
      token: person.token,
      body: { current_password: person.password, new_password: "a better password" },
    });
    expect(answered).toMatchObject({ status: 204, body: null });
    const after = await Promise.all([person.token, other, program.token, stranger.token].map(reaches));
    expect(after).toEqual([200, 401, 401, 200]);
    const said = await api.outbox(person.user.id);
    expect(said.map((row) => row.type)).toEqual(["session.revoked", "session.revoked"]);
    expect(said.map((row) => row.event.data.session_id)).toEqual([sessionOf(other), program.id]);
    expect((await signIn(person, person.password)).status).toBe(401);
    expect((await signIn(person, "a better password")).status).toBe(200);
  });

  test("with a wrong current password changes nothing and points at it", async () => {
    const person = await api.signUp();
    const program = await makeToken(person);
    const { status, body } = await api.call("POST", "/api/auth/password", {
      token: person.token,
      body: { current_password: "a wrong one", new_password: "a better password" },
    });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ pointer: "/current_password", detail: "is not your password" }]);
    expect(await reaches(program.token)).toBe(200);
    expect((await signIn(person, person.password)).status).toBe(200);
  });

  test("of two changes at the same moment one wins and the other learns that its password is outdated", async () => {
    const person = await api.signUp();
    const to = (new_password: string) =>
      api.call("POST", "/api/auth/password", {
        token: person.token,
        body: { current_password: person.password, new_password },
      });
    const statuses = (await Promise.all([to("the first one"), to("the second one")])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([204, 422]);
  });

  test("repeated with the same Idempotency-Key gives the first answer, and no hash of it allows guessing", async () => {
    const person = await api.signUp();
    const call = {
      token: person.token,
      body: { current_password: person.password, new_password: "a better password" },
      headers: { "idempotency-key": "once" },
    };
    const answers = [
      await api.call("POST", "/api/auth/password", call),
      await api.call("POST", "/api/auth/password", call),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    const [kept] = await api.sql`select request_hash from api.idempotency_keys where user_id = ${person.user.id}`;
    const plain = new Bun.CryptoHasher("sha256").update(`POST /api/auth/password\n${JSON.stringify(call.body)}`);
    expect(Buffer.from(kept?.request_hash).toString("hex")).not.toBe(plain.digest("hex"));
  });
});

describe("erasing the account", () => {
  const tables = ["users", "sessions", "tokens", "tasks", "tags", "reminders", "tombstones", "idempotency_keys"];
  const rowsOf = async (userId: string) => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const column = table === "users" ? "id" : "user_id";
      const [row] = await api.sql`
        select count(*)::int as n from api.${api.sql(table)} where ${api.sql(column)} = ${userId}`;
      if (row && row.n > 0) counts[table] = row.n;
    }
    return counts;
  };

  async function inhabitant(): Promise<Person> {
    const person = await api.signUp();
    const { token } = person;
    const task = {
      title: "Water the plants",
      tags: ["home", "garden"],
      due_date: "2100-01-01T10:00:00Z",
      reminders: [{ before: "1d" }],
    };
    const headers = { "idempotency-key": "k" };
    expect((await api.call("POST", "/api/tasks", { token, body: task, headers })).status).toBe(201);
    const doomed = await api.call("POST", "/api/tags", { token, body: { name: "doomed" } });
    expect((await api.call("DELETE", `/api/tags/${doomed.body.id}`, { token })).status).toBe(204);
    return person;
  }

  test("leaves only the end of each credential and, last, user.erased", async () => {
    const person = await inhabitant();
    const neighbour = await inhabitant();
    const before = await rowsOf(neighbour.user.id);
    expect(Object.keys(before).sort()).toEqual(tables.filter((table) => table !== "tokens").sort());
    const other = (await signIn(person, person.password)).body.access_token;
    const program = await makeToken(person);
    const erased = await api.call("DELETE", "/api/auth/me", {
      token: person.token,
      body: { password: person.password },
    });
    expect(erased).toMatchObject({ status: 204, body: null });
    expect(await rowsOf(person.user.id)).toEqual({});
    const said = await api.outbox(person.user.id);
    expect(said.map((row) => row.type)).toEqual([
      "session.revoked",
      "session.revoked",
      "session.revoked",
      "user.erased",
    ]);
    expect(
      said
        .slice(0, 3)
        .map((row) => row.entity_id)
        .sort(),
    ).toEqual([sessionOf(person.token), sessionOf(other), program.id].sort());
    expect(said[3]).toMatchObject({ entity_id: person.user.id, event: { data: { task_id: null, actor: "user" } } });
    expect(JSON.stringify(said)).not.toContain("plants");
    expect(await Promise.all([person.token, other, program.token].map(reaches))).toEqual([401, 401, 401]);
    expect(await rowsOf(neighbour.user.id)).toEqual(before);
  });

  test("is rejected by the database itself unless user.erased is the last event (G1)", async () => {
    const { user } = await inhabitant();
    const remove = (said: string[]) =>
      api.sql.begin(async (tx) => {
        for (const [index, type] of said.entries()) {
          await tx`
            insert into api.outbox (user_id, change_seq, slot, event_id, type, entity_id, event)
            values (${user.id}, ${1_000 + index}, 0, gen_random_uuid(), ${type}, ${user.id}, '{}')`;
        }
        await tx`delete from api.users where id = ${user.id}`;
      });
    for (const said of [[], ["session.revoked"], ["user.erased", "session.revoked"]]) {
      await expect(remove(said)).rejects.toThrow("does not end with user.erased");
    }
    await remove(["session.revoked", "user.erased"]);
    expect(await rowsOf(user.id)).toEqual({});
  });

  test("needs the password: with a wrong one nothing happens", async () => {
    const person = await inhabitant();
    const before = await rowsOf(person.user.id);
    const { status, body } = await api.call("DELETE", "/api/auth/me", {
      token: person.token,
      body: { password: "a wrong one" },
    });
    expect(status).toBe(422);
    expect(body.errors[0].pointer).toBe("/password");
    expect(await rowsOf(person.user.id)).toEqual(before);
    expect((await api.outbox(person.user.id)).map((row) => row.type)).toContain("task.created");
  });

  test("frees the address for a new user", async () => {
    const person = await api.signUp();
    await api.call("DELETE", "/api/auth/me", { token: person.token, body: { password: person.password } });
    const next = await api.signUp({ email: person.email });
    expect(next.user.id).not.toBe(person.user.id);
    expect(await reaches(person.token)).toBe(401);
  });

  test("at the same moment as a change of the same user, neither leaves anything behind", async () => {
    const person = await inhabitant();
    const create = () => api.call("POST", "/api/tasks", { token: person.token, body: { title: "late" } });
    const erase = api.call("DELETE", "/api/auth/me", { token: person.token, body: { password: person.password } });
    const statuses = (await Promise.all([create(), erase, create(), create()])).map(({ status }) => status);
    expect(statuses[1]).toBe(204);
    expect(await rowsOf(person.user.id)).toEqual({});
    expect((await api.outbox(person.user.id)).at(-1)?.type).toBe("user.erased");
  });
});
