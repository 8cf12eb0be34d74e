import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { BlockList } from "node:net";
import { appTokenHeader } from "@carillon/contracts/names";
import { sweepExpired } from "../src/auth/index.ts";
import { countRequest } from "../src/auth/rate-limit.ts";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";

const loopback = new BlockList();
loopback.addAddress("127.0.0.1", "ipv4");

let api: Harness;
beforeAll(async () => {
  api = await startApi({ ratePerMinute: 100 });
});
afterAll(async () => {
  await api.app.stop(true);
  await api.close();
});

/** Through web, as from a browser at this address, so that the tests' own sign-ups do not reach the limit. */
let browsers = 0;
const viaWeb = (address: string) => ({ [appTokenHeader]: appToken, "x-forwarded-for": address });

async function newPerson(): Promise<Person> {
  const email = `limited-${++browsers}@example.com`;
  const body = { email, password: "correct horse battery" };
  const { body: made } = await api.call("POST", "/api/signup", { body, headers: viaWeb(`198.51.100.${browsers}`) });
  return { user: made.user, token: made.access_token, email, password: body.password };
}

const times = <Result>(count: number, work: () => Promise<Result>) => Promise.all(Array.from({ length: count }, work));
const tally = (statuses: number[]) =>
  Object.fromEntries([...Map.groupBy(statuses, (status) => status)].map(([status, all]) => [status, all.length]));

describe("requests of a user", () => {
  test("a minute's amount may come at once, the next is 429 and says in whole seconds when to retry", async () => {
    const { token } = await newPerson();
    const get = async () => api.call("GET", "/api/auth/me", { token });
    const answers = await times(103, get);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 100, 429: 3 });
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(refused?.body.type).toBe("urn:carillon:problem:too_many_requests");
    api.clock.advance(599);
    expect((await get()).status).toBe(429);
    api.clock.advance(1);
    expect((await get()).status).toBe(200);
    expect((await get()).status).toBe(429);
    api.clock.advance(60_000);
    expect(tally((await times(101, get)).map(({ status }) => status))).toEqual({ 200: 100, 429: 1 });
  });

  test.each([1, 7, 61, 333])("at %d a minute exactly that many come at once", async (ratePerMinute) => {
    const deps = { ...api.deps, settings: { ...api.deps.settings, ratePerMinute } };
    const request = new Request("http://localhost/api/tasks");
    const userId = Bun.randomUUIDv7();
    const outcomes = await Promise.allSettled(
      Array.from({ length: ratePerMinute + 3 }, () => countRequest(deps, request, userId)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(ratePerMinute);
  });

  test("count together whatever the credential and whether the path exists, per user", async () => {
    const person = await newPerson();
    const { body: made } = await api.call("POST", "/api/tokens", {
      token: person.token,
      body: { name: "p", scope: "read" },
    });
    await times(50, () => api.call("GET", "/api/nowhere", { token: person.token }));
    await times(49, () => api.call("POST", "/api/tasks", { token: made.token, body: {} }));
    expect((await api.call("GET", "/api/auth/me", { token: made.token })).status).toBe(429);
    expect((await api.call("GET", "/api/auth/me", { token: person.token })).status).toBe(429);
    const other = await newPerson();
    expect((await api.call("GET", "/api/auth/me", { token: other.token })).status).toBe(200);
  });

  test("do not count when web makes them; a wrong app token does not pass for web", async () => {
    const { token } = await newPerson();
    const get = (given: string) => api.call("GET", "/api/auth/me", { token, headers: { [appTokenHeader]: given } });
    const fromWeb = await times(150, () => get(appToken));
    expect(tally(fromWeb.map(({ status }) => status))).toEqual({ 200: 150 });
    const pretended = await times(101, () => get("guess"));
    expect(tally(pretended.map(({ status }) => status))).toEqual({ 200: 100, 429: 1 });
  });

  test("without a valid credential are 401, never 429, and count for no user", async () => {
    const answers = await times(120, () => api.call("GET", "/api/auth/me", { token: "x" }));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 120 });
  });

  test("preflights and documents do not count", async () => {
    const headers = { origin: "https://x.example", "access-control-request-method": "GET" };
    const answers = await times(120, () => api.call("OPTIONS", "/api/tasks", { headers }));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 120 });
  });
});

describe("sign-up and sign-in", () => {
  /** Each with another e-mail address, so that they share only the client. */
  let strangers = 0;
  const guess = (headers: Record<string, string>) =>
    api.call("POST", "/api/signin", {
      headers,
      body: { email: `unknown-${++strangers}@example.com`, password: "a guess" },
    });
  const oneByOne = async (count: number, work: () => Promise<{ status: number }>) => {
    const statuses: number[] = [];
    for (let n = 0; n < count; n++) statuses.push((await work()).status);
    return tally(statuses);
  };

  test("count per browser address that web names, a fifth of the ordinary rate", async () => {
    expect(await oneByOne(25, () => guess(viaWeb("203.0.113.1")))).toEqual({ 401: 20, 429: 5 });
    expect((await guess(viaWeb("203.0.113.1"))).headers.get("retry-after")).toBe("3");
    expect((await guess(viaWeb("203.0.113.2"))).status).toBe(401);
    api.clock.advance(3_000);
    expect((await guess(viaWeb("203.0.113.1"))).status).toBe(401);
  });

  test("share one bucket: guesses use up what new accounts need", async () => {
    await oneByOne(20, () => guess(viaWeb("203.0.113.3")));
    const body = { email: "late@example.com", password: "correct horse battery" };
    const late = await api.call("POST", "/api/signup", { body, headers: viaWeb("203.0.113.3") });
    expect(late.status).toBe(429);
  });

  test("one holder's IPv6 addresses count as one", async () => {
    let n = 0;
    const next = () => guess(viaWeb(`2001:db8:1:2::${(++n).toString(16)}`));
    expect(await oneByOne(21, next)).toEqual({ 401: 20, 429: 1 });
  });

  test("a guess takes no place in the hashing queue once the bucket is empty", async () => {
    const { passwords } = api.deps;
    const { verifyNobody } = passwords;
    let verified = 0;
    passwords.verifyNobody = (...given) => {
      verified++;
      return verifyNobody(...given);
    };
    await oneByOne(30, () => guess(viaWeb("203.0.113.4")));
    passwords.verifyNobody = verifyNobody;
    expect(verified).toBe(20);
  });

  test("through one proxy count together, a hundred clients' worth, excluding known clients", async () => {
    const viaProxy = (n: number) => viaWeb(`2001:db8:${n.toString(16)}::1, 10.9.9.9`);
    const tight = await startApi({ ratePerMinute: 1 });
    const statuses: number[] = [];
    for (let n = 0; n < 103; n++) {
      const body = { email: `proxied-${n}@example.com`, password: "correct horse battery" };
      statuses.push((await tight.call("POST", "/api/signup", { body, headers: viaProxy(n) })).status);
    }
    await tight.close();
    expect(tally(statuses)).toEqual({ 201: 100, 429: 3 });
  });

  test("over a socket the peer counts; its X-Forwarded-For counts only from a trusted proxy", async () => {
    const trusting = await startApi({ ratePerMinute: 100, trustedProxies: loopback });
    let n = 0;
    const over = ({ app }: Harness) => {
      if (!app.server) app.listen({ hostname: "127.0.0.1", port: 0 });
      const url = `http://127.0.0.1:${app.server?.port}/api/signin`;
      return async (forwarded: string) => {
        const headers = { "content-type": "application/json", "x-forwarded-for": forwarded };
        const body = JSON.stringify({ email: `socket-${++n}@example.com`, password: "y" });
        return fetch(url, { method: "POST", headers, body });
      };
    };
    const [doubting, believing] = [over(api), over(trusting)];
    expect(await oneByOne(22, () => doubting(`192.0.2.${++n}`))).toEqual({ 401: 20, 429: 2 });
    expect(await oneByOne(22, () => believing("192.0.2.1, 203.0.113.200"))).toEqual({ 401: 20, 429: 2 });
    expect((await believing("192.0.2.1, 203.0.113.201:4711")).status).toBe(401);
    // The warning needs no app token: it names the setting, once.
    const warnings = api.lines.filter(({ message }) => message.includes("TRUSTED_PROXIES"));
    expect(warnings.map(({ fields }) => fields)).toEqual([{ peer: "127.0.0.1" }]);
    await trusting.app.stop(true);
    await trusting.close();
  });
});

describe("proving the password while signed in", () => {
  test("is slowed down like sign-in, through web as well: a stolen session does not allow guessing", async () => {
    const person = await newPerson();
    const headers = { [appTokenHeader]: appToken };
    const guess = (token: string) =>
      api.call("DELETE", "/api/auth/me", { token, headers, body: { password: "a wrong one" } });
    const guesses = await times(22, () => guess(person.token));
    expect(tally(guesses.map(({ status }) => status))).toEqual({ 422: 5, 429: 17 });
    const change = { current_password: person.password, new_password: "a better password" };
    const changed = (token: string) => api.call("POST", "/api/auth/password", { token, headers, body: change });
    expect((await changed(person.token)).status).toBe(429);
    // The thief's session was slowed down, not the owner's.
    const signedIn = await api.call("POST", "/api/signin", {
      body: { email: person.email, password: person.password },
      headers: viaWeb("203.0.113.5"),
    });
    expect((await changed(signedIn.body.access_token)).status).toBe(204);
  });
});

describe("housekeeping", () => {
  test("deletes expired rows and nothing else", async () => {
    const person = await newPerson();
    const later = new Date(api.clock.now().getTime() + 3_600_000).toISOString();
    const create = (name: string, expires_at: string | null) =>
      api.call("POST", "/api/tokens", {
        token: person.token,
        headers: { "idempotency-key": name },
        body: { name, scope: "read", expires_at },
      });
    await create("brief", later);
    await create("lasting", null);
    const counts = async () => {
      const [row] = await api.sql`
        select (select count(*)::int from api.sessions where user_id = ${person.user.id}) as sessions,
          (select array_agg(name order by name) from api.tokens where user_id = ${person.user.id}) as tokens,
          (select count(*)::int from api.idempotency_keys where user_id = ${person.user.id}) as keys,
          (select count(*)::int from api.rate_limits) as limits`;
      return row;
    };
    await sweepExpired(api.deps);
    const before = await counts();
    expect(before).toMatchObject({ sessions: 1, tokens: ["brief", "lasting"], keys: 2 });
    api.clock.advance(3_600_000);
    expect(await sweepExpired(api.deps)).toMatchObject({ sessions: 0, tokens: 1, idempotencyKeys: 0 });
    expect(await counts()).toEqual({ sessions: 1, tokens: ["lasting"], keys: 2, limits: 0 });
    // A session that is not used ends after a week.
    api.clock.advance(7 * 86_400_000);
    expect(await sweepExpired(api.deps)).toMatchObject({ tokens: 0, idempotencyKeys: 2, rateLimits: 0 });
    expect(await counts()).toEqual({ sessions: 0, tokens: ["lasting"], keys: 0, limits: 0 });
    expect(await api.outbox(person.user.id)).toEqual([]);
  });
});

describe("RATE_LIMIT_PER_MINUTE=0", () => {
  test("turns every limit off and stores nothing", async () => {
    const free = await startApi({ ratePerMinute: 0 });
    const { token } = await free.signUp();
    await times(120, () => free.call("GET", "/api/auth/me", { token }));
    for (let n = 0; n < 40; n++) {
      const body = { email: "unknown@example.com", password: "a guess" };
      expect((await free.call("POST", "/api/signin", { body })).status).toBe(401);
    }
    expect((await free.sql`select from api.rate_limits`).count).toBe(0);
    expect((await free.sql`select from api.password_tries`).count).toBe(0);
    await free.close();
  });
});
