/**
 * Serves the pages with an api in memory and a sample week: `bun web/test/serve-fake.ts [port]`. For
 * looking, not for tests.
 */
import { BlockList } from "node:net";
import { createLog } from "@carillon/kit/observe";
import { serve } from "@carillon/kit/service";
import { createApp } from "../src/app.ts";
import { createFakeApi } from "./fake-api/index.ts";
import { sampleTasks } from "./fake-api/sample.ts";

const clock = { now: () => new Date(Bun.env.NOW ? Date.parse(Bun.env.NOW) : Date.now()) };
const api = createFakeApi({ clock });
api.provider = Bun.env.PROVIDER ?? null;
const listeners = new Set<(frame: string) => void>();
api.changed = (_account, event) => {
  for (const listener of listeners) listener(`event: task.changed\ndata: ${JSON.stringify(event)}\n\n`);
};

const stream = () => {
  let listener: (frame: string) => void;
  return new Response(
    new ReadableStream<string>({
      start(controller) {
        listener = (frame) => controller.enqueue(frame);
        listener(": ping\n\n");
        listeners.add(listener);
      },
      cancel: () => void listeners.delete(listener),
    }),
    { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } },
  );
};

async function call(method: string, path: string, body: unknown, session = ""): Promise<Record<string, string>> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${session}` };
  const response = await api.fetch(
    new Request(`http://localhost${path}`, { method, headers, body: JSON.stringify(body) }),
  );
  return (await response.json()) as Record<string, string>;
}

const zone = "Europe/Brussels";
const { access_token: session = "" } = await call("POST", "/api/signup", {
  email: "ada@example.com",
  password: "correct horse",
  name: "Ada Lovelace",
  time_zone: zone,
});
const { open, done } = sampleTasks(clock.now(), zone);
for (const task of open) await call("POST", "/api/tasks", task, session);
for (const task of done) {
  const { id } = await call("POST", "/api/tasks", task, session);
  await call("PATCH", `/api/tasks/${id}/complete`, {}, session);
}

const port = Number(Bun.argv[2] ?? 3999);
const log = createLog({ service: "web", level: "warn", write: (line) => process.stdout.write(`${line}\n`) });
const publicUrl = new URL(`http://localhost:${port}`);
const app = createApp({
  fetchApi: api.fetch,
  fetchInternal: api.fetch,
  log,
  clock,
  publicUrl,
  appToken: "t".repeat(20),
  trustedProxies: new BlockList(),
  maxPagesPerMinute: 0,
  newKey: () => Bun.randomUUIDv7(),
  realtime: async () => stream(),
});
serve(app, { name: "web", hostname: "127.0.0.1", port, log });
process.stdout.write(`${publicUrl} ada@example.com "correct horse"\n`);
