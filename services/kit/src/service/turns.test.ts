import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { Problem } from "./problem.ts";
import { createTurns } from "./turns.ts";

const limits = { maxAtOnce: 2, maxWaiting: 3, maxWaitMs: 10_000 };

test("a user has a few requests running, the others wait in order; other users do not", async () => {
  const turns = createTurns(limits);
  const order: string[] = [];
  const first = await turns.take("ada");
  await turns.take("ada");
  const taken = async (name: string) => {
    const done = await turns.take("ada");
    order.push(name);
    return done;
  };
  const [third, fourth] = [taken("third"), taken("fourth")];
  (await turns.take("bob"))();
  expect(order).toEqual([]);
  first();
  first();
  (await third)();
  await fourth;
  expect(order).toEqual(["third", "fourth"]);
});

test("more than may wait are rejected with 429 at once, and so is one whose turn does not come in time", async () => {
  const turns = createTurns({ ...limits, maxWaitMs: 20 });
  const done = [await turns.take("ada"), await turns.take("ada")];
  const waiting = Promise.allSettled([turns.take("ada"), turns.take("ada"), turns.take("ada")]);
  const refused = await turns.take("ada").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  for (const one of await waiting) expect(one).toMatchObject({ status: "rejected", reason: { status: 429 } });
  for (const end of done) end();
  expect(turns.size).toBe(0);
});

test("any requests in any order: no user has more turns than allowed, each request gets its own, and nothing is left behind", async () => {
  const users = fc.array(fc.constantFrom("ada", "bob", "eve"), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(users, fc.integer({ min: 1, max: 4 }), async (requests, maxAtOnce) => {
      const turns = createTurns({ maxAtOnce, maxWaiting: 100, maxWaitMs: 10_000 });
      const atWork = new Map<string, number>();
      await Promise.all(
        requests.map(async (user) => {
          const done = await turns.take(user);
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
