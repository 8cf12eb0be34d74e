import { expect, test } from "bun:test";
import { silentLog } from "@carillon/kit/observe";
import { createNotices } from "./notices.ts";

const valid = { user_id: "", credential_id: "", latest: 0, is_valid: true };
// Every question finds one valid credential.
const sql = Object.assign(async () => [valid], {}) as never;
const who = (userId: string) => ({ userId, credentialId: userId, changed() {}, end() {} });

test("one more subscription than a user, or a process, may have is refused, and a place that is left is free", async () => {
  const notices = createNotices(
    { sql, log: silentLog, clock: { now: () => new Date(0) } },
    { maxPerUser: 2, maxPerProcess: 3 },
  );
  const leaves = [await notices.subscribe(who("ada")), await notices.subscribe(who("ada"))];
  expect(await notices.subscribe(who("ada"))).toBeNull();
  leaves.push(await notices.subscribe(who("bob")));
  expect(await notices.subscribe(who("eve"))).toBeNull();
  leaves.pop()?.();
  leaves.push(await notices.subscribe(who("eve")));
  expect(notices.size).toBe(3);
  for (const leave of leaves) leave?.();
  expect(notices.size).toBe(0);
});

test("the end of the process ends every subscription, and lets no new one in", async () => {
  const notices = createNotices({ sql, log: silentLog, clock: { now: () => new Date(0) } });
  let leave: (() => void) | null = null;
  leave = await notices.subscribe({ ...who("ada"), end: () => leave?.() });
  notices.stop();
  expect([notices.size, await notices.subscribe(who("ada"))]).toEqual([0, null]);
});

test("changes that the database could not give at once are announced when it can", async () => {
  let latest = 0;
  let isBroken = true;
  // Also called for the parts of a statement.
  const scripted = ((strings: TemplateStringsArray) => {
    const text = strings.join();
    if (text.includes("is_valid")) return [{ ...valid, user_id: "ada", credential_id: "ada", latest: latest++ && 7 }];
    if (!text.includes("api.outbox")) return [];
    if (!isBroken) return [{ user_id: "ada", type: "task.updated", task_id: "one" }];
    isBroken = false;
    throw new Error("the connection broke");
  }) as never;
  const notices = createNotices({ sql: scripted, log: silentLog, clock: { now: () => new Date(0) } });
  const told = Promise.withResolvers<unknown>();
  const leave = await notices.subscribe({ ...who("ada"), changed: told.resolve });
  expect(await told.promise).toEqual([{ type: "task.updated", task_id: "one" }]);
  leave?.();
});
