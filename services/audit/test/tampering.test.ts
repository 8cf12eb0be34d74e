import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@carillon/testing/database";
import { onTaskEvents } from "../src/on-task-event.ts";
import { chainOf } from "../src/read-chain.ts";
import { verifyChain } from "../src/verify-chain.ts";
import { eventsOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const sql = database.connectAs("audit");
afterAll(async () => {
  await sql.end();
  await database.close();
});

// More than one page of the verifier.
const length = 300;

/** A chain somebody with all rights works on while the triggers sleep; the ids are those before. */
async function tampered(
  statement: (id: (seq: number) => string, userId: string) => string,
): Promise<{ result: unknown; ids: string[] }> {
  const userId = Bun.randomUUIDv7();
  const events = eventsOf(length, { userId });
  await onTaskEvents(sql, events);
  const ids = events.map((event) => event.id);
  await database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx.unsafe(statement((seq) => `user_id = '${userId}' and seq = ${seq}`, userId));
  });
  return { result: await verifyChain(chainOf(sql, userId)), ids };
}

const edits: [string, string][] = [
  ["another task", "task_id = gen_random_uuid()"],
  ["no task", "task_id = null"],
  ["another action", "action = 'task.deleted'"],
  ["another actor", "actor = 'system'"],
  ["a time one millisecond later", "at = at + interval '1 millisecond'"],
  ["a time that is none", "at = 'infinity'"],
  ["another version", "version = version + 1"],
  ["another change", `changes = '{"title": [1, 3]}'`],
  ["one more change", `changes = changes || '{"x": [1, 2]}'`],
  ["a change that is no change", "changes = 'null'"],
  ["another hash", "hash = sha256('x')"],
  ["a hash of another length", "hash = '\\x'"],
  ["another hash before", "prev_hash = sha256('x')"],
];
for (const [what, edit] of edits) {
  test(`G8: an edited row is found and named, on any page: ${what}`, async () => {
    for (const seq of [1, 250, 251, length]) {
      const { result, ids } = await tampered((at) => `update audit.entries set ${edit} where ${at(seq)}`);
      expect(result).toEqual({ ok: false, checked: seq - 1, first_broken: ids[seq - 1] ?? null });
    }
  });
}

test("G8: a row with another id is named by what it calls itself now", async () => {
  const id = Bun.randomUUIDv7();
  const { result } = await tampered((at) => `update audit.entries set id = '${id}' where ${at(7)}`);
  expect(result).toEqual({ ok: false, checked: 6, first_broken: id });
});

test("G8: a removed row is named by the one behind it; the newest, and any number of the newest, by the newest", async () => {
  for (const [gone, named] of [
    ["= 1", 2],
    ["= 250", 251],
    ["= 300", 300],
    ["> 120", 300],
    ["> 0", 300],
  ] as const) {
    const { result, ids } = await tampered(
      (_, user) => `delete from audit.entries where user_id = '${user}' and seq ${gone}`,
    );
    expect(result).toMatchObject({ ok: false, first_broken: ids[named - 1] });
  }
});

test("G8: two rows that changed places are named by the one that stands first now", async () => {
  const { result, ids } = await tampered(
    (at, user) => `
      update audit.entries set seq = 1000 where ${at(10)};
      update audit.entries set seq = 10 where ${at(280)};
      update audit.entries set seq = 280 where user_id = '${user}' and seq = 1000`,
  );
  expect(result).toEqual({ ok: false, checked: 9, first_broken: ids[279] ?? null });
});

test("G8: a row put in at the end is named, a head moved along or not", async () => {
  const forged = Bun.randomUUIDv7();
  const insert = (user: string): string => `
    insert into audit.entries select user_id, seq + 1, '${forged}', task_id, action, actor, at, version, changes, hash, sha256('x')
    from audit.entries where user_id = '${user}' and seq = ${length};`;
  const moveHead = (user: string): string => `
    update audit.heads set seq = ${length + 1}, entry_id = '${forged}', hash = sha256('x') where user_id = '${user}'`;
  const broken = { ok: false, checked: length, first_broken: forged };
  expect((await tampered((_, user) => insert(user))).result).toEqual(broken);
  expect((await tampered((_, user) => insert(user) + moveHead(user))).result).toEqual(broken);
});

test("G8: a head that was lost or edited is found", async () => {
  for (const change of ["hash = sha256('x')", "entry_id = gen_random_uuid()"]) {
    const { result, ids } = await tampered((_, user) => `update audit.heads set ${change} where user_id = '${user}'`);
    expect(result).toEqual({ ok: false, checked: length, first_broken: ids.at(-1) ?? null });
  }
  const { result, ids } = await tampered((_, user) => `delete from audit.heads where user_id = '${user}'`);
  expect(result).toEqual({ ok: false, checked: 0, first_broken: ids[0] ?? null });
});
