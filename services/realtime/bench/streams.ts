/**
 * The cost of a live connection: `bun services/realtime/bench/streams.ts [connections]`.
 *
 * Prints the memory of one idle stream and of one idle WebSocket (growth of this process's resident
 * memory; the clients run in a process of their own), and how many frames a second arrive when
 * events come in through the door in bulks of 100.
 */
import { appTokenHeader } from "@carillon/contracts/names";
import { silentLog } from "@carillon/kit/observe";
import { serve } from "@carillon/kit/service";
import { createApp, createInternalApp } from "../src/app.ts";
import { createLive } from "../src/live.ts";

const connections = Number(process.argv[2] ?? 1_000);
const eventsPerConnection = 100;
const bulk = 100;
const appToken = "a token of neighbours";
const userOf = (index: number) => `0190d0a0-0000-7000-8000-${String(index).padStart(12, "0")}`;

type Way = "stream" | "websocket";
const print = (line: string) => process.stdout.write(`${line}\n`);

const [, , , role, url = "", way] = process.argv;
if (role === "client") await beClient(url, way === "websocket" ? "websocket" : "stream");
else await beServer();

async function beServer(): Promise<void> {
  const live = createLive({
    log: silentLog,
    clock: { now: () => new Date() },
    appToken,
    askApi: async (request) => {
      const { token } = JSON.parse(await request.text());
      return Response.json({ user_id: userOf(Number(token)), session_id: userOf(Number(token)), expires_at: null });
    },
    allowedOrigins: () => [],
    limits: { total: connections + 1 },
  });
  const deps = {
    log: silentLog,
    clock: { now: () => new Date() },
    appToken,
    askApi: fetch,
    allowedOrigins: () => [],
    live,
  };
  const [app, internal] = [createApp(deps), createInternalApp(deps)];
  const served = serve(app, { name: "realtime", hostname: "127.0.0.1", port: 0, log: silentLog });
  const post = async (events: object[]) => {
    const entries = events.map((event, index) => ({
      entryId: String(index),
      event,
      contentType: "application/cloudevents+json",
    }));
    const headers = { "content-type": "application/json", [appTokenHeader]: appToken };
    await internal.handle(
      new Request("http://localhost/events/task-updates", {
        method: "POST",
        headers,
        body: JSON.stringify({ entries }),
      }),
    );
  };
  for (const kind of ["stream", "websocket"] as const) await measure(kind, served.url, live, post);
  live.stop();
  await served.stop();
}

async function measure(
  kind: Way,
  url: string,
  live: ReturnType<typeof createLive>,
  post: (events: object[]) => Promise<void>,
) {
  const before = await settledMemory();
  const client = Bun.spawn([process.execPath, import.meta.path, String(connections), "client", url, kind], {
    stdout: "pipe",
    stderr: "inherit",
  });
  while (live.hub.size < connections) await Bun.sleep(20);
  const each = ((await settledMemory()) - before) / connections / 1_024;
  print(`${connections} idle ${kind}s: ${each.toFixed(1)} KiB each`);

  const startedAt = performance.now();
  for (let round = 1; round <= eventsPerConnection; round++) {
    for (let user = 0; user < connections; user += bulk) {
      await post(
        Array.from({ length: Math.min(bulk, connections - user) }, (_, index) => eventFor(userOf(user + index), round)),
      );
    }
  }
  await client.exited;
  const seconds = (performance.now() - startedAt) / 1_000;
  const frames = connections * eventsPerConnection;
  print(
    `${frames} frames to ${connections} ${kind}s in ${seconds.toFixed(1)} s: ${Math.round(frames / seconds)} frames/s`,
  );
  while (live.hub.size > 0) await Bun.sleep(20);
  print(`after they left: ${live.hub.isEmpty() ? "nothing is kept" : "something is kept"}`);
}

async function settledMemory(): Promise<number> {
  await Bun.sleep(500);
  Bun.gc(true);
  await Bun.sleep(200);
  return process.memoryUsage().rss;
}

function eventFor(userId: string, id: number) {
  return {
    specversion: "1.0",
    id: crypto.randomUUID(),
    source: "api",
    type: "task.changed",
    subject: userId,
    time: "2026-11-21T09:00:00.000Z",
    datacontenttype: "application/json",
    dataschema: "urn:carillon:event:task.changed/v1",
    partitionkey: userId,
    data: {
      event_type: "task.updated",
      task_id: userId,
      version: id,
      user_id: userId,
      change_seq: id,
      actor: "user",
      timestamp: "2026-11-21T09:00:00.000Z",
    },
  };
}

/** Opens all connections and exits when each has received its last frame. */
async function beClient(url: string, kind: Way): Promise<void> {
  const { hostname, port } = new URL(url);
  const upgrade =
    kind === "stream"
      ? []
      : [
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ];
  const last = kind === "stream" ? `"version":${eventsPerConnection}}` : `"version":${eventsPerConnection}}}`;
  let done = 0;
  const all = Promise.withResolvers<void>();
  for (let index = 0; index < connections; index++) {
    let tail = "";
    await Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        open(socket) {
          const path = kind === "stream" ? "/stream" : "/ws";
          socket.write(
            [`GET ${path} HTTP/1.1`, `Host: ${hostname}`, `Authorization: Bearer ${index}`, ...upgrade, "", ""].join(
              "\r\n",
            ),
          );
        },
        data(_, bytes) {
          tail = (tail + bytes.toString("latin1")).slice(-200);
          if (!tail.includes(last)) return;
          tail = "";
          done += 1;
          if (done === connections) all.resolve();
        },
      },
    });
  }
  await all.promise;
  process.exit(0);
}
