import { afterAll, beforeAll, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import { type Harness, type Person, startApi } from "../harness.ts";
import { type Listener, listen, tokenOf } from "./mcp-rig.ts";

let api: Harness;
let door: Listener;
let ada: Person;
let token: string;
beforeAll(async () => {
  api = await startApi();
  door = listen(api);
  ada = await api.signUp();
  token = await tokenOf(api, ada);
});
afterAll(async () => {
  await door.stop();
  await api.close();
});

const create = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "create_task", arguments: { title: "x" } },
};
const post = async (body: string): Promise<Response> => fetch(door.url, { ...asRobot(token), method: "POST", body });
const taskCount = async (): Promise<number> =>
  (await api.call("GET", "/api/tasks", { token: ada.token })).body.data.length;

test("a request is at work until its tool has ended: the answer begins after that", async () => {
  const before = await taskCount();
  const response = await post(JSON.stringify(create));
  expect(await taskCount()).toBe(before + 1);
  expect([response.status, (await response.text()).includes('"result"')]).toEqual([200, true]);
});

test("many calls in one request are refused, and none is made", async () => {
  const before = await taskCount();
  const many = JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ ...create, id })));
  for (const lead of ["", "\ufeff", " \n\t\r".repeat(5_000)]) expect((await post(lead + many)).status).toBe(400);
  expect(await taskCount()).toBe(before);
});

test("a program that takes all the turns it can get cannot keep its owner from revoking its token", async () => {
  const body = { name: "flood", scope: "write" };
  const { body: robot } = await api.call("POST", "/api/tokens", { token: ada.token, body });
  const headers = { authorization: `Bearer ${robot.token}` };
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => {});
  let held = 0;
  // A body that does not end keeps the turn of its request; more requests wait behind them.
  const pull = async (): Promise<never> => {
    held += 1;
    return over.promise;
  };
  const endless = () => new ReadableStream({ pull }, { highWaterMark: 0 });
  const flood = Array.from({ length: 20 }, async () =>
    api.app.handle(new Request(door.url, { method: "POST", headers, body: endless() })),
  );
  await until("the program has its turns", () => held >= 3);
  const revoked = await api.call("DELETE", `/api/tokens/${robot.id}`, { token: ada.token });
  over.reject(new Error("gone"));
  await Promise.all(flood);
  expect(revoked.status).toBe(204);
});

test("a call whose client has gone keeps its turn until its tool has ended", async () => {
  const gone = new AbortController();
  const ask = async (body: object, signal?: AbortSignal) =>
    api.app.handle(
      new Request(door.url, { ...asRobot(token), method: "POST", body: JSON.stringify(body), signal: signal ?? null }),
    );
  let isAnswered = false;
  const { next, left } = await whileLocked(ada.user.id, async (waiting) => {
    const called = [1, 2, 3].map(async () => ask(create, gone.signal));
    await until("three tools wait for the user's row", async () => (await waiting()) === 3);
    gone.abort();
    const following = ask({ jsonrpc: "2.0", id: 2, method: "tools/list" }).finally(() => {
      isAnswered = true;
    });
    for (let pages = 0; pages < 3; pages++) expect(await taskCount()).toBeGreaterThan(0);
    expect([isAnswered, await waiting()]).toEqual([false, 3]);
    return { next: following, left: called };
  });
  expect((await next).status).toBe(200);
  await Promise.all(left);
});

const asRobot = (robot: string) => ({
  headers: {
    authorization: `Bearer ${robot}`,
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
  },
});

/** The result of `work` while a transaction holds the user's row, as a change does; `waiting`: how many others wait for it. */
async function whileLocked<Result>(
  userId: string,
  work: (waiting: () => Promise<number>) => Promise<Result>,
): Promise<Result> {
  return api.sql.begin(async (tx) => {
    await tx`select from api.users where id = ${userId} for update`;
    return work(async () => {
      const [row] = await api.sql<{ count: number }[]>`
        select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      return row?.count ?? 0;
    });
  }) as Promise<Result>;
}
