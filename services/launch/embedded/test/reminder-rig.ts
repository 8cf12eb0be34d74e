import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { BlockList } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  localAlarms,
  localBus,
  localInvoker,
  localState,
  startAlarmClock,
  startDeliveries,
} from "@carillon/adapters/local";
import { folderMailer } from "@carillon/adapters/mail";
import { createApp as createApi, createInternalApp as createInternalApi } from "@carillon/api/app";
import { depsForTests } from "@carillon/api/testing/deps";
import type { SignedIn } from "@carillon/contracts/http/auth";
import type { Task } from "@carillon/contracts/http/tasks";
import { startRelay } from "@carillon/events/publish";
import { databaseNow, followDatabaseClock } from "@carillon/kit/clock";
import { connect, type Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import type { Clock, Mailer } from "@carillon/kit/ports";
import { createInternalApp as createInternalNotification } from "@carillon/notification/app";
import { createCourier } from "@carillon/notification/courier";
import type { NotificationDeps } from "@carillon/notification/deps";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { brokenLaws as broken } from "@carillon/testing/laws/broken";
import { reminderLaws } from "@carillon/testing/laws/reminders";

const appToken = "app-token-of-the-tests";

type Options = {
  clock?: Clock;
  /** The machines' clocks, however wrong: the first is that of api and of notification's first replica. */
  walls?: readonly Clock[];
  /** Number of deliveries of each event. */
  copies?: number;
  replicas?: number;
  mailer?: Mailer;
};

export type ReminderRig = Awaited<ReturnType<typeof openReminderRig>>;

/**
 * api and replicas of notification on one PostgreSQL, joined by the real outbox, bus and alarm clock;
 * mail goes to a folder.
 */
export async function openReminderRig(options: Options = {}) {
  const { walls = [], copies = 1, replicas = 1 } = options;
  const database = await testDatabase({ migrations: ["api", "bus", "notification", "state"] });
  const folder = mkdtempSync(join(tmpdir(), "carillon-reminders-"));
  const stops: (() => Promise<void>)[] = [];
  const { pool, endPools } = poolsOf(database);
  /** As a launcher provides it: the database's time on a machine with a clock of its own. */
  const clockOf = async (wall: Clock | undefined, sql: Sql): Promise<Clock> => {
    if (!wall) return options.clock ?? { now: () => new Date() };
    const ask = async () => databaseNow(sql);
    const followed = await followDatabaseClock({ ask, wall: wall.now, service: "every", log: silentLog });
    stops.push(followed.stop);
    return followed.clock;
  };
  const apiPool = pool("api", 6);
  const clock = await clockOf(walls[0], apiPool);
  const state = localState({ sql: pool("state", 2) });
  const apiDeps = await depsForTests({
    sql: apiPool,
    clock,
    databaseNow: options.clock ? async () => clock.now() : databaseNow,
    settings: { appToken, sessionMinutes: 525_600 },
  });
  const api = createApi(apiDeps);
  const invoke = localInvoker({ doors: { api: createInternalApi(apiDeps) }, appToken, from: "notification" });
  const transport = options.mailer ?? folderMailer({ folder, from: "Carillon <bells@example.com>", clock });
  const { mailer, mails } = watched(transport, folder);

  for (let at = 0; at < replicas; at++) {
    const sql = pool("notification", 4);
    const own = { sql, bus: pool("bus", 4), state, clock: await clockOf(walls[at], sql), invoke, mailer };
    stops.push(...startReplica({ ...own, busClock: clock }));
  }
  const bus = localBus({ sql: pool("bus", 2) });
  const relay = startRelay({
    sql: pool("api", 4),
    schema: "api",
    bus: { publish: (batch) => bus.publish(Array.from({ length: copies }, () => batch).flat()) },
    log: silentLog,
    clock,
  });
  stops.unshift(relay.stop);

  return {
    url: database.url,
    sql: database.sql,
    folder,
    api: { ask: ask(api), signUp: signUp(api) },
    /** File name of each mail → its text, and when it was handed to the transport (milliseconds). */
    mails,
    async close() {
      for (const stop of stops) await stop();
      await endPools();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function poolsOf(database: TestDatabase) {
  const pools: Sql[] = [];
  return {
    pool(schema: "api" | "bus" | "notification" | "state", max: number): Sql {
      const sql = connect(database.urlFor(schema), { max, name: `test-${schema}` });
      pools.push(sql);
      return sql;
    },
    endPools: () => Promise.all(pools.map((sql) => sql.end({ timeout: 1 }))),
  };
}

type Parts = Pick<NotificationDeps, "sql" | "state" | "clock" | "invoke" | "mailer"> & { bus: Sql; busClock: Clock };

/** One replica of notification with its deliveries and alarms; answers how each of them stops. */
function startReplica({ bus, busClock, ...parts }: Parts): (() => Promise<void>)[] {
  const deps: NotificationDeps = {
    ...parts,
    log: silentLog,
    alarms: localAlarms({ sql: bus, service: "notification" }),
    width: 10,
    outside: { admitted: new BlockList() },
    push: null,
    appToken,
    publicUrl: new URL("http://localhost:3000"),
    newId: () => Bun.randomUUIDv7(),
  };
  const courier = createCourier(deps);
  const doors = { notification: createInternalNotification({ ...deps, courier }) };
  const deliveries = startDeliveries({ sql: bus, doors, appToken, log: silentLog, clock: busClock });
  const ringing = startAlarmClock({ sql: bus, doors, appToken, log: silentLog });
  courier.start();
  return [deliveries.stop, ringing.stop, courier.stop];
}

/** A transport into a folder, and the mails in it, each with the instant at which it was first sent. */
function watched(transport: Mailer, folder: string) {
  const begunAt = new Map<string, number>();
  // Not the file's own time: the kernel stamps files by a clock that moves in ticks.
  const mailer: Mailer = {
    async send(mail, key) {
      if (!begunAt.has(key)) begunAt.set(key, Date.now());
      return transport.send(mail, key);
    },
  };
  const read = (name: string) => ({
    text: readFileSync(join(folder, name), "utf8"),
    atMs: begunAt.get(name.replace(/\.eml$/, "")) ?? Number.NaN,
  });
  const files = () => readdirSync(folder).filter((name) => name.endsWith(".eml"));
  return { mailer, mails: () => new Map(files().map((name) => [name, read(name)])) };
}

type Door = { handle(request: Request): Response | Promise<Response> };

const ask =
  (door: Door) =>
  async (method: string, path: string, body?: unknown, token = "", headers: Record<string, string> = {}) => {
    const response = await door.handle(
      new Request(`http://localhost${path}`, {
        method,
        headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: each test names the shape it expects.
    return { status: response.status, body: text === "" ? null : (JSON.parse(text) as any) };
  };

/** A user with an account, and their actions on tasks. */
function signUp(door: Door) {
  return async (fields: Record<string, unknown> = {}) => {
    const call = ask(door);
    const account = { email: `${Bun.randomUUIDv7()}@example.com`, password: "correct horse battery", ...fields };
    const { access_token, user }: SignedIn = (await call("POST", "/api/signup", account)).body;
    return {
      user,
      account,
      call: (method: string, path: string, body?: unknown) => call(method, path, body, access_token),
      async make(task: Record<string, unknown>): Promise<Task> {
        const { status, body } = await call(
          "POST",
          "/api/tasks",
          { title: "Submit the report", ...task },
          access_token,
        );
        if (status !== 201) throw new Error(JSON.stringify(body));
        return body;
      },
      task: async (id: string): Promise<Task> => (await call("GET", `/api/tasks/${id}`, undefined, access_token)).body,
    };
  };
}

/** The file of a reminder's mail. */
export const mailOf = (task: Task, index = 0, generation = 1): string =>
  `rem-${task.reminders[index]?.id}-${generation}.eml`;

export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** Violations of G9–G13 in the tables when no work is under way. */
export const brokenLaws = (sql: Sql): Promise<Record<string, object[]>> => broken(sql, reminderLaws);
