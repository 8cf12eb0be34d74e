import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { Problem } from "./problem.ts";
import { createTurns } from "./turns.ts";

const limits = { maxAtOnce: 2, maxPerCredential: 2, maxWaiting: 3, maxWaitMs: 10_000 };
const of = (userId: string, credential = "session") => ({ userId, credential });

test("a user has a few requests running, the others wait in order; other users do not", async () => {
  const turns = createTurns(limits);
  const order: string[] = [];
  const first = await turns.take(of("ada"));
  await turns.take(of("ada"));
  const taken = async (name: string) => {
    const done = await turns.take(of("ada"));
    order.push(name);
    return done;
  };
  const [third, fourth] = [taken("third"), taken("fourth")];
  (await turns.take(of("bob")))();
  expect(order).toEqual([]);
  first();
  first();
  (await third)();
  await fourth;
  expect(order).toEqual(["third", "fourth"]);
});

test("more than may wait are rejected with 429 at once, and so is one whose turn does not come in time", async () => {
  const turns = createTurns({ ...limits, maxWaitMs: 20 });
  const done = [await turns.take(of("ada")), await turns.take(of("ada"))];
  const waiting = Promise.allSettled([turns.take(of("ada")), turns.take(of("ada")), turns.take(of("ada"))]);
  const refused = await turns.take(of("ada")).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  for (const one of await waiting) expect(one).toMatchObject({ status: "rejected", reason: { status: 429 } });
  for (const end of done) end();
  expect(turns.size).toBe(0);
});

test("any requests in any order: no user has more turns than allowed, each request gets its own, and nothing is left behind", async () => {
  const user = fc.constantFrom("ada", "bob", "eve");
  const requested = fc.array(fc.tuple(user, fc.constantFrom("session", "token")), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(requested, fc.integer({ min: 1, max: 4 }), async (requests, maxAtOnce) => {
      const turns = createTurns({ maxAtOnce, maxPerCredential: 3, maxWaiting: 100, maxWaitMs: 10_000 });
      const atWork = new Map<string, number>();
      await Promise.all(
        requests.map(async ([user, credential]) => {
          const done = await turns.take(of(user, credential));
          atWork.set(user, (atWork.get(user) ?? 0) + 1);
          expect(atWork.get(user)).toBeLessThanOrEqual(maxAtOnce);
          await Promise.resolve();
          atWork.set(user, (atWork.get(user) ?? 0) - 1);
          done();
        }),
      );
      expect(turns.size).toBe(0);
    }),
  );
});

test("a program that floods leaves a turn to its user's other credentials, and they go first in line", async () => {
  const turns = createTurns({ ...limits, maxPerCredential: 1, maxWaiting: 10 });
  const order: string[] = [];
  const taken = async (credential: string) => {
    const done = await turns.take(of("ada", credential));
    order.push(credential);
    return done;
  };
  const flood = [taken("robot"), taken("robot"), taken("robot")];
  const page = await taken("session");
  const others = [taken("robot"), taken("phone")];
  page();
  const phone = await others[1];
  expect(order).toEqual(["robot", "session", "phone"]);
  phone?.();
  for (const one of [...flood, others[0]]) (await one)?.();
  expect(order).toEqual(["robot", "session", "phone", "robot", "robot", "robot"]);
  expect(turns.size).toBe(0);
});

test("when no more may wait, the longest line makes room: the last of the program that floods, not the person", async () => {
  const turns = createTurns({ ...limits, maxAtOnce: 1, maxPerCredential: 1 });
  const first = await turns.take(of("ada", "robot"));
  const flood = [1, 2, 3].map(() => turns.take(of("ada", "robot")));
  const last = flood[2]?.catch((error: unknown) => error);
  const page = turns.take(of("ada", "session"));
  expect(await last).toMatchObject({ status: 429 });
  first();
  (await page)();
  for (const one of flood.slice(0, 2)) (await one)();
  expect(turns.size).toBe(0);
});

test("a client that has gone leaves the line at once", async () => {
  const turns = createTurns({ ...limits, maxAtOnce: 1 });
  const done = await turns.take(of("ada"));
  const caller = new AbortController();
  const left = turns.take({ ...of("ada"), signal: caller.signal }).catch((error: unknown) => error);
  caller.abort();
  expect(await left).toMatchObject({ status: 429 });
  const gone = turns.take({ ...of("ada"), signal: AbortSignal.abort() }).catch((error: unknown) => error);
  expect(await gone).toMatchObject({ status: 429 });
  const next = turns.take(of("ada"));
  done();
  (await next)();
  expect(turns.size).toBe(0);
});
