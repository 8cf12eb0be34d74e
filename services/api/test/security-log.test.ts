import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { appTokenHeader, deviceHeader } from "@carillon/contracts/names";
import { createLog } from "@carillon/kit/observe";
import { Secret, TOTP } from "otpauth";
import { noteTransport } from "../src/auth/index.ts";
import { unsubscribeToken } from "../src/reminders/unsubscribe.ts";
import { addressesOf, inside } from "./address-rig.ts";
import { softAuthenticator } from "./authenticator.ts";
import { appToken, type Harness, startApi } from "./harness.ts";
import { browserOf, type ProviderRig, startProvider } from "./provider-rig.ts";

let api: Harness;
let rig: ProviderRig;
/** Every line as it would be written, at the most verbose level. */
const written: string[] = [];
beforeAll(async () => {
  const log = createLog({ service: "api", level: "debug", write: (line) => void written.push(line) });
  rig = await startProvider();
  api = await startApi({ ratePerMinute: 100 }, (deps) => ({ ...rig.deps(deps), log }));
  rig.told.now = api.clock.now;
});
afterAll(async () => {
  await api.close();
  await rig.stop();
});

type Line = { message: string; level: string; event?: string; outcome?: string; [field: string]: unknown };

/** The security events that `work` leaves in the log. */
async function eventsOf(work: () => Promise<unknown>): Promise<Line[]> {
  const before = written.length;
  await work();
  const lines: Line[] = written.slice(before).map((line) => JSON.parse(line));
  return lines.filter(({ message }) => message === "security event");
}

const from = (address: string) => ({ [appTokenHeader]: appToken, "x-forwarded-for": address });
const password = "correct horse battery";
let people = 0;

async function newPerson() {
  const email = `logged-${++people}@example.com`;
  const { body } = await api.call("POST", "/api/signup", {
    body: { email, password },
    headers: from(`198.51.100.${people}`),
  });
  return { email, userId: String(body.user.id), token: String(body.access_token) };
}

const call = (method: string, path: string, token: string, body?: unknown) =>
  api.call(method, path, { token, body, headers: from("203.0.113.9") });

describe("the log shows", () => {
  test("which user signed up, in, and out, and from where", async () => {
    const email = "seen@example.com";
    const [up, ...others] = await eventsOf(() =>
      api.call("POST", "/api/signup", { body: { email, password }, headers: from("203.0.113.1") }),
    );
    expect(others).toEqual([]);
    expect(up).toMatchObject({ event: "sign-up", outcome: "ok", level: "info", client: "203.0.113.1" });
    const signedIn = await eventsOf(() =>
      api.call("POST", "/api/signin", { body: { email, password }, headers: from("2001:db8:1:2::3") }),
    );
    expect(signedIn).toMatchObject([
      { event: "sign-in", outcome: "ok", user_id: up?.user_id, account: up?.account, client: "2001:db8:1:2::/64" },
    ]);
    const { token, userId } = await newPerson();
    expect(await eventsOf(() => call("POST", "/api/logout", token))).toMatchObject([
      { event: "sign-out", outcome: "ok", user_id: userId, client: "203.0.113.9" },
    ]);
  });

  test("a failed and a limited sign-in by the hash of the address, the same one each time, another for another", async () => {
    const { email } = await newPerson();
    const guess = (name: string) =>
      api.call("POST", "/api/signin", { body: { email: name, password: "a guess" }, headers: from("203.0.113.2") });
    const lines = await eventsOf(async () => {
      for (let n = 0; n < 6; n++) await guess(email.toUpperCase());
    });
    expect(lines.map(({ outcome, level }) => `${outcome} ${level}`)).toEqual([
      ...Array(5).fill("failed warn"),
      "limited warn",
    ]);
    expect(new Set(lines.map(({ account }) => account)).size).toBe(1);
    expect(lines[0]?.account).toMatch(/^[0-9a-f]{32}$/);
    const [stranger] = await eventsOf(() => guess("unknown@example.com"));
    expect(stranger?.account).not.toBe(lines[0]?.account);
  });

  test("tokens created and revoked, passwords changed, accounts erased, scopes rejected", async () => {
    const { token, userId } = await newPerson();
    const { body: made } = await call("POST", "/api/tokens", token, { name: "t", scope: "read" });
    const seen = async (work: () => Promise<unknown>) =>
      (await eventsOf(work)).map(({ event, outcome, user_id }) => [event, outcome, user_id === userId]);
    expect(await seen(() => call("POST", "/api/tokens", token, { name: "t", scope: "read" }))).toEqual([
      ["token creation", "ok", true],
    ]);
    expect(await seen(() => call("POST", "/api/tasks", made.token, { title: "x" }))).toEqual([
      ["scope check", "failed", true],
    ]);
    expect(await seen(() => call("DELETE", `/api/tokens/${made.id}`, token))).toEqual([
      ["token revocation", "ok", true],
    ]);
    const change = (current_password: string) =>
      call("POST", "/api/auth/password", token, { current_password, new_password: "a better password" });
    expect(await seen(() => change("wrong"))).toEqual([["password change", "failed", true]]);
    expect(await seen(() => change(password))).toEqual([["password change", "ok", true]]);
    expect(await seen(() => call("DELETE", "/api/auth/me", token, { password: "wrong" }))).toEqual([
      ["account erasure", "failed", true],
    ]);
    expect(await seen(() => call("DELETE", "/api/auth/me", token, { password: "a better password" }))).toEqual([
      ["account erasure", "ok", true],
    ]);
  });
});

describe("codes", () => {
  const codeOf = (secret: string, steps = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: api.clock.now().getTime() + steps * 30_000 });
  const seen = async (userId: string, work: () => Promise<unknown>) =>
    (await eventsOf(work)).map(({ event, outcome, user_id }) => [event, outcome, user_id === userId]);
  const second = (challenge: string, code: string, address: string) =>
    api.call("POST", "/api/signin/second", { body: { challenge, code }, headers: from(address) });

  test("are in the log as events, and slowed down per account, however many sign-ins are started", async () => {
    const { email, token, userId } = await newPerson();
    const { body: app } = await call("POST", "/api/auth/totp", token, { password });
    const confirm = (code: string) => call("POST", "/api/auth/totp/confirm", token, { code });
    expect(await seen(userId, () => confirm("12345"))).toEqual([["factor set up", "failed", true]]);
    expect(await seen(userId, () => confirm(codeOf(app.secret)))).toEqual([["factor set up", "ok", true]]);
    let clients = 0;
    const guess = async (code: string) => {
      const address = `192.0.2.${++clients}`;
      const started = await api.call("POST", "/api/signin", { body: { email, password }, headers: from(address) });
      return second(started.body.challenge, code, address);
    };
    const lines = await seen(userId, async () => {
      for (let n = 0; n < 6; n++) await guess("1234567");
    });
    expect(lines).toEqual(
      [...Array(5).fill("failed"), "limited"].flatMap((outcome) => [
        ["sign-in", "challenged", true],
        ["second factor", outcome, true],
      ]),
    );
    const { status, headers } = await guess(codeOf(app.secret, 1));
    expect([status, headers.get("retry-after")]).toEqual([429, "1"]);
    api.clock.advance(1_000);
    expect((await guess(codeOf(app.secret, 1))).status).toBe(200);
    const removal = { password, code: "1234567" };
    expect(await seen(userId, () => call("DELETE", "/api/auth/totp", token, removal))).toEqual([
      ["factor removal", "failed", true],
    ]);
  });

  test("and secrets, recovery codes and challenges are in no line", async () => {
    const { email, token } = await newPerson();
    const { body: app } = await call("POST", "/api/auth/totp", token, { password });
    const { body: confirmed } = await call("POST", "/api/auth/totp/confirm", token, { code: codeOf(app.secret) });
    const code = codeOf(app.secret, 1);
    const address = "198.51.100.200";
    const started = await api.call("POST", "/api/signin", { body: { email, password }, headers: from(address) });
    await second(started.body.challenge, "canary-code", address);
    await second(started.body.challenge, confirmed.recovery_codes[0], address);
    const all = written.join("\n");
    const { challenge } = started.body;
    const shown = [app.secret, app.uri, challenge, "canary-code", `"${code}"`, ...confirmed.recovery_codes];
    expect(shown.filter((text) => all.includes(text))).toEqual([]);
  });
});

test("no line holds a password, an e-mail address, a token, a device mark or a cursor", async () => {
  const canaries = new Set<string>();
  const canary = (name: string): string => {
    const text = `canary-${name}-${Bun.randomUUIDv7().slice(-12)}`;
    canaries.add(text);
    return text;
  };
  const [name, secret, next] = [canary("address"), canary("password"), canary("new")];
  const email = `${name}@example.com`;
  const signUp = await api.call("POST", "/api/signup", {
    body: { email, password: secret, name: canary("name") },
    headers: from("203.0.113.60"),
  });
  const session = String(signUp.body.access_token);
  const mark = signUp.headers.get(deviceHeader) ?? "";
  const signIn = (given: string) =>
    api.call("POST", "/api/signin", {
      body: { email, password: given },
      headers: { ...from("203.0.113.61"), [deviceHeader]: mark },
    });
  for (let n = 0; n < 7; n++) await signIn(canary("guess"));
  await api.call("POST", "/api/signup", { body: { email, password: secret }, headers: from("203.0.113.62") });
  await api.call("POST", "/api/signup", { body: { email: canary("odd"), password: "password" } });
  const { body: made } = await call("POST", "/api/tokens", session, { name: canary("token name"), scope: "read" });
  await call("POST", "/api/tasks", String(made.token), { title: canary("title") });
  await call("GET", `/api/tokens?cursor=${canary("cursor")}`, session);
  await call("POST", "/api/auth/password", session, { current_password: canary("current"), new_password: next });
  await call("POST", "/api/auth/password", session, { current_password: secret, new_password: next });
  await call("GET", "/api/auth/me", canary("bearer"));
  await call("DELETE", "/api/auth/me", session, { password: next });
  for (const text of [session, mark, String(made.token)]) canaries.add(text);
  const all = written.join("\n");
  expect(canaries.size).toBeGreaterThan(18);
  expect([...canaries].filter((text) => all.includes(text))).toEqual([]);
});

describe("no line, used or refused, holds", () => {
  const browser = browserOf(
    () => api,
    () => rig,
  );
  const addresses = addressesOf(() => api, "canary");
  const post = (path: string, token: string | null, body?: unknown) =>
    api.call("POST", path, { token, ...(body === undefined ? {} : { body }), headers: from("203.0.113.70") });
  const absent = (...secrets: string[]) => {
    const all = written.join("\n");
    expect(secrets.filter((secret) => secret.length < 5 || all.includes(secret))).toEqual([]);
  };
  /** Once for what it is, and once more when it is over. */
  const twice = async (first: number, again: number, work: () => Promise<{ status: number }>) =>
    expect([(await work()).status, (await work()).status]).toEqual([first, again]);

  test("the code of a link that was mailed", async () => {
    await noteTransport({ sql: api.sql }, true);
    const email = addresses.freshEmail();
    const up = await post("/api/signup", null, { email, password });
    const [proof = ""] = await addresses.linksTo(email);
    await twice(204, 422, () => post("/api/auth/verify", null, { token: proof }));
    const next = addresses.freshEmail();
    await post("/api/auth/email", up.body.access_token, { new_email: next, password });
    const [move = ""] = await addresses.linksTo(next);
    await twice(204, 422, () => post("/api/auth/verify", null, { token: move }));
    await post("/api/auth/forgot", null, { email: next });
    const [back = ""] = await addresses.linksTo(next);
    const new_password = "canary horse of seven";
    await twice(204, 422, () => post("/api/auth/reset", null, { token: back, new_password }));
    const stop = unsubscribeToken(api.deps.seals, up.body.user.id);
    const off = { headers: inside, body: { token: stop } };
    expect((await api.call("POST", "/internal/unsubscribe", off)).status).toBe(204);
    absent(proof, move, back, stop, new_password);
  });

  test("the challenge of a passkey", async () => {
    const { token, userId } = await newPerson();
    const device = softAuthenticator();
    const options = async () => (await post("/api/passkeys/options", token)).body;
    const wrong = Buffer.from("canary of a challenge, 32 bytes.").toString("base64url");
    const asked = await options();
    const refused = await post("/api/passkeys", token, { credential: device.create(asked, { challenge: wrong }) });
    expect(refused.status).toBe(422);
    const taken = await options();
    await twice(201, 409, () => post("/api/passkeys", token, { credential: device.create(taken) }));
    const question = (await post("/api/signin/passkey/options", null)).body;
    const enter = (credential: unknown) => post("/api/signin/passkey", null, { credential });
    expect((await enter(device.use(question, userId, { origin: "https://evil.example" }))).status).toBe(401);
    const fresh = (await post("/api/signin/passkey/options", null)).body;
    const answer = device.use(fresh, userId);
    await twice(200, 401, () => enter(answer));
    absent(wrong, asked.challenge, taken.challenge, question.challenge, fresh.challenge, answer.response.signature);
  });

  test("the code of a sign-in provider, or what binds it to a browser", async () => {
    rig.told.claims = rig.person();
    const refused = await browser.start();
    const first = await browser.visit(refused.url);
    expect((await browser.finish(refused, `${first}&state=canary-state`)).status).toBeGreaterThanOrEqual(400);
    const started = await browser.start();
    const callback = await browser.visit(started.url);
    await twice(200, 401, () => browser.finish(started, callback));
    const secrets = [refused, started].flatMap(({ url, flow }) => {
      const { state = "", nonce = "", code_challenge = "" } = Object.fromEntries(new URL(url).searchParams);
      return [flow, state, nonce, code_challenge];
    });
    const codes = [first, callback].map((url) => new URL(url).searchParams.get("code") ?? "");
    const exchanged = rig.asked.tokens.map(({ code_verifier }) => String(code_verifier));
    expect(exchanged.length).toBeGreaterThan(0);
    absent(...secrets, ...codes, ...exchanged, "canary-state", "the secret of the tests");
  });

  test("the secret, token or address of a channel or feed", async () => {
    const { token } = await newPerson();
    const ntfy = { kind: "ntfy", target: "https://ntfy.sh/canary-topic", token: "canary-ntfy-token" };
    expect((await post("/api/channels", token, ntfy)).status).toBe(201);
    expect((await post("/api/channels", token, { ...ntfy, token: "canary\ntoken" })).status).toBe(422);
    const hook = { kind: "webhook", target: "https://hooks.example.com/canary-hook" };
    const { body: made } = await post("/api/channels", token, { ...hook, events: ["task.created"] });
    const { body: rotated } = await post(`/api/channels/${made.id}/secret`, token);
    expect((await post("/api/tasks", token, { title: "heard" })).status).toBe(201);
    const taken = await api.call("POST", "/internal/channels/take", { headers: inside, body: { push_key: null } });
    expect(taken.status).toBe(200);
    const { body: feed } = await post("/api/feeds", token, {});
    expect((await api.call("GET", feed.path)).status).toBe(200);
    absent("canary-topic", "canary-ntfy-token", "canary-hook", "canary\\ntoken", made.secret, rotated.secret);
    absent(/([\w-]{43})\.ics$/.exec(feed.path)?.[1] ?? "");
  });
});
