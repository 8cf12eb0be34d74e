import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Harness, type Person, sessionOf, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const dayMs = 86_400_000;
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
const renew = (token: string) => api.call("POST", "/api/auth/renew", { token });
const me = async (token: string): Promise<number> => (await api.call("GET", "/api/auth/me", { token })).status;
const list = async (token: string) => (await api.call("GET", "/api/sessions", { token })).body.data;

async function signIn({ email, password }: Person, headers: Record<string, string> = {}): Promise<string> {
  const { body } = await api.call("POST", "/api/signin", { body: { email, password }, headers });
  return body.access_token;
}

test("sessions are listed with what signed in, when they were used last, and which one asks", async () => {
  const ada = await api.signUp();
  api.clock.advance(60_000);
  const other = await signIn(ada, { "user-agent": firefox });
  api.clock.advance(600_000);
  const [first, second, ...rest] = await list(ada.token);
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ id: sessionOf(ada.token), current: true, address: null });
  expect(first.last_used_at).toBe(api.clock.now().toISOString());
  expect(second).toMatchObject({ id: sessionOf(other), client: "Firefox on Linux", current: false });
  expect(second.last_used_at).toBe(second.created_at);
});

test("one session can be ended, and all others; what is ended is dead at once and said so, tokens go on", async () => {
  const ada = await api.signUp();
  const [phone, laptop] = [await signIn(ada), await signIn(ada)];
  const { body: token } = await api.call("POST", "/api/tokens", {
    token: ada.token,
    body: { name: "x", scope: "read" },
  });
  expect((await api.call("DELETE", `/api/sessions/${sessionOf(phone)}`, { token: ada.token })).status).toBe(204);
  expect([await me(phone), await me(laptop)]).toEqual([401, 200]);
  expect((await renew(phone)).status).toBe(401);
  expect((await api.call("DELETE", `/api/sessions/${sessionOf(phone)}`, { token: ada.token })).status).toBe(404);
  expect((await api.call("DELETE", "/api/sessions", { token: ada.token })).status).toBe(204);
  expect([await me(laptop), await me(ada.token), await me(token.token)]).toEqual([401, 200, 200]);
  const said = (await api.outbox(ada.user.id)).filter(({ type }) => type === "session.revoked");
  expect(said.map(({ entity_id }) => entity_id)).toEqual([sessionOf(phone), sessionOf(laptop)]);
});

test("G18: an access token, and another person, neither see nor end sessions", async () => {
  const [ada, eve] = [await api.signUp(), await api.signUp()];
  const body = { name: "x", scope: "write" };
  const { body: made } = await api.call("POST", "/api/tokens", { token: ada.token, body });
  for (const [method, path] of [
    ["GET", "/api/sessions"],
    ["DELETE", "/api/sessions"],
    ["DELETE", `/api/sessions/${sessionOf(ada.token)}`],
  ] as const)
    expect((await api.call(method, path, { token: made.token })).status).toBe(403);
  expect((await renew(made.token)).status).toBe(401);
  const foreign = await api.call("DELETE", `/api/sessions/${sessionOf(ada.token)}`, { token: eve.token });
  expect(foreign.status).toBe(404);
  expect(await me(ada.token)).toBe(200);
});

test("a session in use lives 30 days under ever new tokens, each for a day", async () => {
  const ada = await api.signUp();
  let token = ada.token;
  for (let day = 1; day <= 29; day++) {
    api.clock.advance(dayMs - 1_000);
    const { status, body } = await renew(token);
    expect({ day, status, expires_in: body.expires_in }).toEqual({ day, status: 200, expires_in: 86_400 });
    token = body.access_token;
    expect(sessionOf(token)).toBe(sessionOf(ada.token));
    expect(await me(token)).toBe(200);
  }
  api.clock.advance(dayMs - 1_000);
  const last = await renew(token);
  // Thirty times a second less than a day: half a minute is left.
  expect(last.body.expires_in).toBe(30);
  api.clock.advance(31_000);
  expect([await me(last.body.access_token), (await renew(last.body.access_token)).status]).toEqual([401, 401]);
});

test("a token that ran out opens nothing but the renewal, and after seven days without use not even that", async () => {
  const [ada, bob] = [await api.signUp(), await api.signUp()];
  api.clock.advance(6 * dayMs);
  expect(await me(ada.token)).toBe(401);
  const renewed = await renew(ada.token);
  expect(await me(renewed.body.access_token)).toBe(200);
  api.clock.advance(dayMs + 1_000);
  expect((await renew(bob.token)).status).toBe(401);
  expect((await renew(ada.token)).status).toBe(200);
});

test("a signed-out session, a changed password and a forged token renew nothing", async () => {
  const ada = await api.signUp();
  const other = await signIn(ada);
  await api.call("POST", "/api/logout", { token: other });
  expect((await renew(other)).status).toBe(401);
  const third = await signIn(ada);
  const body = { current_password: ada.password, new_password: "another horse of seven" };
  expect((await api.call("POST", "/api/auth/password", { token: ada.token, body })).status).toBe(204);
  expect((await renew(third)).status).toBe(401);
  const [head, claims] = ada.token.split(".");
  for (const forged of [`${head}.${claims}.AAAA`, `${head}.${claims}.`, "x", ""])
    expect((await renew(forged)).status).toBe(401);
  expect((await api.call("POST", "/api/auth/renew")).status).toBe(401);
  const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  expect((await renew(`${none}.${claims}.`)).status).toBe(401);
});

test("tokens of a session that has ended use up nothing of what the user's living sessions may ask", async () => {
  const ada = await api.signUp();
  const ended = await signIn(ada);
  await api.call("POST", "/api/logout", { token: ended });
  for (let n = 0; n < 120; n++) expect((await renew(ended)).status).toBe(401);
  expect(await me(ada.token)).toBe(200);
});
