import { afterAll, expect, test } from "bun:test";
import type { AuditPage } from "@carillon/contracts/http/audit";
import { testDatabase } from "@carillon/testing/database";
import { openDoor } from "./door.ts";
import { eventOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const sql = database.connectAs("audit");
const door = openDoor(sql);
afterAll(async () => {
  await sql.end();
  await database.close();
});

const [ann, bob] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
const [milk, report] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 21, 9, minute));
const history = [
  eventOf({ userId: ann, type: "task.created", taskId: milk, at: at(0), changes: { title: [null, "Milk"] } }),
  eventOf({ userId: ann, type: "task.created", taskId: report, at: at(1), actor: "assistant" }),
  eventOf({ userId: ann, type: "task.updated", taskId: milk, at: at(2) }),
  eventOf({ userId: ann, type: "tag.created", taskId: null, at: at(3), actor: "token" }),
  eventOf({ userId: ann, type: "task.completed", taskId: milk, at: at(4) }),
];
const foreign = eventOf({ userId: bob, type: "task.created", taskId: Bun.randomUUIDv7(), at: at(2) });
expect(await door.deliver([...history, foreign])).toEqual(Array(6).fill("SUCCESS"));

const idOf = (index: number): string => history[index]?.id ?? "";

async function list(query: Record<string, string>, userId = ann): Promise<AuditPage> {
  const { status, body } = await door.ask(`/internal/entries?${new URLSearchParams({ user_id: userId, ...query })}`);
  expect(status).toBe(200);
  return body as AuditPage;
}
const idsOf = async (query: Record<string, string>): Promise<string[]> =>
  (await list(query)).data.map((entry) => entry.id);

test("an entry says what happened, to which task, by whom, when, and what was before", async () => {
  const { data, next_cursor } = await list({ task_id: milk, action: "task.created" });
  const [row] = await sql<
    { hash: string }[]
  >`select encode(hash, 'hex') as hash from audit.entries where id = ${idOf(0)}`;
  expect(data).toEqual([
    {
      id: idOf(0),
      task_id: milk,
      tag_id: null,
      batch_id: null,
      version: 1,
      action: "task.created",
      actor: "user",
      via: null,
      at: "2026-11-21T09:00:00.000Z",
      changes: { title: [null, "Milk"] },
      hash: row?.hash ?? "",
    },
  ]);
  expect(next_cursor).toBeNull();
});

test("G18: a user's history is newest first and holds only their own entries", async () => {
  expect(await idsOf({})).toEqual([4, 3, 2, 1, 0].map(idOf));
  expect((await list({}, bob)).data.map((entry) => entry.id)).toEqual([foreign.id]);
  expect((await list({}, Bun.randomUUIDv7())).data).toEqual([]);
  expect((await list({ task_id: milk }, bob)).data).toEqual([]);
});

const filters: [string, Record<string, string>, number[]][] = [
  ["task", { task_id: milk }, [4, 2, 0]],
  ["task, in capitals", { task_id: milk.toUpperCase() }, [4, 2, 0]],
  ["action", { action: "task.created" }, [1, 0]],
  ["actor user", { actor: "user" }, [4, 2, 0]],
  ["actor other than the user", { actor: "assistant" }, [1]],
  ["from, which includes its instant", { from: "2026-11-21T10:03:00+01:00" }, [4, 3]],
  ["to, which excludes its instant", { to: "2026-11-21T09:03:00Z" }, [2, 1, 0]],
  [
    "all at once",
    { task_id: milk, action: "task.updated", actor: "user", from: at(1).toISOString(), to: at(3).toISOString() },
    [2],
  ],
  ["an unknown action", { action: "task.painted" }, []],
  ["an impossible action", { action: "a\0b" }, []],
  ["an invalid task id", { task_id: "milk" }, []],
];
for (const [what, query, found] of filters) {
  test(`the history is filtered by ${what}`, async () => {
    expect(await idsOf(query)).toEqual(found.map(idOf));
  });
}

test("pages join without gap or repetition, also while new entries arrive", async () => {
  const userId = Bun.randomUUIDv7();
  const events = Array.from({ length: 7 }, () => eventOf({ userId }));
  await door.deliver(events);
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: AuditPage = await list({ limit: "3", ...(cursor ? { cursor } : {}) }, userId);
    seen.push(...page.data.map((entry) => entry.id));
    cursor = page.next_cursor;
    await door.deliver([eventOf({ userId })]);
  }
  expect(seen).toEqual(events.map((event) => event.id).toReversed());
});

test("a cursor of another user, of other filters, or altered, is rejected as invalid", async () => {
  const cursor = (await list({ limit: "1" })).next_cursor ?? "";
  expect((await list({ limit: "2", cursor })).data.map((entry) => entry.id)).toEqual([3, 2].map(idOf));
  const bent = [
    { user_id: bob, cursor },
    { user_id: ann, cursor, action: "task.created" },
    { user_id: ann, cursor, task_id: milk },
    { user_id: ann, cursor, from: "2026-11-21T09:00:00Z" },
    { user_id: ann, cursor: `${cursor}A` },
    { user_id: ann, cursor: `!${cursor}` },
    { user_id: ann, cursor: cursor.slice(0, -2) },
    { user_id: ann, cursor: "AAAA" },
  ];
  for (const query of bent) {
    const { status, body } = await door.ask(`/internal/entries?${new URLSearchParams(query)}`);
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ pointer: "cursor" }] } });
  }
});

test("a malformed query is rejected, with the name of what is wrong", async () => {
  const wrong: [string, string][] = [
    ["", "user_id"],
    ["?user_id=me", "user_id"],
    [`?user_id=${ann}&limit=0`, "limit"],
    [`?user_id=${ann}&limit=101`, "limit"],
    [`?user_id=${ann}&from=yesterday`, "from"],
    [`?user_id=${ann}&actor=robot`, "actor"],
    [`?user_id=${ann}&sort=at`, "sort"],
    [`?user_id=${ann}&action=a&action=b`, "action"],
  ];
  for (const [query, pointer] of wrong) {
    const { status, body } = await door.ask(`/internal/entries${query}`);
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  }
});

test("one entry, or those of one batch, are found by their id, and only those of their user", async () => {
  const [carol, batchId] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  const together = [1, 2, 3].map((minute) => eventOf({ userId: carol, batchId, at: at(minute) }));
  const alone = eventOf({ userId: carol });
  const twin = eventOf({ userId: bob, batchId });
  expect(await door.deliver([...together, alone, twin])).toEqual(Array(5).fill("SUCCESS"));
  const first = await list({ batch_id: batchId, limit: "2" }, carol);
  const rest = await list({ batch_id: batchId, limit: "2", cursor: first.next_cursor ?? "" }, carol);
  expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(together.map(({ id }) => id).reverse());
  expect(first.data[0]).toMatchObject({ batch_id: batchId, version: 1 });
  expect((await list({ id: alone.id }, carol)).data.map(({ id }) => id)).toEqual([alone.id]);
  expect((await list({ id: alone.id }, bob)).data).toEqual([]);
  const other = new URLSearchParams({ user_id: carol, batch_id: Bun.randomUUIDv7(), cursor: first.next_cursor ?? "" });
  expect((await door.ask(`/internal/entries?${other}`)).status).toBe(422);
});
