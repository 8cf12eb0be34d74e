import { afterEach, expect, test } from "bun:test";
import { BlockList } from "node:net";
import { silentLog } from "@carillon/kit/observe";
import { createApp } from "../src/app.ts";
import { askNeighbour } from "../src/ask-neighbour.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A service that says what `handle` says. */
function neighbour(handle: () => Response | Promise<Response>): URL {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: handle });
  stops.push(() => server.stop(true));
  return server.url;
}

const parts = 5;
const slowly = (): Response => {
  let sent = 0;
  return new Response(
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        await Bun.sleep(60);
        controller.enqueue(new TextEncoder().encode("part "));
        if (++sent === parts) controller.close();
      },
    }),
  );
};

const limits = { wholeMs: 150, startMs: 150, thinkMs: 150 };
const ask = (base: URL, path: string): Promise<Response> =>
  askNeighbour(base, new Request(`http://localhost${path}`), limits);

test.each(["/stream", "/api/tasks/export?format=json", "/api/chat"])(
  "%s is read for as long as it lasts",
  async (path) => {
    const response = await ask(neighbour(slowly), path);
    expect(await response.text()).toBe("part ".repeat(parts));
  },
);

test("every other answer has to be complete within its limit", async () => {
  const whole = ask(neighbour(slowly), "/api/tasks").then((response) => response.text());
  expect(await whole.catch(({ name }) => name)).toBe("TimeoutError");
});

test.each(["/stream", "/api/tasks/export", "/api/chat", "/api/chat/confirm", "/api/tasks"])(
  "a neighbour that says nothing to %s is given up",
  async (path) => {
    const silent = neighbour(() => new Promise(() => {}));
    expect(await ask(silent, path).catch(({ name }) => name)).toBe("TimeoutError");
  },
);

test("a stream of a neighbour that is away is 503, for browsers to try again", async () => {
  const app = createApp({
    fetchApi: async () => new Response(),
    fetchInternal: async () => new Response(),
    log: silentLog,
    clock: { now: () => new Date() },
    publicUrl: new URL("http://localhost"),
    appToken: "t".repeat(20),
    trustedProxies: new BlockList(),
    maxPagesPerMinute: 0,
    newKey: () => Bun.randomUUIDv7(),
    realtime: () => Promise.reject(new DOMException("nothing came", "TimeoutError")),
  });
  const response = await app.handle(new Request("http://localhost/stream"));
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
});
