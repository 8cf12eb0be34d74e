import { afterEach, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import type { Socket } from "bun";
import type { Hub } from "../src/hub.ts";
import { mostWaiting } from "../src/line.ts";
import { ada, event, frame, startRealtime } from "./harness.ts";

const opened: { stop(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop();
});

/** A client on a bare TCP connection, which can stop reading. */
async function connectRaw(url: string, request: string[]) {
  const { hostname, port } = new URL(url);
  const client = { bytes: 0, tail: "", closed: false, socket: null as Socket | null };
  client.socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (socket) =>
        void socket.write([...request, `Host: ${hostname}`, "Authorization: Bearer ada", "", ""].join("\r\n")),
      data(_, bytes) {
        client.bytes += bytes.byteLength;
        client.tail = (client.tail + bytes.toString("latin1")).slice(-10_000);
      },
      close() {
        client.closed = true;
      },
    },
  });
  opened.push({ stop: () => client.socket?.terminate() });
  return client;
}

const ways: Record<string, string[]> = {
  stream: ["GET /stream HTTP/1.1"],
  WebSocket: [
    "GET /ws HTTP/1.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ],
};

async function start(way: string) {
  const realtime = startRealtime();
  realtime.api.signIn("ada", ada);
  const served = realtime.listen();
  opened.push(realtime.live, served);
  const client = await connectRaw(served.url, ways[way] ?? []);
  await until("it reads", () => realtime.hub.size === 1 && client.bytes > 0);
  client.socket?.pause();
  return { ...realtime, client };
}

/** Delivers `count` changes: the first 60 000 fill every buffer between here and the client, the kernel's included. */
async function flood(hub: Hub, from: number, to: number): Promise<void> {
  for (let id = from; id <= to; id++) {
    hub.deliver(ada, frame(id));
    if (id % 500 === 0) await Bun.sleep(0);
  }
}

for (const way of Object.keys(ways)) {
  test(`a ${way} that is not read costs bounded memory, and gets a resync when it is`, async () => {
    const realtime = await start(way);
    await flood(realtime.hub, 1, 60_000);
    Bun.gc(true);
    const before = process.memoryUsage().heapUsed;
    await flood(realtime.hub, 60_001, 160_000);
    Bun.gc(true);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2 * 1024 * 1024);
    realtime.client.socket?.resume();
    await until("the resync comes", () => realtime.client.tail.includes("resync"));
    expect(realtime.client.bytes).toBeLessThan(8 * 1024 * 1024);
    await realtime.deliver(event(ada, 160_001));
    await until("it has the newest frame", () => realtime.client.tail.includes("160001"));
    expect(realtime.client.tail.lastIndexOf("160001")).toBeGreaterThan(realtime.client.tail.lastIndexOf("resync"));
  });

  test(`a ${way} that is not read for half a minute is closed`, async () => {
    const realtime = await start(way);
    await flood(realtime.hub, 1, 60_000);
    expect(realtime.hub.size).toBe(1);
    await realtime.pass(32);
    expect(realtime.hub.isEmpty()).toBe(true);
    // The TCP connection is closed too, although its client never reads: Bun counts idle time in steps
    // of four seconds.
    const giveUpAt = performance.now() + 12_000;
    while ((realtime.app.server?.pendingRequests ?? 0) + (realtime.app.server?.pendingWebSockets ?? 0) > 0) {
      expect(performance.now()).toBeLessThan(giveUpAt);
      await Bun.sleep(100);
    }
  }, 20_000);
}

test("a burst of a thousand changes to a client that reads causes no resync", async () => {
  const realtime = await start("stream");
  realtime.client.socket?.resume();
  for (let id = 1; id <= mostWaiting; id++) realtime.hub.deliver(ada, frame(id));
  await until("it has the last frame", () => realtime.client.tail.includes("id: 1000\n"));
  expect(realtime.client.tail).not.toContain("resync");
});
