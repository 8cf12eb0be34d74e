import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@carillon/testing/database";
import { type Entry, link, tailOf } from "../src/chain.ts";
import { compareHistory } from "../src/compare-history.ts";
import { judgeTaskEvents } from "../src/on-task-event.ts";
import { chainOf } from "../src/read-chain.ts";
import { createSeals } from "../src/seals.ts";
import { verifyHistory } from "../src/verify-history.ts";
import { booksOf } from "./books.ts";
import { eventsOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const sql = database.connectAs("audit");
/** The role that owns the tables: with one role for everything it is the service's own. */
const owner = database.connectAs("owner");
afterAll(async () => {
  await Promise.all([sql.end(), owner.end()]);
  await database.close();
});

// More than one page of the verifier.
const length = 300;

const tables = ["audit.entries", "audit.heads", "audit.erased"];
const triggers = (state: "disable" | "enable"): string =>
  tables.map((table) => `alter table ${table} ${state} trigger user;`).join("");

/** What the owner's role does after switching the triggers off. */
const asOwner = (statement: string) =>
  owner.begin((tx) => tx.unsafe(`${triggers("disable")}${statement};${triggers("enable")}`));

async function historyOf(userId: string): Promise<string[]> {
  const events = eventsOf(length, { userId });
  await judgeTaskEvents(booksOf(sql), events);
  return events.map((event) => event.id);
}

/** Tampering by the service's own role: rejected unless it owns the tables, and then found by verify. */
async function tampered(
  statement: (id: (seq: number) => string, userId: string) => string,
): Promise<{ result: unknown; ids: string[] }> {
  const userId = Bun.randomUUIDv7();
  const ids = await historyOf(userId);
  const tampering = statement((seq) => `user_id = '${userId}' and seq = ${seq}`, userId);
  expect(await verifyHistory(booksOf(sql), userId)).toMatchObject({ ok: true, checked: length });
  await asOwner(tampering);
  return { result: await verifyHistory(booksOf(sql), userId), ids };
}

const edits: [string, string][] = [
  ["another task", "task_id = gen_random_uuid()"],
  ["not a task", "task_id = null"],
  ["a tag", "tag_id = gen_random_uuid()"],
  ["a batch", "batch_id = gen_random_uuid()"],
  ["another action", "action = 'task.deleted'"],
  ["a word", "via = 'token x'"],
  ["another actor", "actor = 'system'"],
  ["a time one millisecond later", "at = at + interval '1 millisecond'"],
  ["an invalid time", "at = 'infinity'"],
  ["another version", "version = version + 1"],
  ["another change", `changes = '{"title": [1, 3]}'`],
  ["one more change", `changes = changes || '{"x": [1, 2]}'`],
  ["a change that is not a change", "changes = 'null'"],
  ["another hash", "hash = sha256('x')"],
  ["a hash of another length", "hash = '\\x'"],
  ["another hash before", "prev_hash = sha256('x')"],
];
for (const [what, edit] of edits) {
  test(`G8: an edited row is found and named, on any page: ${what}`, async () => {
    for (const seq of [1, 250, 251, length]) {
      const { result, ids } = await tampered((at) => `update audit.entries set ${edit} where ${at(seq)}`);
      expect(result).toEqual({ ok: false, checked: seq - 1, first_broken: ids[seq - 1] ?? null, reason: "changed" });
    }
  });
}

test("G8: a row with another id is named by its present id", async () => {
  const id = Bun.randomUUIDv7();
  const { result } = await tampered((at) => `update audit.entries set id = '${id}' where ${at(7)}`);
  expect(result).toEqual({ ok: false, checked: 6, first_broken: id, reason: "changed" });
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

test("G8: two swapped rows are named by the one that is now first", async () => {
  const { result, ids } = await tampered(
    (at, user) => `
      update audit.entries set seq = 1000 where ${at(10)};
      update audit.entries set seq = 10 where ${at(280)};
      update audit.entries set seq = 280 where user_id = '${user}' and seq = 1000`,
  );
  expect(result).toEqual({ ok: false, checked: 9, first_broken: ids[279] ?? null, reason: "changed" });
});

test("G8: an appended row is named, with the head moved along or not", async () => {
  const forged = Bun.randomUUIDv7();
  const insert = (user: string): string => `
    insert into audit.entries select user_id, seq + 1, '${forged}', task_id, action, actor, at, version, changes, hash, sha256('x')
    from audit.entries where user_id = '${user}' and seq = ${length};`;
  const moveHead = (user: string): string => `
    update audit.heads set seq = ${length + 1}, entry_id = '${forged}', hash = sha256('x') where user_id = '${user}'`;
  const broken = { ok: false, checked: length, first_broken: forged, reason: "changed" };
  expect((await tampered((_, user) => insert(user))).result).toEqual(broken);
  expect((await tampered((_, user) => insert(user) + moveHead(user))).result).toEqual(broken);
});

test("G8: a removed or edited head is found", async () => {
  for (const change of ["hash = sha256('x')", "entry_id = gen_random_uuid()"]) {
    const { result, ids } = await tampered((_, user) => `update audit.heads set ${change} where user_id = '${user}'`);
    expect(result).toEqual({ ok: false, checked: length, first_broken: ids.at(-1) ?? null, reason: "changed" });
  }
  const { result, ids } = await tampered((_, user) => `delete from audit.heads where user_id = '${user}'`);
  expect(result).toEqual({ ok: false, checked: 0, first_broken: ids[0] ?? null, reason: "changed" });
});

test("G8: the service's own role can do none of it: the database rejects it before any chain is broken", async () => {
  const userId = Bun.randomUUIDv7();
  await historyOf(userId);
  for (const statement of [
    `update audit.entries set actor = 'system' where user_id = '${userId}'`,
    `delete from audit.entries where user_id = '${userId}' and seq > 120`,
    `delete from audit.heads where user_id = '${userId}'`,
    `update audit.heads set seq = 120 where user_id = '${userId}'`,
    `insert into audit.erased values (audit.user_digest('${userId}'))`,
    `delete from audit.erased`,
    `alter table audit.entries disable trigger user`,
    `truncate audit.entries`,
  ]) {
    const answer = await sql.unsafe(statement).then(
      () => "done",
      (error: Error) => error.message,
    );
    expect([statement, answer]).toEqual([
      statement,
      expect.stringMatching(/permission denied|must be owner|append-only/),
    ]);
  }
  expect(await verifyHistory(booksOf(sql), userId)).toMatchObject({ ok: true, checked: length });
});

/** The chain with its entry at `from` changed and everything behind it recomputed, as by a role without the key. */
async function rewrite(userId: string, from: number): Promise<void> {
  const source = chainOf(sql, userId);
  const { head } = await source.anchor();
  const entries: Entry[] = [];
  for (let after = 0; entries.length < head.seq; after = entries.length)
    entries.push(...(await source.page(after, head.seq)));
  const forger = createSeals("a guessed key that is in no setting");
  const before = entries[from - 2];
  if (before === undefined) throw new Error("rewrite from the second entry on");
  let tail = tailOf(before);
  const statements = entries.slice(from - 1).map((entry, index) => {
    const made = link(tail, index === 0 ? { ...entry, actor: "system" } : entry, forger);
    tail = tailOf(made);
    return `update audit.entries set actor = '${made.actor}', prev_hash = '\\x${made.prevHash}', hash = '\\x${made.hash}'
      where user_id = '${userId}' and seq = ${made.seq}`;
  });
  statements.push(`update audit.heads set hash = '\\x${tail.hash}' where user_id = '${userId}'`);
  await asOwner(statements.join(";"));
}

test("G8: a chain rewritten with every hash and the head recomputed is found and named at its first forged entry", async () => {
  const userId = Bun.randomUUIDv7();
  const ids = await historyOf(userId);
  await rewrite(userId, 251);
  expect(await verifyHistory(booksOf(sql), userId)).toEqual({
    ok: false,
    checked: 250,
    first_broken: ids[250] ?? null,
    reason: "forged",
  });
});

const cutOff = (userId: string): string => `
  delete from audit.entries where user_id = '${userId}' and seq > 120;
  update audit.heads h set seq = e.seq, hash = e.hash, entry_id = e.id
    from audit.entries e where e.user_id = h.user_id and e.seq = 120 and h.user_id = '${userId}'`;

test("G8: a cut tail with the head set back is found at once by the process that wrote it", async () => {
  const userId = Bun.randomUUIDv7();
  const books = booksOf(sql);
  const events = eventsOf(length, { userId });
  await judgeTaskEvents(books, events);
  await asOwner(cutOff(userId));
  const broken = { ok: false, checked: 120, first_broken: events.at(-1)?.id ?? null, reason: "removed" };
  expect(await verifyHistory(books, userId)).toEqual(broken as never);
  // Growing again does not hide it.
  await judgeTaskEvents(books, eventsOf(length, { userId }));
  expect(await verifyHistory(books, userId)).toMatchObject({ ok: false, reason: "changed" });
});

test("G8: removed, erased and inserted entries show in the comparison with api's events", async () => {
  const compared = (userId: string, ids: readonly string[]) =>
    compareHistory(sql, { user_id: userId, since: "2026-01-01T00:00:00Z", ids: [...ids] });
  const userId = Bun.randomUUIDv7();
  const ids = await historyOf(userId);
  expect(await compared(userId, ids)).toEqual({ entries: length, missing: [], foreign: [], is_erased: false });
  const forged = eventsOf(2, { userId });
  await judgeTaskEvents(booksOf(sql), forged);
  expect(await compared(userId, ids)).toMatchObject({ entries: length + 2, foreign: forged.map(({ id }) => id) });
  await asOwner(cutOff(userId));
  expect(await compared(userId, ids)).toEqual({
    entries: 120,
    missing: ids.slice(120, 220),
    foreign: [],
    is_erased: false,
  });
  // The one thing the service's role may do to a whole history: this is how it shows.
  await sql`select audit.erase(${userId}, 10000)`;
  expect(await verifyHistory(booksOf(sql), userId)).toMatchObject({ ok: true, checked: 0 });
  expect(await compared(userId, ids)).toMatchObject({ entries: 0, missing: ids.slice(0, 100), is_erased: true });
});
