import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sweepExpired } from "../src/auth/index.ts";
import { softAuthenticator } from "./authenticator.ts";
import { type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const minuteMs = 60_000;
type Authenticator = ReturnType<typeof softAuthenticator>;

const post = (path: string, token: string | null, body?: unknown) =>
  api.call("POST", path, { token, ...(body === undefined ? {} : { body }) });
const options = async ({ token }: Pick<Person, "token">) => (await post("/api/passkeys/options", token)).body;
const create = ({ token }: Pick<Person, "token">, credential: unknown, name?: string) =>
  post("/api/passkeys", token, name === undefined ? { credential } : { credential, name });
const ask = async () => (await post("/api/signin/passkey/options", null)).body;
const enter = (credential: unknown) => post("/api/signin/passkey", null, { credential });
const list = async ({ token }: Pick<Person, "token">) => (await api.call("GET", "/api/passkeys", { token })).body.data;
const remove = ({ token }: Pick<Person, "token">, id: string) => api.call("DELETE", `/api/passkeys/${id}`, { token });

type Keyed = Person & { device: Authenticator; id: string };

async function withPasskey(name = "phone"): Promise<Keyed> {
  const person = await api.signUp();
  const device = softAuthenticator();
  const { status, body } = await create(person, device.create(await options(person)), name);
  expect(status).toBe(201);
  return { ...person, device, id: body.id };
}

describe("a passkey", () => {
  test("is made for the product's own host, with its lock, and signs in by itself", async () => {
    const ada = await api.signUp({ name: "Ada" });
    const asked = await options(ada);
    expect(asked).toMatchObject({
      rp: { id: "localhost", name: "Carillon" },
      user: { name: ada.email, displayName: "Ada" },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    const device = softAuthenticator();
    const { status, body } = await create(ada, device.create(asked), "  phone ");
    expect([status, body]).toEqual([
      201,
      { id: body.id, name: "phone", created_at: body.created_at, last_used_at: null },
    ]);
    const question = await ask();
    expect(question).toMatchObject({ rpId: "localhost", userVerification: "required" });
    expect(question.allowCredentials ?? []).toEqual([]);
    const entered = await enter(device.use(question, ada.user.id));
    expect([entered.status, entered.body.user.id]).toEqual([200, ada.user.id]);
    expect((await api.call("GET", "/api/auth/me", { token: entered.body.access_token })).status).toBe(200);
    expect((await list(ada))[0].last_used_at).not.toBeNull();
    expect((await options(ada)).excludeCredentials).toMatchObject([{ id: device.id }]);
  });

  test("is refused for another site, host, challenge or session, without its lock, late, and a second time", async () => {
    const [ada, bob] = [await api.signUp(), await api.signUp()];
    const tries = [
      { origin: "https://evil.example" },
      { origin: "http://localhost:3001" },
      { rpId: "evil.example" },
      { challenge: Buffer.alloc(32).toString("base64url") },
      { challenge: (await options(bob)).challenge },
      { flags: 0x01 },
    ];
    for (const odd of tries) {
      const { status, body } = await create(ada, softAuthenticator().create(await options(ada), odd));
      expect([odd, status, body.errors?.[0].pointer]).toEqual([odd, 422, "/credential"]);
    }
    const device = softAuthenticator();
    const asked = await options(ada);
    expect((await create(ada, device.create(asked, { origin: "https://evil.example" }))).status).toBe(422);
    // Its one answer was given.
    expect((await create(ada, device.create(asked))).status).toBe(409);
    const late = await options(ada);
    api.clock.advance(5 * minuteMs);
    expect((await create(ada, device.create(late))).status).toBe(409);
    const { body: elsewhere } = await post("/api/signin", null, { email: ada.email, password: ada.password });
    const again = { token: elsewhere.access_token };
    const started = await options(again);
    expect((await create(ada, device.create(started))).status).toBe(409);
    expect((await create(again, device.create(started))).status).toBe(201);
    expect((await create(again, device.create(await options(again)))).status).toBe(409);
    expect((await create(again, { id: "x", rawId: "x", type: "public-key", response: {} })).status).toBe(422);
  });

  test("removed opens nothing any more, ends every other session, and is nothing of another user", async () => {
    const [ada, bob] = [await withPasskey(), await withPasskey()];
    expect((await remove(bob, ada.id)).status).toBe(404);
    expect((await remove(ada, "x")).status).toBe(404);
    const { body } = await enter(ada.device.use(await ask(), ada.user.id));
    expect((await remove(ada, ada.id)).status).toBe(204);
    expect((await api.call("GET", "/api/auth/me", { token: body.access_token })).status).toBe(401);
    expect((await api.call("GET", "/api/auth/me", { token: ada.token })).status).toBe(200);
    expect((await enter(ada.device.use(await ask(), ada.user.id))).status).toBe(401);
    expect(await list(ada)).toEqual([]);
    expect(await list(bob)).toHaveLength(1);
  });

  test("is changed only after a recent proof, by no access token, and told to the owner", async () => {
    const ada = await withPasskey();
    const { body: made } = await post("/api/tokens", ada.token, { name: "x", scope: "write" });
    const answers = [
      await post("/api/passkeys/options", made.token),
      await create({ token: made.token }, ada.device.create({ challenge: "x", rp: { id: "localhost" } })),
      await api.call("GET", "/api/passkeys", { token: made.token }),
      await remove({ token: made.token }, ada.id),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    const letters = await api.sql`
      select kind from api.letters where user_id = ${ada.user.id} and kind = 'factor_changed'`;
    expect(letters).toHaveLength(1);
    api.clock.advance(5 * minuteMs + 1_000);
    for (const late of [await post("/api/passkeys/options", ada.token), await remove(ada, ada.id)])
      expect([late.status, late.body.type]).toEqual([403, "urn:carillon:problem:proof_required"]);
  });

  test("is one of at most twenty, and gone with its account", async () => {
    const ada = await withPasskey();
    await api.sql`
      insert into api.passkeys (user_id, id, name, credential_id, public_key, counter, transports, created_at)
      select ${ada.user.id}, gen_random_uuid(), 'x', 'x' || n, 'x', 0, '', now() from generate_series(1, 19) n`;
    expect((await post("/api/passkeys/options", ada.token)).status).toBe(409);
    const { password } = ada;
    expect((await api.call("DELETE", "/api/auth/me", { token: ada.token, body: { password } })).status).toBe(204);
    const left = await api.sql`select from api.passkeys where user_id = ${ada.user.id}`;
    expect(left).toHaveLength(0);
    expect((await enter(ada.device.use(await ask(), ada.user.id))).status).toBe(401);
  });
});

describe("a sign-in by passkey", () => {
  test("is refused for another site, host, user, challenge, signature or counter, and without its lock", async () => {
    const [ada, bob] = [await withPasskey(), await withPasskey()];
    const handle = Buffer.from(bob.user.id.replaceAll("-", ""), "hex").toString("base64url");
    const odd = [
      { origin: "https://evil.example" },
      { origin: "http://localhost:3000.evil.example" },
      { rpId: "evil.example" },
      { challenge: Buffer.alloc(32).toString("base64url") },
      { handle },
      { handle: "" },
      { flags: 0x01 },
      { flags: 0x04 },
    ];
    for (const one of odd)
      expect([one, (await enter(ada.device.use(await ask(), ada.user.id, one))).status]).toEqual([one, 401]);
    const bent = ada.device.use(await ask(), ada.user.id);
    bent.response.signature = bob.device.use(await ask(), ada.user.id).response.signature;
    expect((await enter(bent)).status).toBe(401);
    const foreign = ada.device.use(await ask(), ada.user.id);
    expect((await enter({ ...foreign, id: bob.device.id, rawId: bob.device.id })).status).toBe(401);
    for (const text of ["", "x", "{}", "null", "[1]"]) {
      const broken = ada.device.use(await ask(), ada.user.id);
      broken.response.clientDataJSON = Buffer.from(text).toString("base64url");
      expect((await enter(broken)).status).toBe(401);
    }
    expect((await enter(ada.device.use(await ask(), ada.user.id))).status).toBe(200);
    // A copy of the key that lags behind.
    expect((await enter(ada.device.use(await ask(), ada.user.id, { counter: 1 }))).status).toBe(401);
    expect((await enter(ada.device.use(await ask(), ada.user.id))).status).toBe(200);
  });

  test("is answered once, within five minutes, and of two answers at once one counts", async () => {
    const ada = await withPasskey();
    const used = ada.device.use(await ask(), ada.user.id);
    const answers = await Promise.all([enter(used), enter(used), enter(used)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    const late = await ask();
    api.clock.advance(5 * minuteMs);
    expect((await enter(ada.device.use(late, ada.user.id))).status).toBe(401);
    expect((await sweepExpired(api.deps)).challenges).toBeGreaterThan(0);
  });
});
