import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Letter } from "@carillon/contracts/http/letters";
import { appTokenHeader, deviceHeader } from "@carillon/contracts/names";
import { Secret, TOTP } from "otpauth";
import { createApp } from "../src/app.ts";
import { sweepExpired } from "../src/auth/index.ts";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const stepMs = 30_000;
const minuteMs = 60_000;
type App = { secret: string; codes: string[] };
type Guarded = Person & App;

/** What the app shows now, or `steps` later. */
const codeOf = ({ secret }: Pick<App, "secret">, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: api.clock.now().getTime() + steps * stepMs });
const post = (path: string, token: string | null, body: unknown) => api.call("POST", path, { token, body });
const start = ({ token, password }: Person) => post("/api/auth/totp", token, { password });
const confirm = ({ token }: Person, code: string) => post("/api/auth/totp/confirm", token, { code });
const remove = (token: string, password: string, code: string) =>
  api.call("DELETE", "/api/auth/totp", { token, body: { password, code } });
const firstStep = (email: string, password: string) => post("/api/signin", null, { email, password });
const second = (challenge: string, code: string) => post("/api/signin/second", null, { challenge, code });

async function withApp(fields = {}): Promise<Guarded> {
  const person = await api.signUp(fields);
  const { body } = await start(person);
  const confirmed = await confirm(person, codeOf(body));
  expect(confirmed.status).toBe(200);
  api.clock.advance(stepMs);
  return { ...person, secret: body.secret, codes: confirmed.body.recovery_codes };
}

async function challengeFor({ email, password }: Person): Promise<string> {
  const { status, body } = await firstStep(email, password);
  expect([status, body.type]).toEqual([401, "urn:carillon:problem:second_factor_required"]);
  return body.challenge;
}

/** A code that is right for none of the three steps. */
const wrongCode = (app: App): string => {
  const right = [-1, 0, 1].map((steps) => codeOf(app, steps));
  return ["000000", "000001", "000002", "000003"].find((code) => !right.includes(code)) ?? "";
};

describe("an authenticator app", () => {
  test("is set up by password and first code; then the password is half of a sign-in and a code the rest", async () => {
    const ada = await api.signUp();
    expect((await api.call("GET", "/api/auth/totp", ada)).body).toEqual({ enabled: false, recovery_codes_left: 0 });
    const { status, body: app, headers } = await start(ada);
    expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
    const { body } = await confirm(ada, codeOf(app));
    expect(new Set(body.recovery_codes).size).toBe(10);
    for (const code of body.recovery_codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    expect((await api.call("GET", "/api/auth/totp", ada)).body).toEqual({ enabled: true, recovery_codes_left: 10 });

    const halfway = await firstStep(ada.email, ada.password);
    expect([halfway.status, halfway.headers.get(deviceHeader)]).toEqual([401, null]);
    api.clock.advance(stepMs);
    const done = await second(halfway.body.challenge, codeOf(app));
    expect([done.status, done.body.user.id]).toEqual([200, ada.user.id]);
    expect(done.headers.get(deviceHeader)).not.toBeNull();
    expect((await api.call("GET", "/api/auth/me", { token: done.body.access_token })).status).toBe(200);
  });

  test("does nothing before its first code, which counts within 15 minutes, in the same session, and not for another app", async () => {
    const ada = await api.signUp();
    const { body: app } = await start(ada);
    const elsewhere = await firstStep(ada.email, ada.password);
    expect(elsewhere.status).toBe(200);
    expect((await confirm({ ...ada, token: elsewhere.body.access_token }, codeOf(app))).status).toBe(409);
    const { body: later } = await start(ada);
    expect(later.secret).not.toBe(app.secret);
    expect((await confirm(ada, codeOf(app))).status).toBe(422);
    api.clock.advance(15 * minuteMs);
    expect((await confirm(ada, codeOf(later))).status).toBe(409);
    expect((await firstStep(ada.email, ada.password)).status).toBe(200);
  });

  test("its set-up and removal end every other session and every sign-in under way, and no access token", async () => {
    const ada = await api.signUp();
    const { body: token } = await post("/api/tokens", ada.token, { name: "x", scope: "read" });
    const isOpen = async (one: string) => (await api.call("GET", "/api/auth/me", { token: one })).status === 200;
    const other = (await firstStep(ada.email, ada.password)).body.access_token;
    const { body: app } = await start(ada);
    const { body: confirmed } = await confirm(ada, codeOf(app));
    expect(await Promise.all([ada.token, token.token, other].map(isOpen))).toEqual([true, true, false]);
    api.clock.advance(stepMs);
    const another = (await second(await challengeFor(ada), codeOf(app))).body.access_token;
    const halfway = await challengeFor(ada);
    expect((await remove(ada.token, ada.password, confirmed.recovery_codes[0])).status).toBe(204);
    expect(await Promise.all([ada.token, token.token, another].map(isOpen))).toEqual([true, true, false]);
    const letters = await api.sql`select from api.letters where user_id = ${ada.user.id} and kind = 'factor_changed'`;
    expect(letters).toHaveLength(2);
    api.clock.advance(stepMs);
    expect((await second(halfway, codeOf(app))).status).toBe(401);
    expect((await firstStep(ada.email, ada.password)).status).toBe(200);
  });

  test("is removed by password and code together, and replaced only then", async () => {
    const ada = await withApp();
    expect((await start(ada)).status).toBe(409);
    const tries = [
      await remove(ada.token, "not the password", codeOf(ada)),
      await remove(ada.token, ada.password, wrongCode(ada)),
      await start({ ...ada, password: "not the password" }),
    ];
    expect(tries.map(({ status, body }) => [status, body.errors[0].pointer])).toEqual([
      [422, "/password"],
      [422, "/code"],
      [422, "/password"],
    ]);
    expect((await remove(ada.token, ada.password, codeOf(ada))).status).toBe(204);
    expect((await remove(ada.token, ada.password, codeOf(ada))).status).toBe(409);
    expect((await start(ada)).status).toBe(200);
    expect((await api.call("GET", "/api/auth/totp", ada)).body).toEqual({ enabled: false, recovery_codes_left: 0 });
  });

  test("is nothing that an access token may touch", async () => {
    const ada = await withApp();
    const { body } = await post("/api/tokens", ada.token, { name: "x", scope: "write" });
    const token = body.token;
    const answers = [
      await api.call("GET", "/api/auth/totp", { token }),
      await post("/api/auth/totp", token, { password: ada.password }),
      await post("/api/auth/totp/confirm", token, { code: codeOf(ada) }),
      await remove(token, ada.password, codeOf(ada)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  test("shows its secret and its recovery codes once, also under an Idempotency-Key", async () => {
    const ada = await api.signUp();
    const headers = { "idempotency-key": "once" };
    const ask = () =>
      api.call("POST", "/api/auth/totp", { token: ada.token, body: { password: ada.password }, headers });
    const { body: app } = await ask();
    expect((await ask()).status).toBe(409);
    const code = codeOf(app);
    const codes = () =>
      api.call("POST", "/api/auth/totp/confirm", {
        token: ada.token,
        body: { code },
        headers: { "idempotency-key": "2" },
      });
    expect((await codes()).status).toBe(200);
    expect((await codes()).status).toBe(409);
  });
});

describe("a code", () => {
  test("is used once, in this sign-in and in any other, and none before it counts any more", async () => {
    const ada = await withApp();
    const code = codeOf(ada);
    const earlier = codeOf(ada, -1);
    expect((await second(await challengeFor(ada), code)).status).toBe(200);
    for (const used of [code, earlier]) {
      const { status, body } = await second(await challengeFor(ada), used);
      expect([status, body.errors[0].pointer]).toEqual([422, "/code"]);
    }
    expect((await second(await challengeFor(ada), codeOf(ada, 1))).status).toBe(200);
  });

  test("of two replicas that get one code at once one takes it", async () => {
    const ada = await withApp();
    const challenges = [await challengeFor(ada), await challengeFor(ada)];
    const other = createApp(api.deps);
    const code = codeOf(ada);
    const asked = challenges.map((challenge, at) => {
      const request = new Request("http://localhost/api/signin/second", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ challenge, code }),
      });
      return (at === 0 ? api.app : other).handle(request);
    });
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  test("that set up the app opens no sign-in", async () => {
    const ada = await api.signUp();
    const { body: app } = await start(ada);
    const code = codeOf(app);
    expect((await confirm(ada, code)).status).toBe(200);
    expect((await second(await challengeFor(ada), code)).status).toBe(422);
  });
});

describe("a recovery code", () => {
  test("opens once, however it is typed, and counts down", async () => {
    const ada = await withApp();
    const [first = "", last = ""] = [ada.codes[0], ada.codes[9]];
    expect((await second(await challengeFor(ada), first)).status).toBe(200);
    expect((await second(await challengeFor(ada), first)).status).toBe(422);
    const typed = ` ${last.toUpperCase().replaceAll("-", " ").replaceAll("0", "O").replaceAll("1", "I")} `;
    expect((await second(await challengeFor(ada), typed)).status).toBe(200);
    expect((await api.call("GET", "/api/auth/totp", ada)).body).toEqual({ enabled: true, recovery_codes_left: 8 });
  });

  test("of two uses at once one opens", async () => {
    const ada = await withApp();
    const challenges = [await challengeFor(ada), await challengeFor(ada), await challengeFor(ada)];
    const answers = await Promise.all(challenges.map((challenge) => second(challenge, ada.codes[3] ?? "")));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
  });

  test("opens no other account, and secret and codes stand nowhere in the clear", async () => {
    const [ada, bob] = [await withApp(), await withApp()];
    expect((await second(await challengeFor(bob), ada.codes[0] ?? "")).status).toBe(422);
    expect((await second(await challengeFor(bob), codeOf(ada))).status).toBe(422);
    const rows =
      await api.sql`select t::text as row from api.totp t union all select r::text from api.recovery_codes r`;
    const stored = JSON.stringify(rows) + JSON.stringify(await api.outbox(ada.user.id)) + JSON.stringify(api.lines);
    const hex = (text: string) => Buffer.from(text).toString("hex");
    const bytes = Buffer.from(Secret.fromBase32(ada.secret).bytes).toString("hex");
    const shown = [ada.secret, bytes, ...ada.codes, ...ada.codes.map((code) => code.replaceAll("-", ""))];
    for (const text of [...shown, ...shown.map(hex)]) expect(stored.includes(text)).toBe(false);
  });

  test("still opens when the apps' secrets cannot be read any more, because JWT_SECRET was replaced", async () => {
    const ada = await withApp();
    await api.sql`update api.totp set sealed_secret = decode(repeat('00', 60), 'hex') where user_id = ${ada.user.id}`;
    expect((await second(await challengeFor(ada), codeOf(ada))).status).toBe(422);
    expect((await second(await challengeFor(ada), ada.codes[0] ?? "")).status).toBe(200);
  });
});

describe("a challenge", () => {
  test("lasts five minutes, one sign-in and five codes", async () => {
    const ada = await withApp();
    const late = await challengeFor(ada);
    api.clock.advance(5 * minuteMs);
    expect((await second(late, codeOf(ada))).status).toBe(401);
    const used = await challengeFor(ada);
    expect((await second(used, codeOf(ada))).status).toBe(200);
    api.clock.advance(stepMs);
    expect((await second(used, codeOf(ada))).status).toBe(401);
    const tried = await challengeFor(ada);
    for (let at = 0; at < 5; at++) expect((await second(tried, wrongCode(ada))).status).toBe(422);
    expect((await second(tried, codeOf(ada))).status).toBe(401);
  });

  test("of one account opens no other; a bent, foreign or made-up one opens nothing", async () => {
    const [ada, bob] = [await withApp(), await withApp()];
    const challenge = await challengeFor(ada);
    expect((await second(challenge, codeOf(bob))).status).toBe(422);
    const [row] = await api.sql<{ id: string }[]>`select id from api.challenges where user_id = ${ada.user.id}`;
    const moved = api.deps.seals.sealCursor("second step", [bob.user.id, row?.id]);
    const foreign = api.deps.seals.sealCursor("reset link", [ada.user.id, row?.id]);
    for (const one of ["", "x", challenge.slice(1), `${challenge}=`, moved, foreign, ada.token])
      expect((await second(one, codeOf(bob))).status).toBe(401);
    expect((await second(challenge, codeOf(ada))).status).toBe(200);
  });

  test("is over when the password changes, and a new password leaves the factor in place", async () => {
    const ada = await withApp();
    const halfway = await challengeFor(ada);
    expect((await post("/api/auth/forgot", null, { email: ada.email })).status).toBe(202);
    const { body } = await api.call("POST", "/internal/letters/take", {
      headers: { [appTokenHeader]: appToken },
      body: {},
    });
    const { token } = body.letters.find((one: Letter) => one.email === ada.email && one.kind === "reset");
    const new_password = "another horse of seven";
    expect((await post("/api/auth/reset", null, { token, new_password })).status).toBe(204);
    expect((await second(halfway, codeOf(ada))).status).toBe(401);
    const again = await challengeFor({ ...ada, password: new_password });
    expect((await second(again, wrongCode(ada))).status).toBe(422);
    expect((await second(again, codeOf(ada))).status).toBe(200);
  });

  test("leaves nothing behind: expired ones are swept, and an erased account's factors go with it", async () => {
    const ada = await withApp();
    const halfway = await challengeFor(ada);
    api.clock.advance(5 * minuteMs);
    expect((await sweepExpired(api.deps)).challenges).toBeGreaterThan(0);
    const { body } = await second(await challengeFor(ada), codeOf(ada));
    const erased = { token: body.access_token, body: { password: ada.password } };
    expect((await api.call("DELETE", "/api/auth/me", erased)).status).toBe(204);
    const [left] = await api.sql`
      select (select count(*)::int from api.totp where user_id = ${ada.user.id}) as apps,
        (select count(*)::int from api.recovery_codes where user_id = ${ada.user.id}) as codes,
        (select count(*)::int from api.challenges where user_id = ${ada.user.id}) as challenges`;
    expect(left).toEqual({ apps: 0, codes: 0, challenges: 0 });
    expect((await second(halfway, codeOf(ada))).status).toBe(401);
  });
});
