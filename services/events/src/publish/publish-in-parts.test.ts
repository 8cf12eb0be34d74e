import { expect, test } from "bun:test";
import type { Message } from "@carillon/kit/ports";
import fc from "fast-check";
import { type Part, publishInParts } from "./publish-in-parts.ts";

type Numbered = Part & { number: number };

const partsOf = (counts: readonly number[]): Numbered[] =>
  counts.flatMap((count, user) =>
    Array.from({ length: count }, (_, number) => ({
      key: `user ${user}`,
      number,
      messages: [messageOf(user, number)],
    })),
  );

// The parts differ by key and number only; nothing here looks into an event.
const messageOf = (user: number, number: number): Message =>
  ({ topic: "task-events", key: `user ${user}`, event: { id: `${user}/${number}` } }) as unknown as Message;

test("rejected parts hold back exactly the rest of their own key, whatever they are", async () => {
  const scenario = fc.record({
    counts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 30 }),
    poison: fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 5 })), { maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ counts, poison }) => {
      const bad = new Set(poison.map(([user, number]) => `${user}/${number}`));
      // Two healthy users show that the broker is there.
      const parts = partsOf([1, ...counts, 1].map((count, user) => (user === 0 ? 1 : count)));
      bad.delete("0/0");
      const taken: string[] = [];
      const result = await publishInParts(parts, async (messages) => {
        if (messages.some(({ event }) => bad.has(event.id))) throw new Error("refused");
        taken.push(...messages.map(({ event }) => event.id));
      });
      const expected = parts.filter(({ key, number }) => {
        const user = key.replace("user ", "");
        return ![...bad].some((id) => id.split("/")[0] === user && Number(id.split("/")[1]) <= number);
      });
      expect(taken).toEqual(expected.map(({ messages }) => messages[0]?.event.id ?? ""));
      expect(result.taken).toEqual(expected);
      expect(result.away).toBeNull();
      const refusedUsers = new Set(parts.filter((part) => !expected.includes(part)).map((part) => part.key));
      expect(new Set(result.refused.keys())).toEqual(refusedUsers);
    }),
  );
});

test("a dead broker is asked a dozen times, not once per row", async () => {
  let calls = 0;
  const result = await publishInParts(partsOf(new Array(500).fill(1)), async () => {
    calls++;
    throw new Error("no broker");
  });
  expect(calls).toBe(12);
  expect(result.taken).toEqual([]);
  expect(result.away).toEqual(new Error("no broker"));
});
