import { afterAll, expect, test } from "bun:test";
import { type Door, localInvoker } from "@carillon/adapters/local";
import { createApp as createApi, createInternalApp as createInternalApi } from "@carillon/api/app";
import { depsForTests } from "@carillon/api/testing/deps";
import { startAudit } from "@carillon/audit/start";
import type { HistoryVerification } from "@carillon/contracts/http/audit";
import { appTokenHeader, callerHeader } from "@carillon/contracts/names";
import { silentLog } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { createStops } from "@carillon/kit/service";
import { testDatabase } from "@carillon/testing/database";

/**
 * `api` and `audit`, each with its own role on one database; the test delivers the events, so that it
 * decides which are lost.
 */
const database = await testDatabase({ migrations: ["api", "audit"] });
const [api, audit, owner] = [database.connectAs("api"), database.connectAs("audit"), database.connectAs("owner")];
afterAll(async () => {
  await Promise.all([api.end(), audit.end(), owner.end()]);
  await database.close();
});

const appToken = "app-token-of-the-tests";
const clock = { now: () => new Date() };
const noState: State = { get: async () => null, set: async () => true, delete: async () => {} };
const doors: { api?: Door; audit?: Door } = {};
const parts = { log: silentLog, clock, stops: createStops(), state: noState, appToken };
const config = { AUDIT_KEY: "a key of the tests, which no database knows", AUDIT_OLD_KEY: null };
/** An audit process that has written nothing: it finds faults without remembering. */
const restartAudit = (): void =>
  void Object.assign(doors, { audit: startAudit({ ...parts, config, sql: audit }).internal });
restartAudit();
const apiDeps = await depsForTests({
  sql: api,
  clock,
  invoke: localInvoker({ doors, appToken, from: "api" }),
  settings: { appToken },
});
const [door, internal] = [createApi(apiDeps), createInternalApi(apiDeps)];
doors.api = internal;

async function ask(method: string, path: string, token: string | null, body?: unknown) {
  const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await door.handle(new Request(`http://localhost${path}`, init));
  return { status: response.status, body: await response.json() };
}

/** A user with `count` tasks, whose events were published long ago; the first `lost` of them never reached audit. */
async function person({ tasks, lost = 0 }: { tasks: number; lost?: number }) {
  const email = `${crypto.randomUUID()}@example.com`;
  const { body } = await ask("POST", "/api/signup", null, { email, password: "correct horse battery" });
  const [id, token]: [string, string] = [body.user.id, body.access_token];
  for (let at = 0; at < tasks; at++) await ask("POST", "/api/tasks", token, { title: `Task ${at}` });
  const events = await eventsOf(id);
  await deliver(events.slice(lost));
  await settle(id);
  const verify = async (): Promise<HistoryVerification> => (await ask("GET", "/api/audit/verify", token)).body;
  return { id, token, ids: events.map((event) => event.id), verify };
}

const eventsOf = async (userId: string): Promise<{ id: string }[]> => {
  const rows = await api<{ event: { id: string } }[]>`
    select event from api.outbox where user_id = ${userId} order by change_seq`;
  return rows.map(({ event }) => event);
};

/** As the bus does once the broker has them, a quarter of an hour ago. */
const settle = (userId: string) =>
  api`update api.outbox set published_at = now(), created_at = now() - interval '15 minutes' where user_id = ${userId}`;

async function deliver(events: readonly unknown[]): Promise<void> {
  const entries = events.map((event, at) => ({ entryId: String(at), event }));
  const headers = { [appTokenHeader]: appToken };
  const body = JSON.stringify({ entries });
  const request = new Request("http://localhost/events/task-events", { method: "POST", headers, body });
  expect((await doors.audit?.handle(request))?.status).toBe(200);
}

/** The service's own role where it owns its tables: it switches the triggers off. */
const asOwner = (statement: string) =>
  owner.begin((tx) =>
    tx.unsafe(`alter table audit.entries disable trigger user; alter table audit.heads disable trigger user;
      ${statement};
      alter table audit.entries enable trigger user; alter table audit.heads enable trigger user`),
  );

test("an intact history is reported as intact", async () => {
  const { verify } = await person({ tasks: 4 });
  expect(await verify()).toEqual({ ok: true, checked: 4, first_broken: null, reason: null, missing: 0, pending: 0 });
});

test("recent changes may still be on their way", async () => {
  const { token, verify } = await person({ tasks: 2 });
  await ask("POST", "/api/tasks", token, { title: "Just now" });
  expect(await verify()).toMatchObject({ ok: true, checked: 2, pending: 1 });
});

test("G8: a tail that the service's role cut off, its head set back, is found and named, by any process", async () => {
  const { id, ids, verify } = await person({ tasks: 6 });
  await asOwner(`
    delete from audit.entries where user_id = '${id}' and seq > 4;
    update audit.heads h set seq = e.seq, hash = e.hash, entry_id = e.id
      from audit.entries e where e.user_id = h.user_id and e.seq = 4 and h.user_id = '${id}'`);
  expect(await verify()).toMatchObject({ ok: false, checked: 4, first_broken: ids[5], reason: "removed" });
  restartAudit();
  expect(await verify()).toMatchObject({ ok: false, first_broken: ids[4], reason: "missing", missing: 2 });
});

test("G8: audit.erase(), called by the service's role for an existing user, is found", async () => {
  const { id, ids, verify } = await person({ tasks: 3 });
  await audit`select audit.erase(${id}, 1000)`;
  expect(await verify()).toEqual({
    ok: false,
    checked: 0,
    first_broken: ids[0] ?? "",
    reason: "erased",
    missing: 3,
    pending: 0,
  });
});

test("G8: a lost event is found and named", async () => {
  const { ids, verify } = await person({ tasks: 5, lost: 2 });
  expect(await verify()).toMatchObject({ ok: false, first_broken: ids[0], reason: "missing", missing: 2 });
});

test("G8: a lost event is counted after api has forgotten it, too", async () => {
  const { id, ids, verify } = await person({ tasks: 5, lost: 2 });
  await api`delete from api.outbox where user_id = ${id} and event_id = any(${ids.slice(0, 2)})`;
  expect(await verify()).toMatchObject({ ok: false, first_broken: null, reason: "missing", missing: 2 });
});

test("G8: an event that api never published, delivered at audit's own door, is found and named", async () => {
  const { id, verify } = await person({ tasks: 2 });
  const [real] = await eventsOf(id);
  const forged = { ...real, id: Bun.randomUUIDv7() };
  await deliver([forged]);
  expect(await verify()).toMatchObject({ ok: false, checked: 3, first_broken: forged.id, reason: "forged" });
});

test("G8: a forged event in place of a real one is found, although the numbers agree", async () => {
  const { id, ids, verify } = await person({ tasks: 3, lost: 1 });
  const [real] = await eventsOf(id);
  await deliver([{ ...real, id: Bun.randomUUIDv7() }]);
  expect(await verify()).toMatchObject({ ok: false, reason: "forged" });
  expect(ids).toHaveLength(3);
});

test("G8: an entry written by the service's own role is found, even with a valid hash and head", async () => {
  const { id, verify } = await person({ tasks: 2 });
  const forged = Bun.randomUUIDv7();
  await audit`
    insert into audit.entries select user_id, 3, ${forged}, task_id, action, actor, at, version, changes, hash, sha256('x'), seal
    from audit.entries where user_id = ${id} and seq = 2`;
  await audit`update audit.heads set seq = 3, hash = sha256('x'), entry_id = ${forged} where user_id = ${id}`;
  expect(await verify()).toMatchObject({ ok: false, checked: 2, first_broken: forged, reason: "changed" });
});

test("operators may ask about any user, and get 404 for an unknown one", async () => {
  const { id } = await person({ tasks: 1 });
  const asked = async (userId: string) => {
    const headers = { [appTokenHeader]: appToken, [callerHeader]: "ops" };
    const url = `http://localhost/internal/audit/verify?user_id=${userId}`;
    const response = await internal.handle(new Request(url, { headers }));
    return { status: response.status, body: await response.json() };
  };
  expect(await asked(id)).toMatchObject({ status: 200, body: { ok: true, checked: 1, missing: 0 } });
  expect(await asked(Bun.randomUUIDv7())).toMatchObject({ status: 404 });
});

/** Every step of rebuilding a user's history, as operators call it; the sums of their results. */
async function rebuild(userId: string, { acceptLoss = false } = {}) {
  const sum = { taken: 0, refused: 0, restated: 0, lost: 0, is_erased: false };
  for (let after: number | null = 0; after !== null; ) {
    const body = JSON.stringify({ user_id: userId, after, accept_loss: acceptLoss });
    const headers = { "content-type": "application/json", [appTokenHeader]: appToken, [callerHeader]: "ops" };
    const request = new Request("http://localhost/internal/audit/rebuild", { method: "POST", headers, body });
    const step = await (await internal.handle(request)).json();
    for (const name of ["taken", "refused", "restated", "lost"] as const) sum[name] += step[name];
    sum.is_erased ||= step.is_erased;
    after = step.next;
  }
  return sum;
}

test("a history is rebuilt from api's outbox: lost events are there, once, and the whole verifies", async () => {
  const { id, verify } = await person({ tasks: 6, lost: 4 });
  expect(await verify()).toMatchObject({ ok: false, missing: 4 });
  expect(await rebuild(id)).toMatchObject({ refused: 0, lost: 0 });
  expect(await verify()).toEqual({ ok: true, checked: 6, first_broken: null, reason: null, missing: 0, pending: 0 });
  await rebuild(id);
  await rebuild(id, { acceptLoss: true });
  expect(await verify()).toMatchObject({ ok: true, checked: 6 });
});

test("what the outbox has forgotten is reported as lost; accepted, each task is stated once and the rest counts from there", async () => {
  const { id, token, ids, verify } = await person({ tasks: 4, lost: 2 });
  await api`delete from api.outbox where user_id = ${id} and event_id = any(${ids.slice(0, 2)})`;
  // As long ago as api keeps events.
  await database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update api.tasks set updated_at = now() - interval '9 days' where user_id = ${id}`;
  });
  expect(await rebuild(id)).toMatchObject({ lost: 2, restated: 0 });
  expect(await verify()).toMatchObject({ ok: false, reason: "missing", missing: 2 });
  expect(await rebuild(id, { acceptLoss: true })).toMatchObject({ lost: 2, restated: 2 });
  expect(await verify()).toMatchObject({ ok: true, checked: 4, missing: 0 });
  const { body } = await ask("GET", "/api/audit?actor=system", token);
  expect(body.data.map(({ action, changes }: { action: string; changes: object }) => [action, changes])).toEqual([
    ["task.updated", expect.objectContaining({ title: [null, "Task 1"] })],
    ["task.updated", expect.objectContaining({ title: [null, "Task 0"] })],
  ]);
  expect(await rebuild(id, { acceptLoss: true })).toMatchObject({ lost: 0, restated: 0 });
  await ask("POST", "/api/tasks", token, { title: "Afterwards" });
  expect(await verify()).toMatchObject({ ok: true, pending: 1 });
});

test("a history erased behind its owner's back is not rebuilt silently", async () => {
  const { id, verify } = await person({ tasks: 2 });
  await audit`select audit.erase(${id}, 1000)`;
  expect(await rebuild(id, { acceptLoss: true })).toMatchObject({ is_erased: true });
  expect(await verify()).toMatchObject({ ok: false, reason: "erased" });
});
