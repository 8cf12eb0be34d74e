import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Harness, sessionOf, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe("sign-up", () => {
  test("returns the user and a token that works at once, and stores no password in clear text", async () => {
    const email = "Ada.Lovelace@Example.com";
    const { status, body, headers } = await api.call("POST", "/api/signup", {
      body: { email, password: "correct horse battery", name: "Ada 👩‍💻", time_zone: "Europe/Berlin" },
    });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(["access_token", "expires_in", "token_type", "user"]);
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 86_400 });
    const shown =
      "created_at date_order day_parts email email_verified has_password hour_cycle id language name notifications time_zone week_start";
    expect(Object.keys(body.user).sort().join(" ")).toBe(shown);
    expect(body.user).toMatchObject({
      email,
      name: "Ada 👩‍💻",
      time_zone: "Europe/Berlin",
      notifications: { email: true },
      language: null,
      date_order: "dmy",
      hour_cycle: "h23",
      week_start: "monday",
      day_parts: { morning: "09:00", afternoon: "15:00", evening: "19:00", night: "21:00" },
      created_at: api.clock.now().toISOString(),
    });
    expect(headers.get("cache-control")).toBe("no-store");
    const me = await api.call("GET", "/api/auth/me", { token: body.access_token });
    expect(me).toMatchObject({ status: 200, body: body.user });
    const [row] = await api.sql`select password_hash from api.users where id = ${body.user.id}`;
    expect(row?.password_hash).toStartWith("$argon2id$");
  });

  test("name and time zone have defaults, whether absent or null", async () => {
    const absent = await api.signUp();
    const nothing = await api.signUp({ name: null, time_zone: null });
    for (const { user } of [absent, nothing]) expect(user).toMatchObject({ name: "", time_zone: "UTC" });
  });

  test("an address is taken whatever its case and composition", async () => {
    await api.signUp({ email: "José@example.com".normalize("NFC") });
    for (const email of ["JOSÉ@EXAMPLE.COM".normalize("NFC"), "jose\u0301@example.com"]) {
      const again = await api.call("POST", "/api/signup", { body: { email, password: "another password" } });
      expect(again).toMatchObject({ status: 409, body: { type: "urn:carillon:problem:conflict" } });
    }
  });

  test("of many sign-ups with one address at the same moment exactly one succeeds and the others hear 409", async () => {
    const one = () =>
      api.call("POST", "/api/signup", { body: { email: "race@example.com", password: "correct horse battery" } });
    const statuses = (await Promise.all(Array.from({ length: 8 }, one))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, ...Array(7).fill(409)]);
    const [count] = await api.sql`select count(*)::int as n from api.users where email_key = 'race@example.com'`;
    expect(count?.n).toBe(1);
  });

  test("names every wrong field and repeats none of them", async () => {
    const secret = "hunter2";
    const { status, body } = await api.call("POST", "/api/signup", {
      body: { email: "no address", password: secret, admin: true },
    });
    expect(status).toBe(422);
    const pointers = body.errors.map((one: { pointer: string }) => one.pointer);
    expect(pointers.sort()).toEqual(["/admin", "/email", "/password"]);
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  test.each(["Mars/Olympus", "europe/berlin", "+02:00", "CET+1", ""])("time zone %p is rejected", async (time_zone) => {
    const { status, body } = await api.call("POST", "/api/signup", {
      body: { email: "zone@example.com", password: "correct horse battery", time_zone },
    });
    expect(status).toBe(422);
    expect(body.errors[0].pointer).toBe("/time_zone");
  });
});

describe("sign-in", () => {
  test("finds the user without regard to case and answers like sign-up", async () => {
    const { user, password } = await api.signUp({ email: "Grace@Example.com" });
    const { status, body } = await api.call("POST", "/api/signin", { body: { email: "gRACE@eXAMPLE.COM", password } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ user, token_type: "Bearer", expires_in: 86_400 });
    const me = await api.call("GET", "/api/auth/me", { token: body.access_token });
    expect(me.status).toBe(200);
  });

  test("a password counts the same however its letters were composed", async () => {
    const { email } = await api.signUp({ password: "Motörhead forever".normalize("NFC") });
    const body = { email, password: "Motörhead forever".normalize("NFD") };
    expect((await api.call("POST", "/api/signin", { body })).status).toBe(200);
  });

  test("an unknown address and a wrong password get the same 401 after one verification each", async () => {
    const { email } = await api.signUp();
    const known = await countingVerifications(email);
    const unknown = await countingVerifications("unknown@example.com");
    const impossible = await countingVerifications("no\0body");
    for (const { answered } of [known, unknown, impossible]) {
      expect(answered.status).toBe(401);
      expect(answered.headers.get("www-authenticate")).toBe("Bearer");
      expect({ ...answered.body, trace_id: "" }).toEqual({ ...known.answered.body, trace_id: "" });
    }
    expect([known.verified, unknown.verified, impossible.verified]).toEqual([1, 1, 1]);
  });

  async function countingVerifications(email: string) {
    const { passwords } = api.deps;
    const real = { ...passwords };
    let verified = 0;
    passwords.verify = (...given) => {
      verified++;
      return real.verify(...given);
    };
    passwords.verifyNobody = (...given) => {
      verified++;
      return real.verifyNobody(...given);
    };
    const answered = await api.call("POST", "/api/signin", { body: { email, password: "wrong password" } });
    Object.assign(passwords, real);
    return { answered, verified };
  }

  test("the hundred-and-first session ends the oldest, with an event", async () => {
    const { user, token, email, password } = await api.signUp();
    api.clock.advance(1_000);
    for (let n = 0; n < 99; n++) await api.call("POST", "/api/signin", { body: { email, password } });
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(200);
    expect(await api.outbox(user.id)).toEqual([]);
    await api.call("POST", "/api/signin", { body: { email, password } });
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(401);
    expect((await api.outbox(user.id)).map((row) => row.type)).toEqual(["session.revoked"]);
    const [count] = await api.sql`select count(*)::int as n from api.sessions where user_id = ${user.id}`;
    expect(count?.n).toBe(100);
  });

  test("a password that is changed while it is being checked opens no session", async () => {
    const { user, token, email, password } = await api.signUp();
    const { verify } = api.deps.passwords;
    api.deps.passwords.verify = async (...given) => {
      api.deps.passwords.verify = verify;
      const isRight = await verify(...given);
      const body = { current_password: password, new_password: "quite another one" };
      expect((await api.call("POST", "/api/auth/password", { token, body })).status).toBe(204);
      return isRight;
    };
    expect((await api.call("POST", "/api/signin", { body: { email, password } })).status).toBe(401);
    const [count] = await api.sql`select count(*)::int as n from api.sessions where user_id = ${user.id}`;
    expect(count?.n).toBe(1);
  });
});

describe("sessions", () => {
  test("signing out ends this session at once, no other, and names it (G19)", async () => {
    const { user, token, email, password } = await api.signUp();
    const other = (await api.call("POST", "/api/signin", { body: { email, password } })).body.access_token;
    const out = await api.call("POST", "/api/logout", { token });
    expect(out).toMatchObject({ status: 204, body: null });
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(401);
    expect((await api.call("GET", "/api/auth/me", { token: other })).status).toBe(200);
    const [said] = await api.outbox(user.id);
    const session = sessionOf(token);
    expect(said).toMatchObject({
      type: "session.revoked",
      entity_id: session,
      event: { data: { session_id: session, task_id: null, version: 0, changes: {}, actor: "user" } },
    });
  });

  test("two sign-outs of one session at the same moment say it once", async () => {
    const { user, token } = await api.signUp();
    await Promise.all([1, 2, 3].map(() => api.call("POST", "/api/logout", { token })));
    expect((await api.outbox(user.id)).map((row) => row.type)).toEqual(["session.revoked"]);
  });

  test("a session ends after its lifetime, by the row and by the token", async () => {
    const { user, token } = await api.signUp();
    api.clock.advance(86_400_000 - 1_000);
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(200);
    await api.sql`update api.sessions set expires_at = ${api.clock.now()} where user_id = ${user.id}`;
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(401);
    await api.sql`update api.sessions set expires_at = 'infinity' where user_id = ${user.id}`;
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(200);
    api.clock.advance(2_000);
    expect((await api.call("GET", "/api/auth/me", { token })).status).toBe(401);
  });
});
