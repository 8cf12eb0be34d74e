import { appTokenHeader } from "@carillon/contracts/names";
import { fatal } from "@carillon/kit/loop";
import { silentLog } from "@carillon/kit/observe";
import { callerToken, serve } from "@carillon/kit/service";
import { createApp, createInternalApp } from "../src/app.ts";
import { type Change, changeFrame } from "../src/frame.ts";
import type { Limits } from "../src/hub.ts";
import { createLive, type Live } from "../src/live.ts";

export const appToken = "a token of neighbours";
export const ownOrigin = "http://localhost:3000";
export const ada = "0190d0a0-0000-7000-8000-00000000000a";
export const bob = "0190d0a0-0000-7000-8000-00000000000b";
export const taskId = "0190d0a0-0000-7000-8000-0000000000f1";

export const sessionOf = (name: string): string =>
  `0190d0a0-0000-7000-8000-${Buffer.from(name.padEnd(6, ".")).toString("hex")}`;

/** An api that knows the given sessions and changes, and records its calls. */
export function fakeApi() {
  const sessions = new Map<string, { user_id: string; session_id: string; expires_at: string | null }>();
  const changes = new Map<string, Change[]>();
  const api = {
    asked: [] as string[],
    /** What api reports as ended recently. */
    ended: [] as string[],
    away: false,
    /** Runs after `/internal/session` has read, before it answers. */
    beforeSessionAnswer: async () => {},
    /** Runs after `/internal/changes` has read, before it answers. */
    beforeChangesAnswer: async () => {},
    signIn(token: string, userId: string, expiresAt: string | null = null) {
      sessions.set(token, { user_id: userId, session_id: sessionOf(token), expires_at: expiresAt });
      return token;
    },
    signOut: (token: string) => sessions.delete(token),
    record(userId: string, ...ids: number[]) {
      changes.set(userId, [...(changes.get(userId) ?? []), ...ids.map(change)]);
    },
    async handle(request: Request): Promise<Response> {
      const url = new URL(request.url);
      api.asked.push(url.pathname + url.search);
      if (api.away) throw new Error("connection refused");
      if (request.headers.get(appTokenHeader) !== callerToken(appToken, "realtime"))
        return new Response("unknown caller", { status: 403 });
      if (url.pathname === "/internal/session") {
        const { token } = (await request.json()) as { token: string };
        const session = sessions.get(token);
        await api.beforeSessionAnswer();
        return session ? Response.json(session) : new Response("invalid", { status: 401 });
      }
      if (url.pathname === "/internal/clock") return Response.json({ now: new Date().toISOString() });
      if (url.pathname === "/internal/watch/ended-sessions") return Response.json({ session_ids: api.ended });
      const all = changes.get(url.searchParams.get("user_id") ?? "") ?? [];
      const after = Number(url.searchParams.get("after"));
      const latest = all.at(-1)?.change_seq ?? 0;
      const answer =
        after > latest
          ? { resync: true, latest, changes: [] }
          : { resync: false, latest, changes: all.filter((one) => one.change_seq > after) };
      await api.beforeChangesAnswer();
      return Response.json(answer);
    },
  };
  return api;
}

export const change = (id: number): Change => ({
  change_seq: id,
  event_type: "task.updated",
  task_id: taskId,
  version: id,
});
export const frame = (id: number) => changeFrame(change(id));

/** What `frame(id)` looks like to a client of `/stream`. */
export const seen = (id: number): Seen => ({
  id: String(id),
  event: "task.changed",
  data: { event_type: "task.updated", task_id: taskId, version: id },
});

/** realtime with a fake api, a stopped clock and a timer that the test advances. */
export function startRealtime(options: { limits?: Partial<Limits>; allowedOrigins?: () => string[] } = {}) {
  const api = fakeApi();
  let nowMs = Date.parse("2026-11-21T09:00:00.000Z");
  const timers: { ms: number; work: () => Promise<void> }[] = [];
  const deps = {
    log: silentLog,
    clock: { now: () => new Date(nowMs) },
    appToken,
    askApi: api.handle,
    allowedOrigins: () => [ownOrigin],
    every: (_: string, ms: number, work: () => Promise<void>) => {
      timers.push({ ms, work });
      return () => {};
    },
    ...options,
  };
  const live: Live = createLive(deps);
  const app = createApp({ ...deps, live });
  const internal = createInternalApp({ ...deps, live });
  return {
    api,
    live,
    app,
    internal,
    hub: live.hub,
    now: () => new Date(nowMs),
    /** Advances the clock by seconds, with the ticks that belong to them. */
    async pass(seconds: number) {
      for (let half = 1; half <= 2 * seconds; half++) {
        nowMs += 500;
        for (const { ms, work } of timers) if ((half * 500) % ms === 0) work().catch(fatal);
        await Bun.sleep(0);
      }
    },
    open: (headers: Record<string, string>, query = "") =>
      app.handle(new Request(`http://localhost/stream${query}`, { headers })),
    listen: () => serve(app, { name: "realtime", hostname: "127.0.0.1", port: 0, log: silentLog }),
    ...deliveriesTo(internal),
  };
}

/** What a sidecar does with events. */
function deliveriesTo(internal: ReturnType<typeof createInternalApp>) {
  const post = async (body: object, contentType: string, token = appToken): Promise<Response> =>
    internal.handle(
      new Request("http://localhost/events/task-updates", {
        method: "POST",
        headers: { "content-type": contentType, [appTokenHeader]: token },
        body: JSON.stringify(body),
      }),
    );
  return {
    post,
    /** Delivers events one by one. */
    async deliver(...events: object[]) {
      for (const event of events) await post(event, "application/cloudevents+json");
    },
    /** Delivers events as the bulk envelope. */
    deliverBulk: (events: object[]) =>
      post(
        {
          id: crypto.randomUUID(),
          entries: events.map((event, index) => ({
            entryId: String(index),
            event,
            contentType: "application/cloudevents+json",
          })),
          metadata: {},
          pubsubname: "kafka-pubsub",
          topic: "task-updates",
          type: "com.dapr.event.sent.bulk",
        },
        "application/json",
      ),
  };
}

/** The CloudEvent of change `id`. */
export function event(userId: string, id: number, data: Record<string, unknown> = {}) {
  return {
    specversion: "1.0",
    id: crypto.randomUUID(),
    source: "api",
    type: "task.changed",
    subject: taskId,
    time: "2026-11-21T09:00:00.000Z",
    datacontenttype: "application/json",
    dataschema: "urn:carillon:event:task.changed/v1",
    partitionkey: userId,
    data: { ...change(id), user_id: userId, actor: "user", timestamp: "2026-11-21T09:00:00.000Z", ...data },
  };
}

export const revoked = (userId: string, id: number, token: string) =>
  event(userId, id, { event_type: "session.revoked", task_id: null, version: 0, session_id: sessionOf(token) });

export type Seen = { id: string | null; event: string; data: unknown };

/** Reads server-sent events one by one; comments and `retry` are kept separately. */
export function readEvents(response: Response) {
  if (!response.body) throw new Error(`no stream: ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const asides: string[] = [];
  let text = "";
  return {
    asides,
    /** The next event, or null at the end of the stream. */
    async next(): Promise<Seen | null> {
      while (true) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const event = parseEvent(block);
          if (event) return event;
          asides.push(block);
          continue;
        }
        const { value, done } = await reader.read();
        if (done) return null;
        text += value;
      }
    },
    async take(count: number): Promise<(Seen | null)[]> {
      const events: (Seen | null)[] = [];
      while (events.length < count) events.push(await this.next());
      return events;
    },
    leave: () => reader.cancel(),
  };
}

function parseEvent(block: string): Seen | null {
  const fields = new Map(
    block
      .split("\n")
      .map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const event = fields.get("event");
  return event === undefined
    ? null
    : { id: fields.get("id") ?? null, event, data: JSON.parse(fields.get("data") ?? "null") };
}
