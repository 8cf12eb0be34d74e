import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Letter } from "@carillon/contracts/http/letters";
import { appTokenHeader } from "@carillon/contracts/names";
import { databaseNow, followDatabaseClock } from "@carillon/kit/clock";
import { silentLog } from "@carillon/kit/observe";
import { testDatabase } from "@carillon/testing/database";
import { wrongDate } from "@carillon/testing/wrong-date";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";

const [minute, hour] = [60_000, 3_600_000];
const skews = [5 * minute, -5 * minute, 26 * hour, -26 * hour];
/** How far a running database's clock and ours may be apart on one machine. */
const nearMs = 2_000;

const date = wrongDate();
let api: Harness;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const database = await testDatabase({ migrations: ["api"] });
  const sql = database.connectAs("api");
  const wall = () => new Date();
  const followed = await followDatabaseClock({
    ask: async () => databaseNow(sql),
    wall,
    service: "api",
    log: silentLog,
  });
  stop = async () => {
    await followed.stop();
    await sql.end({ timeout: 2 });
  };
  api = await startApi({}, (deps) => ({ ...deps, clock: followed.clock, databaseNow }), database);
});
afterEach(() => date.set(0));
afterAll(async () => {
  date.restore();
  await stop();
  await api.close();
});

const me = async (token: string): Promise<number> => (await api.call("GET", "/api/auth/me", { token })).status;
const claimsOf = (token: string): { iat: number; exp: number } =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

async function signIn({ email, password }: Person): Promise<string> {
  return (await api.call("POST", "/api/signin", { body: { email, password } })).body.access_token;
}

test.each(skews)(
  "a clock that jumps by %d ms and back ends no session, and none begins at another time",
  async (skewMs) => {
    const ada = await api.signUp();
    date.set(skewMs);
    const during = await signIn(ada);
    const { body: renewed } = await api.call("POST", "/api/auth/renew", { token: ada.token });
    const tokens = [ada.token, during, renewed.access_token];
    for (const token of tokens) expect(await me(token)).toBe(200);
    date.set(0);
    for (const token of tokens) expect(await me(token)).toBe(200);
    const nowMs = (await databaseNow(api.sql)).getTime();
    for (const token of tokens) {
      const { iat, exp } = claimsOf(token);
      expect(exp - iat).toBe(1_440 * 60);
      expect(Math.abs(nowMs - iat * 1_000)).toBeLessThan(nearMs + 1_000);
    }
  },
);

test.each(skews)(
  "a session that has ended by the database's clock is over, whatever %d ms the machine is off",
  async (skewMs) => {
    const ada = await api.signUp();
    await api.sql`update api.sessions set expires_at = now() - interval '1 second' where user_id = ${ada.user.id}`;
    date.set(skewMs);
    expect(await me(ada.token)).toBe(401);
    expect((await api.call("POST", "/api/auth/renew", { token: ada.token })).status).toBe(401);
  },
);

test.each(skews)(
  "access tokens, links and keys live as long as ever with a clock that is off by %d ms",
  async (skewMs) => {
    const ada = await api.signUp();
    date.set(skewMs);
    const nowMs = (await databaseNow(api.sql)).getTime();
    const tokenUntil = (ms: number) => {
      const body = { name: "x", scope: "write", expires_at: new Date(nowMs + ms).toISOString() };
      return api.call("POST", "/api/tokens", { token: ada.token, body });
    };
    expect((await tokenUntil(-minute)).status).toBe(422);
    const { body: made } = await tokenUntil(minute);
    expect(await me(made.token)).toBe(200);
    const headers = { "idempotency-key": `key-${skewMs}` };
    const create = () => api.call("POST", "/api/tasks", { token: made.token, headers, body: { title: "once" } });
    const first = await create();
    date.set(0);
    expect((await create()).body.id).toBe(first.body.id);
    expect(await me(made.token)).toBe(200);
    const link = await linkFor(ada);
    date.set(skewMs);
    const body = { token: link, new_password: "another horse of seven" };
    expect((await api.call("POST", "/api/auth/reset", { body })).status).toBe(204);
  },
);

async function linkFor({ email }: Person): Promise<string> {
  expect((await api.call("POST", "/api/auth/forgot", { body: { email } })).status).toBe(202);
  const taken = await api.call("POST", "/internal/letters/take", { headers: { [appTokenHeader]: appToken }, body: {} });
  const letters: Letter[] = taken.body.letters;
  return letters.find((one) => one.email === email && one.kind === "reset")?.token ?? "";
}

test("a neighbour gets the database's time", async () => {
  date.set(26 * hour);
  const { body } = await api.call("GET", "/internal/clock", { headers: { [appTokenHeader]: appToken } });
  date.set(0);
  expect(Math.abs(Date.parse(body.now) - (await databaseNow(api.sql)).getTime())).toBeLessThan(nearMs);
});
