import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { appTokenHeader, deviceHeader } from "@carillon/contracts/names";
import { sweepExpired } from "../src/auth/index.ts";
import { type Answered, appToken, type Harness, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi({ ratePerMinute: 100 });
});
afterAll(() => api.close());

type From = { address: string; device?: string };

/** Through web, as from a browser at this address, with web's cookie. */
const headersOf = ({ address, device }: From) => ({
  [appTokenHeader]: appToken,
  "x-forwarded-for": address,
  ...(device === undefined ? {} : { [deviceHeader]: device }),
});

const password = "correct horse battery";
let people = 0;

/** A new account, created at an address and on a device that no other test uses. */
async function newPerson(): Promise<{ email: string; home: Required<From> }> {
  const email = `throttled-${++people}@example.com`;
  const address = `198.51.100.${people}`;
  const made = await api.call("POST", "/api/signup", { body: { email, password }, headers: headersOf({ address }) });
  expect(made.status).toBe(201);
  return { email, home: { address, device: made.headers.get(deviceHeader) ?? "" } };
}

const signIn = (email: string, given: string, from: From): Promise<Answered> =>
  api.call("POST", "/api/signin", { body: { email, password: given }, headers: headersOf(from) });

const strangersAddress = (n: number): From => ({ address: `203.0.113.${n % 250}` });

/** 200 wrong passwords from 200 addresses over one minute; how many of them were checked. */
async function attack(email: string): Promise<{ judged: number; waits: number[] }> {
  let judged = 0;
  const waits: number[] = [];
  for (let n = 0; n < 200; n++) {
    const { status, headers } = await signIn(email, `guess number ${n}`, strangersAddress(n));
    if (status === 401) judged++;
    else waits.push(Number(headers.get("retry-after")));
    api.clock.advance(300);
  }
  return { judged, waits };
}

describe("guessing one account's password from 200 addresses", () => {
  test("is checked at most 15 times in the first minute, and the owner still gets in from a known client", async () => {
    const { email, home } = await newPerson();
    const { judged, waits } = await attack(email);
    expect(judged).toBeGreaterThan(4);
    expect(judged).toBeLessThanOrEqual(15);
    expect(waits.every((seconds) => seconds >= 1 && seconds <= 60)).toBe(true);
    const byAddress = await signIn(email, password, { address: home.address });
    expect(byAddress.status).toBe(200);
    const byDevice = await signIn(email, password, { address: "192.0.2.77", device: home.device });
    expect(byDevice.status).toBe(200);
    // The right password from elsewhere waits like that of any unknown client.
    expect((await signIn(email, password, strangersAddress(1))).status).toBe(429);
    // The owner's sign-ins do not reset the unknown clients' attempts.
    expect((await signIn(email, "guess", strangersAddress(2))).status).toBe(429);
  });

  test("looks the same, answer by answer, for an address without an account", async () => {
    const { email } = await newPerson();
    const answers = async (name: string) => {
      const seen: unknown[] = [];
      for (let n = 0; n < 40; n++) {
        const { status, headers, body } = await signIn(name, "a guess", strangersAddress(100 + n));
        seen.push([status, headers.get("retry-after"), body.detail, body.type]);
        api.clock.advance(700);
      }
      return seen;
    };
    const known = await answers(email);
    api.clock.advance(3_600_000);
    expect(await answers("unknown@example.com")).toEqual(known);
  });

  test("waits 1, 2, 4 … 60 seconds after five attempts, and restarts after a quiet quarter of an hour", async () => {
    const { email } = await newPerson();
    let n = 0;
    const guess = () => signIn(email, "a guess", strangersAddress(n++));
    for (let free = 0; free < 5; free++) expect((await guess()).status).toBe(401);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60, 60]) {
      const refused = await guess();
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, String(seconds)]);
      api.clock.advance(seconds * 1_000 - 1);
      expect((await guess()).status).toBe(429);
      api.clock.advance(1);
      expect((await guess()).status).toBe(401);
    }
    api.clock.advance(15 * 60_000);
    for (let free = 0; free < 5; free++) expect((await guess()).status).toBe(401);
    expect((await guess()).status).toBe(429);
  });

  test("in parallel is no way around: five are checked", async () => {
    const { email } = await newPerson();
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => signIn(email, "x", strangersAddress(n))));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  });
});

describe("a known client", () => {
  test("is counted separately: its own wrong passwords are slowed down, other clients' are not", async () => {
    const { email, home } = await newPerson();
    const guess = (from: From) => signIn(email, "mistyped", from);
    for (let free = 0; free < 5; free++) expect((await guess(home)).status).toBe(401);
    expect((await guess(home)).status).toBe(429);
    expect((await guess({ address: home.address })).status).toBe(401);
    api.clock.advance(1_000);
    expect((await signIn(email, password, home)).status).toBe(200);
    // The right password clears the mistyped ones.
    for (let free = 0; free < 5; free++) expect((await guess(home)).status).toBe(401);
  });

  test("is known to its own account only, and only by a device mark of ours", async () => {
    const [mine, other] = [await newPerson(), await newPerson()];
    await attack(other.email);
    for (const device of [mine.home.device, "forged", `${other.home.device}x`, other.home.device.slice(0, -2), ""])
      expect((await signIn(other.email, password, { address: "192.0.2.78", device })).status).toBe(429);
    expect((await signIn(other.email, password, { address: mine.home.address })).status).toBe(429);
    expect((await signIn(other.email, password, { address: "192.0.2.78", device: other.home.device })).status).toBe(
      200,
    );
  });

  test("is not kept out by neighbours that use up the attempts of its address", async () => {
    const { email, home } = await newPerson();
    for (let n = 0; n < 25; n++) await signIn(`neighbour-${n}@example.com`, "x", { address: home.address });
    expect((await signIn(email, password, { address: home.address })).status).toBe(429);
    expect((await signIn(email, password, home)).status).toBe(200);
  });

  test("becomes one by the right password, from any address", async () => {
    const { email } = await newPerson();
    const cafe = { address: "192.0.2.90" };
    const entered = await signIn(email, password, cafe);
    expect(entered.status).toBe(200);
    await attack(email);
    expect((await signIn(email, password, cafe)).status).toBe(200);
    const device = entered.headers.get(deviceHeader) ?? "";
    expect((await signIn(email, password, { address: "192.0.2.91", device })).status).toBe(200);
  });

  test("keeps its device mark when it signs in again, and expires after 180 days", async () => {
    const { email, home } = await newPerson();
    api.clock.advance(179 * 86_400_000);
    const again = (await signIn(email, password, { ...home, address: "192.0.2.92" })).headers.get(deviceHeader) ?? "";
    expect(again).not.toBe(home.device);
    api.clock.advance(86_400_001);
    await attack(email);
    expect((await signIn(email, password, { address: "192.0.2.93", device: home.device })).status).toBe(429);
    expect((await signIn(email, password, { address: "192.0.2.94", device: again })).status).toBe(200);
    expect((await signIn(email, password, { address: home.address })).status).toBe(429);
  });

  test("an account remembers the twenty addresses used last, hashed", async () => {
    const { email, home } = await newPerson();
    for (let n = 0; n < 25; n++) {
      api.clock.advance(60_000);
      expect((await signIn(email, password, { address: `192.0.2.${100 + n}`, device: home.device })).status).toBe(200);
    }
    const rows = await api.sql`
      select c.client from api.known_clients c join api.users u on u.id = c.user_id where u.email = ${email}`;
    expect(rows).toHaveLength(20);
    expect(JSON.stringify(rows)).not.toContain("192.0.2");
  });
});

test("an unknown client's right password leaves the attempts of other clients as they were", async () => {
  const { email } = await newPerson();
  for (let n = 0; n < 12; n++)
    expect((await signIn(email, password, { address: `192.0.2.${150 + n}` })).status).toBe(200);
});

test("expired attempts are deleted", async () => {
  await attack("swept@example.com");
  expect((await api.sql`select from api.password_tries`).count).toBeGreaterThan(0);
  api.clock.advance(16 * 60_000);
  await sweepExpired(api.deps);
  expect((await api.sql`select from api.password_tries`).count).toBe(0);
  api.clock.advance(91 * 86_400_000);
  await sweepExpired(api.deps);
  expect((await api.sql`select from api.known_clients`).count).toBe(0);
});
