import { afterAll, expect, test } from "bun:test";
import { appTokenHeader, callerHeader } from "@carillon/contracts/names";
import type { Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { testDatabase } from "@carillon/testing/database";
import { createMutator, type Exceptions, judgeClauses, type Trial } from "@carillon/testing/owner-clauses";
import { createInternalApp } from "../src/app.ts";
import { judgeTaskEvents } from "../src/on-task-event.ts";
import { sealOlder } from "../src/seal-older.ts";
import { booksOf, keys } from "./books.ts";
import { eventOf } from "./events.ts";

const mutator = createMutator({ service: "audit" });
const database = await testDatabase({ migrations: ["audit"] });
const service = database.connectAs("audit");
const owner = database.connectAs("owner");
afterAll(async () => {
  await Promise.all([service.end(), owner.end()]);
  await database.close();
});

const me = "018f0000-0000-7000-8000-0000000000aa";
/** Before and after the caller in every index. */
const others = ["018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-0000000000ff"];
const idOf = (at: number): string => `018f0000-0000-7000-9000-${String(at).padStart(12, "0")}`;
const taskOf = (at: number): string => `018f0000-0000-7000-a000-${String(at).padStart(12, "0")}`;

const equivalent: Exceptions["equivalent"] = [
  [
    "append-entries.ts",
    /^select user_id, seq::float8 as seq, .* for update$/,
    "locks more than it must; the tail that a draft is chained to is looked up by its owner",
  ],
  ["append-entries.ts", /^select e.user_id \|\| ' ' \|\| e.id as key/, "the key that it answers names the owner too"],
];

/** A user's event of this number: whose events have the same number, have the same ids. */
const numbered = (userId: string, at: number) =>
  eventOf({
    userId,
    id: idOf(at),
    taskId: taskOf(at % 4),
    type: at === 3 ? "task.completed" : "task.updated",
    actor: at === 4 ? "assistant" : "user",
    at: new Date(Date.UTC(2026, 10, 20, 9, at)),
    changes: { title: [`${at}`, userId === me ? "mine" : "other"] },
  });
const events = (userId: string, numbers: readonly number[]) => numbers.map((at) => numbered(userId, at));

const mine = [1, 2, 3, 4, 5];
/** The other has all of the caller's, in another order, and more behind them. */
const theirs = [5, 4, 3, 2, 1, 6, 7, 8];

type Ask = (path: string, body?: unknown) => Promise<unknown>;
type Work = {
  name: string;
  does: (ask: Ask) => Promise<unknown>;
  isOtherErased?: boolean;
  isNew?: boolean;
  before?: string;
};

const list = (filters = "") => `/internal/entries?user_id=${me}${filters}`;
const deliver = (given: readonly unknown[]) => ({
  id: "1",
  entries: given.map((event, at) => ({ entryId: String(at), event, contentType: "application/cloudevents+json" })),
});
const task = (at: number) => ({
  id: taskOf(at),
  version: 3,
  at: "2026-11-21T09:00:00Z",
  changes: { title: [null, "x"] },
});
const route = (name: string, path: string, body?: unknown): Work => ({ name, does: async (ask) => ask(path, body) });

const works: readonly Work[] = [
  ...["", `&task_id=${taskOf(1)}`, "&action=task.completed", "&actor=assistant", "&from=2026-11-20T09:03:00Z"].map(
    (filters) => route("GET /internal/entries", list(filters)),
  ),
  {
    name: "GET /internal/entries",
    does: async (ask) => {
      const { body } = (await ask(list("&limit=2"))) as { body: { next_cursor: string } };
      return ask(list(`&limit=2&cursor=${body.next_cursor}`));
    },
  },
  route("GET /internal/verify", `/internal/verify?user_id=${me}`),
  {
    ...route("GET /internal/verify", `/internal/verify?user_id=${me}`),
    isOtherErased: true,
    before: `delete from audit.entries where user_id = '${me}' and seq = 2`,
  },
  { ...route("GET /internal/verify", `/internal/verify?user_id=${me}`), isNew: true },
  ...[false, true].map((isOtherErased) => ({
    ...route("POST /internal/compare", "/internal/compare", {
      user_id: me,
      since: "2026-11-20T09:02:00Z",
      ids: [1, 2, 6, 7].map(idOf),
    }),
    isOtherErased,
  })),
  route("POST /internal/rebuild", "/internal/rebuild", { user_id: me, events: events(me, [5, 6]), tasks: [] }),
  {
    ...route("POST /internal/rebuild", "/internal/rebuild", { user_id: me, events: [], tasks: [task(1)] }),
    isNew: true,
  },
  route("POST /events/task-events", "/events/task-events", deliver(events(me, [4, 5, 6, 9]))),
  { ...route("POST /events/task-events", "/events/task-events", deliver(events(me, [1, 2]))), isNew: true },
  route(
    "POST /events/task-events",
    "/events/task-events",
    deliver([eventOf({ userId: me, id: idOf(10), type: "user.erased", taskId: null, changes: {} })]),
  ),
  {
    name: "audit.erase, in small steps",
    async does() {
      for (let gone = 1; gone > 0; )
        [{ gone }] = await service<[{ gone: number }]>`select audit.erase(${me}, 1) as gone`;
    },
  },
  {
    name: "migrate",
    before: "update audit.entries set seal = null",
    does: async () => {
      await sealOlder(mutator.wrap(owner), keys, ["0002_seals"]);
    },
  },
];

type Outcome = { answer: unknown; own: unknown };
const wrapped = mutator.wrap(service);

/** The work in a world with this other, or none: what it came to, and whether the other's rows stayed as they were. */
async function comesTo({ does, isOtherErased, isNew, before }: Work, other: string | null) {
  await changeUnseen("delete from audit.entries", "delete from audit.heads", "delete from audit.erased");
  const othersRows = async () => (other ? JSON.stringify(await rowsOf(database.sql, other)) : "");
  if (other) await judgeTaskEvents(booksOf(service), events(other, theirs));
  if (other && isOtherErased)
    await database.sql`insert into audit.erased (user_digest) values (audit.user_digest(${other}))`;
  if (!isNew) await judgeTaskEvents(booksOf(service), events(me, mine));
  const others = await othersRows();
  if (before) await changeUnseen(before);
  const answer = await does(asker());
  const outcome: Outcome = { answer, own: await rowsOf(database.sql, me) };
  return { outcome, areOthersKept: (await othersRows()) === others };
}

/** Changes what no role of ours can. */
async function changeUnseen(...statements: string[]): Promise<void> {
  await database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const statement of statements) await tx.unsafe(statement);
  });
}

const rowsOf = async (sql: Sql, userId: string) => ({
  entries: await sql`select to_jsonb(e) as row from audit.entries e where user_id = ${userId} order by seq`,
  heads: await sql`select to_jsonb(h) as row from audit.heads h where user_id = ${userId}`,
});

/** A process that has written nothing yet; its answers, without what differs each time. */
function asker(): Ask {
  const appToken = "a-token-of-the-sidecar";
  const state = { get: async () => null, set: async () => true, delete: async () => {} };
  const app = createInternalApp({ books: booksOf(wrapped), log: silentLog, state, appToken });
  return async (path, body) => {
    const isQuestion = path.startsWith("/internal");
    const headers = { [appTokenHeader]: appToken, ...(isQuestion ? { [callerHeader]: "api" } : {}) };
    const json = { ...headers, "content-type": "application/json" };
    const init = body === undefined ? { headers } : { method: "POST", headers: json, body: JSON.stringify(body) };
    const response = await app.handle(new Request(`http://localhost${path}`, init));
    const { trace_id: _, ...said } = JSON.parse(await response.text());
    return { status: response.status, body: said };
  };
}

const trials = works.map(
  (work, at): Trial<Outcome> => ({
    name: `${work.name} (${at + 1})`,
    alone: async () => (await comesTo(work, null)).outcome,
    async isKept(alone) {
      for (const other of others) {
        const beside = await comesTo(work, other).catch(() => null);
        if (!beside?.areOthersKept || !Bun.deepEquals(beside.outcome, alone)) return false;
      }
      return true;
    },
  }),
);

test("every route of audit that reaches a user's rows is among the trials", () => {
  const books = booksOf(service);
  const state = { get: async () => null, set: async () => true, delete: async () => {} };
  const { routes } = createInternalApp({ books, log: silentLog, state, appToken: "x" });
  const named = new Set(works.map(({ name }) => name));
  const missing = routes.map(({ method, path }) => `${method} ${path}`).filter((one) => !named.has(one));
  expect(missing).toEqual(["GET /metrics"]);
});

test("G18: a neighbour with the very same ids changes nothing, is not changed, and is not seen", async () => {
  for (const { name, alone, isKept } of trials) {
    const outcome = await alone();
    if (name.includes("/internal/")) expect(outcome.answer).toMatchObject({ status: 200 });
    expect([name, await isKept(outcome)]).toEqual([name, true]);
  }
});

test("G18: the trials go red when any one statement forgets whose rows it is about", async () => {
  expect(await judgeClauses(mutator, trials, { equivalent })).toMatchObject({ unreached: [], survivors: [] });
});

test("G18: so they do when the function that erases forgets it", async () => {
  const [row] = await database.sql<{ source: string }[]>`select pg_get_functiondef('audit.erase'::regproc) as source`;
  const source = row?.source ?? "";
  const clauses = [...source.matchAll(/user_id = erased_user/g)];
  const survivors: string[] = [];
  for (const { 0: clause, index } of clauses) {
    await database.sql.unsafe(`${source.slice(0, index)}true${source.slice(index + clause.length)}`);
    const notices = async () => {
      for (const { alone, isKept } of trials) if (!(await isKept(await alone()))) return true;
      return false;
    };
    if (!(await notices())) survivors.push(source.slice(index - 60, index + clause.length));
    await database.sql.unsafe(source);
  }
  expect(clauses.length).toBe(3);
  expect(survivors).toEqual([]);
});
