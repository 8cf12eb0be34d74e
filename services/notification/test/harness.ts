import { BlockList } from "node:net";
import type { MailFailure } from "@carillon/adapters/mail";
import type { CloudEvent } from "@carillon/contracts/event";
import { appTokenHeader } from "@carillon/contracts/names";
import { connect, type Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import type { Alarms, Mail, Mailer } from "@carillon/kit/ports";
import { testDatabase } from "@carillon/testing/database";
import { memoryState } from "@carillon/testing/memory-state";
import { createApp, createInternalApp } from "../src/app.ts";
import { createPushSigner } from "../src/channels/push-signer.ts";
import { createCourier } from "../src/courier.ts";
import type { NotificationDeps } from "../src/deps.ts";
import { createFakeApi, type FakeApi, type FakeReminder } from "./fake-api.ts";

export const appToken = "a-token-of-the-sidecar";
const clock = { now: () => new Date() };

/** Where the stand-ins of tests listen. */
const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");

export type Replica = {
  /** One request through the door. */
  ask(path: string, body?: unknown, token?: string): Promise<Response>;
  /** Starts the background work. */
  start(): void;
  stop(): Promise<void>;
};

export type Rig = {
  sql: Sql;
  api: FakeApi;
  /** Every mail the provider took, in order. */
  sent: { key: string; mail: Mail }[];
  /** Replaces the next sends: a failure, or work to wait for before the mail is accepted. */
  troubles: (MailFailure | (() => Promise<void>))[];
  alarms: Map<string, Date>;
  /** While true the scheduler rejects everything. */
  alarmsAway(away: boolean): void;
  replica(mailer?: Mailer): Promise<Replica>;
  /** The event that announces (or cancels) a reminder. */
  event(type: "scheduled" | "cancelled" | "snoozed", reminder: FakeReminder): CloudEvent;
  /** Delivers events to a door as Dapr does; returns the status of each. */
  deliver(replica: Replica, ...events: CloudEvent[]): Promise<string[]>;
  rows(
    reminder: FakeReminder,
  ): Promise<{ generation: number; status: string; reason: string | null; attempts: number }[]>;
  /** What the notification log says of each attempt, oldest first. */
  log(): Promise<object[]>;
  close(): Promise<void>;
};

/** notification on a database of its own, with api, scheduler and provider in memory. */
export async function openRig(): Promise<Rig> {
  const database = await testDatabase({ migrations: ["notification"] });
  const api = createFakeApi();
  const { sent, troubles, mailer } = fakeProvider();
  const { alarms, scheduler, alarmsAway } = fakeScheduler();
  const replicas: { stop(): Promise<void> }[] = [];

  async function replica(own: Mailer = mailer): Promise<Replica> {
    const sql = connect(database.urlFor("notification"), { max: 4, name: "test-replica" });
    const deps: NotificationDeps = {
      sql,
      log: silentLog,
      clock,
      invoke: api.invoke,
      alarms: scheduler,
      mailer: own,
      width: 10,
      outside: { admitted: loopback },
      push: createPushSigner(Buffer.alloc(32, 7).toString("base64url"), "mailto:bells@example.com"),
      state: memoryState(),
      appToken,
      publicUrl: new URL("http://localhost:3000"),
      newId: () => Bun.randomUUIDv7(),
    };
    const courier = createCourier(deps);
    let stopped: Promise<void> | null = null;
    const made: Replica = {
      ask: askDoors({ ...deps, courier }),
      start: courier.start,
      stop() {
        stopped ??= courier.stop().then(() => sql.end({ timeout: 1 }));
        return stopped;
      },
    };
    replicas.push(made);
    return made;
  }

  return {
    sql: database.sql,
    api,
    sent,
    troubles,
    alarms,
    alarmsAway,
    replica,
    event: eventOf,
    deliver,
    rows: ({ id }) => database.sql`
      select generation, status, reason, attempts from notification.deliveries where reminder_id = ${id} order by generation`,
    log: async () => database.sql`
      select status, retry_count, detail, message_id is not null as has_id from notification.notification_log
      order by created_at, id`,
    async close() {
      for (const one of replicas) await one.stop();
      await database.close();
    },
  };
}

async function deliver(to: Replica, ...events: CloudEvent[]): Promise<string[]> {
  const entries = events.map((event, at) => ({ entryId: String(at), event, contentType: "application/json" }));
  const answer = await to.ask("/events/reminders", { id: "1", entries });
  const { statuses }: { statuses: { status: string }[] } = JSON.parse(await answer.text());
  return statuses.map(({ status }) => status);
}

/** A provider in memory, which fails as the next of `troubles` says. */
function fakeProvider() {
  const sent: Rig["sent"] = [];
  const troubles: Rig["troubles"] = [];
  const mailer: Mailer = {
    async send(mail, key) {
      const trouble = troubles.shift();
      if (trouble instanceof Error) throw trouble;
      await trouble?.();
      sent.push({ key, mail });
      return { messageId: `<${key}@example.com>` };
    },
  };
  return { sent, troubles, mailer };
}

/** A scheduler in memory, which can be away. */
function fakeScheduler() {
  const alarms = new Map<string, Date>();
  let isAway = false;
  const reach = () => {
    if (isAway) throw new Error("the scheduler is away");
  };
  const scheduler: Alarms = {
    async set(name, dueAt) {
      reach();
      alarms.set(name, dueAt);
    },
    async clear(name) {
      reach();
      alarms.delete(name);
    },
  };
  return {
    alarms,
    scheduler,
    alarmsAway(away: boolean) {
      isAway = away;
    },
  };
}

/** One request through the door it belongs to. */
function askDoors(deps: Parameters<typeof createApp>[0]): Replica["ask"] {
  const [open, internal] = [createApp(deps), createInternalApp(deps)];
  return async (path, body = null, token = appToken) =>
    (/^\/(health|ready)/.test(path) ? open : internal).handle(
      new Request(`http://localhost${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", [appTokenHeader]: token },
        body: JSON.stringify(body),
      }),
    );
}

function eventOf(type: "scheduled" | "cancelled" | "snoozed", reminder: FakeReminder): CloudEvent {
  const name = `reminder.${type}`;
  const now = new Date().toISOString();
  const { id, userId, taskId, generation, remindAt, reason } = reminder;
  const state = type === "cancelled" ? "cancelled" : "pending";
  const one = { id, before: null, remind_at: remindAt.toISOString(), state, reason, sent_at: null };
  const task = {
    ...{ id: taskId, user_id: userId, title: reminder.title, description: "", status: "pending", completed: false },
    ...{ completed_at: null, priority: "medium", due_date: null, time_zone: "UTC", all_day: false, tags: [] },
    ...{ is_recurring: false, recurring_pattern: null, recurrence: null, parent_task_id: null, series_id: null },
    ...{ reminder_at: one.remind_at, reminder_sent: false, reminders: [one], version: 1 },
    ...{ created_at: now, updated_at: now, deleted_at: null },
  };
  const data = { event_type: name, user_id: userId, task_id: taskId, change_seq: 1, actor: "user", timestamp: now };
  return {
    specversion: "1.0",
    id: Bun.randomUUIDv7(),
    source: "/carillon/api",
    type: name,
    subject: id,
    time: now,
    datacontenttype: "application/json",
    dataschema: `urn:carillon:event:${name}/v1`,
    partitionkey: userId,
    data: { ...data, version: 1, changes: {}, task_data: task, reminder: { ...one, generation } },
  };
}

/** An instant this many milliseconds from now. */
export const inMs = (ms: number): Date => new Date(Date.now() + ms);
