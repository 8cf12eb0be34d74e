import { expect } from "bun:test";
import { type Door, localInvoker } from "@carillon/adapters/local";
import { createApp as createApi, createInternalApp as createInternalApi } from "@carillon/api/app";
import { purgeTrash } from "@carillon/api/tasks/purge-trash";
import { depsForTests } from "@carillon/api/testing/deps";
import type { EventType } from "@carillon/contracts/catalog";
import type { CloudEvent } from "@carillon/contracts/event";
import type { TaskEvent } from "@carillon/contracts/events/task.v1";
import type { SyncPage } from "@carillon/contracts/http/sync";
import type { Task } from "@carillon/contracts/http/tasks";
import { appTokenHeader } from "@carillon/contracts/names";
import { carrierCounts } from "@carillon/events/consume";
import type { Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import type { Invoker } from "@carillon/kit/ports";
import { createInternalApp as createInternalRecurring } from "@carillon/recurring/app";
import { type SweepDeps, type Swept, sweep } from "@carillon/recurring/sweep";
import { testDatabase } from "@carillon/testing/database";
import { memoryState } from "@carillon/testing/memory-state";

const appToken = "app-token-of-the-tests";

/** The fate of a call to api: it passes, never arrives, or arrives and its answer is lost. */
export type Fault = "none" | "before" | "after";

export type Rig = Awaited<ReturnType<typeof startRig>>;

/**
 * `api` and two replicas of `recurring`, joined by their doors; the test is the bus, so that events
 * come as often, as late and in whatever order it wants. Time stands still until the test moves it.
 */
export async function startRig() {
  const database = await testDatabase({ migrations: ["api"] });
  const sql = database.connectAs("api");
  let nowMs = Date.parse("2026-11-21T08:00:00Z");
  const clock = { now: () => new Date(nowMs) };
  const doors: { api?: Door } = {};
  const invoke = localInvoker({ doors, appToken, from: "recurring" });
  let faultOf: (request: Request) => Fault = () => "none";
  const deps = await depsForTests({
    sql,
    clock,
    databaseNow: async () => clock.now(),
    invoke,
    settings: { appToken, sessionMinutes: 100_000_000 },
  });
  const api = createApi(deps);
  doors.api = createInternalApi(deps);
  const throughFaults = faulty(invoke, (request) => faultOf(request));
  const recurringDeps: SweepDeps = { log: silentLog, invoke: throughFaults, state: memoryState() };
  const replicas = [1, 2].map(() => createInternalRecurring({ ...recurringDeps, appToken }));
  const { newEvents, deliver } = busByHand(database.sql, replicas);

  return {
    sql: database.sql,
    now: clock.now,
    setNow: (at: string | Date) => {
      nowMs = new Date(at).getTime();
    },
    advance: (ms: number) => {
      nowMs += ms;
    },
    fail: (fault: typeof faultOf) => {
      faultOf = fault;
    },
    newEvents,
    deliver,
    /** Delivers all events, once and in order, until no more follow. */
    async settle(): Promise<void> {
      for (let events = await newEvents(); events.length > 0; events = await newEvents()) {
        const statuses = await deliver(events);
        expect(statuses).toEqual(events.map(() => "SUCCESS"));
      }
    },
    sweep: (): Promise<Swept> => sweep(recurringDeps),
    /** Purges what has been in the trash for 30 days; returns the number of tasks. */
    purge: (): Promise<number> => purgeTrash(deps),
    signUp: (timeZone = "UTC") => signUp(api, timeZone),
    /** The types of a task's events, oldest first, with their actors. */
    async said(taskId: string): Promise<`${EventType} ${string}`[]> {
      const rows = await database.sql<{ said: `${EventType} ${string}` }[]>`
        select type || ' ' || (event -> 'data' ->> 'actor') as said from api.outbox where task_id = ${taskId} order by change_seq`;
      return rows.map(({ said }) => said);
    },
    async close() {
      await sql.end({ timeout: 2 });
      await database.close();
    },
  };
}

/** The bus, operated by the test: the written events, and a replica's answer to their delivery. */
function busByHand(sql: Sql, replicas: readonly Door[]) {
  let seen = 0;
  return {
    /** Events written since the last call, oldest first. */
    async newEvents(): Promise<CloudEvent<TaskEvent>[]> {
      const rows = await sql<{ id: number; event: CloudEvent<TaskEvent> }[]>`
        select id::float8 as id, event from api.outbox where id > ${seen} order by id`;
      seen = rows.at(-1)?.id ?? seen;
      return rows.map(({ event }) => event);
    },
    /** The status of each event, in the envelope of the embedded bus, which counts deliveries itself. */
    async deliver(events: readonly CloudEvent<TaskEvent>[], replica = 0): Promise<string[]> {
      const entries = events.map((event, at) => ({ entryId: String(at), event }));
      const request = new Request("http://localhost/events/task-events", {
        method: "POST",
        headers: { [appTokenHeader]: appToken },
        body: JSON.stringify({ id: "1", metadata: carrierCounts, entries }),
      });
      const door = replicas[replica];
      if (!door) throw new Error(`There is no replica ${replica}.`);
      const response = await door.handle(request);
      // Sound: the bulk answer's shape, checked by kit's own tests.
      const { statuses } = (await response.json()) as { statuses: { status: string }[] };
      return statuses.map(({ status }) => status);
    },
  };
}

/** A line to api that the test can cut. */
const faulty = (invoke: Invoker, faultOf: (request: Request) => Fault): Invoker => ({
  async call(service, request, options) {
    const fault = faultOf(request);
    if (fault === "before") throw new Error("the process ended before its call");
    const response = await invoke.call(service, request, options);
    if (fault === "after") throw new Error("the process ended before it could read the answer");
    return response;
  },
});

let people = 0;

export type Person = Awaited<ReturnType<typeof signUp>>;

/** A user with an account, and their actions, which must succeed. */
async function signUp(api: Door, timeZone: string) {
  const call = async (method: string, path: string, body?: unknown, token = ""): Promise<Response> =>
    api.handle(
      new Request(`http://localhost${path}`, {
        method,
        headers: {
          ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const account = { email: `person-${++people}@example.com`, password: "correct horse battery", time_zone: timeZone };
  const signedIn = await call("POST", "/api/signup", account);
  // Sound: each caller names the shape its route answers, which api's own tests check.
  const { access_token: token, user } = (await signedIn.json()) as { access_token: string; user: { id: string } };
  async function json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await call(method, path, body, token);
    const text = await response.text();
    expect(response.ok ? "ok" : `${method} ${path}: ${response.status} ${text}`).toBe("ok");
    return (text === "" ? null : JSON.parse(text)) as Answer;
  }
  const person = {
    id: user.id,
    call: (method: string, path: string, body?: unknown) => call(method, path, body, token),
    json,
    make: (task: Record<string, unknown>) => json<Task>("POST", "/api/tasks", { title: "Team standup", ...task }),
    patch: (id: string, fields: Record<string, unknown>) => json<Task>("PATCH", `/api/tasks/${id}`, fields),
    complete: (id: string) => json<Task>("PATCH", `/api/tasks/${id}/complete`),
    reopen: (id: string) => json<Task>("PATCH", `/api/tasks/${id}/incomplete`),
    skip: (id: string) => json<Task>("POST", `/api/tasks/${id}/skip`),
    trash: (id: string) => json<null>("DELETE", `/api/tasks/${id}`),
    sync: (cursor?: string) => json<SyncPage>("GET", `/api/sync${cursor === undefined ? "" : `?cursor=${cursor}`}`),
    list: async (query = "") => (await json<{ data: Task[] }>("GET", `/api/tasks?limit=100${query}`)).data,
    /** The live tasks created from this one. */
    successorsOf: async (id: string) => (await person.list()).filter((task) => task.parent_task_id === id),
    /** The one live task created from this one. */
    async next(id: string): Promise<Task> {
      const [successor, ...more] = await person.successorsOf(id);
      expect(more).toEqual([]);
      if (!successor) throw new Error("There is no successor.");
      return successor;
    },
  };
  return person;
}
