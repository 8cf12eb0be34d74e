import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { addressesOf } from "./address-rig.ts";
import { type Harness, startApi } from "./harness.ts";
import { browserOf, type ProviderRig, problemOf as problem, startWithProvider } from "./provider-rig.ts";

let api: Harness;
let rig: ProviderRig;
beforeAll(async () => {
  ({ rig, api } = await startWithProvider());
});
afterAll(async () => {
  await api.close();
  await rig.stop();
});
beforeEach(() => rig.reset());

const minuteMs = 60_000;
const seconds = () => Math.floor(api.clock.now().getTime() / 1_000);
const browser = browserOf(
  () => api,
  () => rig,
);
const addresses = addressesOf(() => api, "linked");
const me = async (token: string) => (await api.call("GET", "/api/auth/me", { token })).body;
const list = async (token: string) => (await api.call("GET", "/api/identities", { token })).body.data;

describe("a sign-in with the provider", () => {
  test("begins with its page, bound to this browser by state, nonce and an S256 challenge, and to one address of ours", async () => {
    const { body, status } = await api.call("POST", "/api/signin/oidc/start", { body: {} });
    expect([status, body.expires_in]).toEqual([200, 600]);
    const { origin, pathname, searchParams } = new URL(body.url);
    const {
      state = "",
      nonce = "",
      code_challenge = "",
      ...fixed
    } = Object.fromEntries(searchParams) as Record<string, string>;
    expect([origin, pathname]).toEqual([rig.issuer, "/authorize"]);
    expect(fixed).toEqual({
      client_id: "carillon",
      redirect_uri: "http://localhost:3000/sign-in/provider/callback",
      response_type: "code",
      scope: "openid email profile",
      code_challenge_method: "S256",
    });
    const parts = [state, nonce, code_challenge, body.flow];
    expect(parts.map((part) => part.length)).toEqual([43, 43, 43, 43]);
    expect(new Set(parts).size).toBe(4);
    const { body: other } = await api.call("POST", "/api/signin/oidc/start", { body: {} });
    const again = new URL(other.url).searchParams;
    for (const name of ["state", "nonce", "code_challenge"]) expect(again.get(name)).not.toBe(searchParams.get(name));
    expect((await api.call("GET", "/api/signin/oidc")).body).toEqual({ name: "Example" });
  });

  test("makes an account without a password, whose address the provider has proven, and opens it again", async () => {
    const ada = rig.person();
    const made = await browser.signIn({ ...ada, zoneinfo: "Europe/Berlin" });
    expect(made.status).toBe(200);
    expect(made.body.user).toMatchObject({
      email: ada.email,
      email_verified: true,
      has_password: false,
      name: "Ada",
      time_zone: "Europe/Berlin",
    });
    expect((await me(made.body.access_token)).id).toBe(made.body.user.id);
    // Another address at the provider is still the same person.
    const again = await browser.signIn({ ...ada, email: "moved@example.com" });
    expect([again.status, again.body.user.id]).toEqual([200, made.body.user.id]);
    expect(again.body.user.email).toBe(ada.email);
    expect(await list(again.body.access_token)).toMatchObject([{ provider: "Example", email: "moved@example.com" }]);
    expect((await api.call("POST", "/api/signin", { body: { email: ada.email, password: "" } })).status).toBe(401);
    const { code_verifier, redirect_uri } = rig.asked.tokens.at(-1) ?? {};
    expect(String(code_verifier)).toHaveLength(43);
    expect(redirect_uri).toBe("http://localhost:3000/sign-in/provider/callback");
  });

  test("is the only credential until a mailed link sets a password, and what asks for one says so", async () => {
    const ada = rig.person();
    const { body } = await browser.signIn(ada);
    const token = body.access_token;
    for (const [method, path, sent] of [
      ["POST", "/api/auth/proof", { password: "" }],
      ["POST", "/api/auth/password", { current_password: "", new_password: "another horse of seven" }],
      ["POST", "/api/auth/email", { new_email: "x@example.com", password: "" }],
      ["POST", "/api/auth/totp", { password: "" }],
      ["DELETE", "/api/auth/me", { password: "" }],
    ] as const) {
      const answered = await api.call(method, path, { token, body: sent });
      expect([path, ...problem(answered)]).toEqual([path, 403, "forbidden"]);
      expect(answered.body.detail).toContain("has no password");
    }
    const [identity] = await list(token);
    const fresh = await browser.signIn({ ...ada, auth_time: seconds() }, { again: true });
    const remove = (by: string) => api.call("DELETE", `/api/identities/${identity.id}`, { token: by });
    expect(problem(await remove(fresh.body.access_token))).toEqual([409, "conflict"]);
    await api.call("POST", "/api/auth/forgot", { body: { email: ada.email } });
    const link = (await addresses.take()).find(({ kind, email }) => kind === "reset" && email === ada.email)?.token;
    const set = await api.call("POST", "/api/auth/reset", { body: { token: link, new_password: "horse of the mail" } });
    expect(set.status).toBe(204);
    const entered = await addresses.signIn(String(ada.email), "horse of the mail");
    expect([entered.status, entered.body.user.has_password]).toEqual([200, true]);
  });

  test("asks for the code of the account's app where there is one", async () => {
    const ada = rig.person();
    const { body } = await browser.signIn(ada);
    await api.sql`
      insert into api.totp (user_id, sealed_secret, created_at, session_id, confirmed_at)
      values (${body.user.id}, 'x', now(), gen_random_uuid(), now())`;
    const answered = await browser.signIn(ada);
    expect(problem(answered)).toEqual([401, "second_factor_required"]);
    expect(answered.body.challenge).toBeString();
  });

  test("counts as a recent proof only as far as the provider says that it asked", async () => {
    const ada = rig.person();
    const token = async (claims: object, body: object = {}) =>
      (await browser.signIn({ ...ada, ...claims }, body)).body.access_token;
    const make = async (by: string) =>
      problem(await api.call("POST", "/api/tokens", { token: by, body: { name: "x", scope: "read" } }));
    const ok = async (by: string) =>
      (await api.call("POST", "/api/tokens", { token: by, body: { name: "x", scope: "read" } })).status;
    await token({});
    expect(await make(await token({}))).toEqual([403, "proof_required"]);
    expect(await make(await token({ auth_time: seconds() - 301 }))).toEqual([403, "proof_required"]);
    expect(await ok(await token({ auth_time: seconds() - 200 }))).toBe(201);
    expect(await ok(await token({ auth_time: seconds() }, { again: true }))).toBe(201);
    const { url } = await browser.start({ again: true });
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: "login", max_age: "300" });
    for (const auth_time of [undefined, seconds() - 400])
      expect(problem(await browser.signIn({ ...ada, auth_time }, { again: true }))).toEqual([401, "unauthenticated"]);
  });

  test("makes no account of an address that the provider has not proven, and enters none by its address alone", async () => {
    for (const odd of [{ email_verified: false }, { email_verified: "true" }, { email: undefined }, { email: "x" }])
      expect([odd, ...problem(await browser.signIn({ ...rig.person(), ...odd }))]).toEqual([odd, 403, "forbidden"]);
    const proven = await addresses.proven();
    const young = await api.signUp();
    for (const { email } of [proven, young]) {
      expect(problem(await browser.signIn(rig.person(email)))).toEqual([409, "conflict"]);
      expect(problem(await browser.signIn({ ...rig.person(email), email_verified: false }))).toEqual([
        403,
        "forbidden",
      ]);
    }
    const left = await api.signUp();
    api.clock.advance(8 * 1_440 * minuteMs);
    const taken = await browser.signIn(rig.person(left.email.toUpperCase()));
    expect(taken.status).toBe(200);
    expect(taken.body.user.id).not.toBe(left.user.id);
    expect((await addresses.signIn(left.email)).status).toBe(401);
  });

  test("is in the log as an event, without flow, code, state, address or name", async () => {
    const ada = Object.assign(rig.person(), { name: "Canary Name" });
    rig.told.claims = ada;
    const started = await browser.start();
    const back = await browser.visit(started.url);
    await browser.finish(started, back.replace("state=", "state=x"));
    const { body } = await browser.signIn(ada);
    const events = api.lines.filter(({ message }) => message === "security event").map(({ fields }) => fields);
    expect(events.filter(({ event }) => event === "provider sign-in").slice(-2)).toMatchObject([
      { outcome: "failed" },
      { outcome: "ok", user_id: body.user.id },
    ]);
    const query = new URL(back).searchParams;
    const all = JSON.stringify(api.lines);
    for (const secret of [started.flow, query.get("code"), query.get("state"), ada.email, "Canary Name", ada.sub])
      expect(all).not.toContain(String(secret));
  });
});

describe("an identity", () => {
  test("is connected by a signed-in user, between proven addresses, and then opens the account", async () => {
    const ada = await addresses.proven();
    const claims = rig.person();
    const { status, body } = await browser.linkAs(ada, claims);
    expect([status, body]).toEqual([
      201,
      { id: body.id, provider: "Example", email: claims.email, created_at: body.created_at, last_used_at: null },
    ]);
    const entered = await browser.signIn(claims);
    expect([entered.status, entered.body.user.id]).toEqual([200, ada.user.id]);
    expect((await list(ada.token))[0].last_used_at).not.toBeNull();
    const letters = await api.sql`
      select kind from api.letters where user_id = ${ada.user.id} and kind = 'factor_changed'`;
    expect(letters).toHaveLength(1);
    // Once, by one user.
    expect(problem(await browser.linkAs(ada, claims))).toEqual([409, "conflict"]);
    expect(problem(await browser.linkAs(await addresses.proven(), claims))).toEqual([409, "conflict"]);
  });

  test("is not connected without a recent proof, to an unproven address, from one, or by an access token", async () => {
    const [ada, young] = [await addresses.proven(), await api.signUp()];
    expect(problem(await browser.startLink(young))).toEqual([409, "conflict"]);
    const odd = { ...rig.person(), email_verified: false };
    expect(problem(await browser.linkAs(ada, odd))).toEqual([403, "forbidden"]);
    const { body: made } = await api.call("POST", "/api/tokens", {
      token: ada.token,
      body: { name: "x", scope: "write" },
    });
    expect((await browser.startLink({ token: made.token })).status).toBe(403);
    expect((await browser.link({ token: made.token }, { flow: "x" }, "x")).status).toBe(403);
    api.clock.advance(5 * minuteMs + 1_000);
    expect(problem(await browser.startLink(ada))).toEqual([403, "proof_required"]);
    expect(await list(ada.token)).toEqual([]);
  });

  test("is connected only by the session that started, and by no start of another user or of a sign-in", async () => {
    const [ada, eve] = [await addresses.proven(), await addresses.proven()];
    rig.told.claims = rig.person();
    const { body: mine } = await browser.startLink(ada);
    const back = await browser.visit(mine.url);
    expect(problem(await browser.link(eve, mine, back))).toEqual([401, "unauthenticated"]);
    const { body: elsewhere } = await addresses.signIn(ada.email);
    expect(problem(await browser.link({ token: elsewhere.access_token }, mine, back))).toEqual([
      401,
      "unauthenticated",
    ]);
    const start = await browser.start();
    expect(problem(await browser.link(eve, start, await browser.visit(start.url)))).toEqual([401, "unauthenticated"]);
    expect((await browser.link(ada, mine, back)).status).toBe(201);
    expect(await list(eve.token)).toEqual([]);
  });

  test("is removed by its user alone, ends every other session, and opens nothing any more", async () => {
    const [ada, eve] = [await addresses.proven(), await addresses.proven()];
    const claims = rig.person();
    const { body } = await browser.linkAs(ada, claims);
    const { body: entered } = await browser.signIn(claims);
    const remove = (token: string, id = body.id) => api.call("DELETE", `/api/identities/${id}`, { token });
    for (const answered of [await remove(eve.token), await remove(ada.token, "x")]) expect(answered.status).toBe(404);
    expect((await remove(ada.token)).status).toBe(204);
    expect((await api.call("GET", "/api/auth/me", { token: entered.access_token })).status).toBe(401);
    expect((await api.call("GET", "/api/auth/me", { token: ada.token })).status).toBe(200);
    // A new account, by its address.
    expect((await browser.signIn(claims)).body.user.id).not.toBe(ada.user.id);
    api.clock.advance(5 * minuteMs + 1_000);
    expect(problem(await remove(ada.token))).toEqual([403, "proof_required"]);
  });

  test("is one of at most five, and gone with its account", async () => {
    const ada = await addresses.proven();
    await api.sql`
      insert into api.identities (user_id, id, issuer, subject, created_at)
      select ${ada.user.id}, gen_random_uuid(), 'https://former.example', 'x' || n, now() from generate_series(1, 5) n`;
    expect((await list(ada.token))[0].provider).toBe("https://former.example");
    expect(problem(await browser.linkAs(ada, rig.person()))).toEqual([409, "conflict"]);
    const body = { password: ada.password };
    expect((await api.call("DELETE", "/api/auth/me", { token: ada.token, body })).status).toBe(204);
    expect(await api.sql`select from api.identities where user_id = ${ada.user.id}`).toHaveLength(0);
  });

  test("and without a provider there is no such way", async () => {
    const plain = await startApi();
    try {
      const ada = await plain.signUp();
      expect((await plain.call("GET", "/api/signin/oidc")).body).toEqual({ name: null });
      for (const path of ["/api/signin/oidc/start", "/api/signin/oidc"])
        expect((await plain.call("POST", path, { body: {} })).status).toBe(404);
      for (const path of ["/api/identities/start", "/api/identities"])
        expect((await plain.call("POST", path, { token: ada.token, body: {} })).status).toBe(404);
      expect((await plain.call("GET", "/api/identities", { token: ada.token })).body).toEqual({ data: [] });
    } finally {
      await plain.close();
    }
  });
});
