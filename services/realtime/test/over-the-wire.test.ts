import { afterEach, expect, test } from "bun:test";
import { silentLog } from "@carillon/kit/observe";
import { createService, type Served, serve } from "@carillon/kit/service";
import { until } from "@carillon/testing/until";
import { liveRoutes } from "../src/live-routes.ts";
import { ada, appToken, bob, event, frame, ownOrigin, readEvents, revoked, seen, startRealtime } from "./harness.ts";

const opened: { stop(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop();
});

function start(options: Parameters<typeof startRealtime>[0] = {}) {
  const realtime = startRealtime(options);
  realtime.api.signIn("ada", ada);
  realtime.api.signIn("bob", bob);
  const served: Served = realtime.listen();
  opened.push(realtime.live, served);
  return { ...realtime, url: served.url };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A WebSocket client that keeps its messages. */
function connect(url: string, headers: Record<string, string>) {
  // Bun's client accepts headers, unlike a browser's; the DOM types lack them.
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, { headers } as never);
  const client = {
    socket,
    got: [] as unknown[],
    closed: null as { code: number; reason: string } | null,
    isOpen: false,
    pings: 0,
  };
  socket.addEventListener("open", () => {
    client.isOpen = true;
  });
  socket.addEventListener("message", ({ data }) => client.got.push(JSON.parse(String(data))));
  socket.addEventListener("close", ({ code, reason }) => {
    client.closed = { code, reason };
  });
  socket.addEventListener("ping", () => {
    client.pings += 1;
  });
  opened.push({ stop: () => socket.close() });
  return client;
}

const message = (id: number) => ({ ...seen(id), id });

/** The answer to a rejected upgrade request. */
const handshake = (url: string, headers: Record<string, string>) =>
  fetch(`${url}/ws`, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    },
  });

test("over a socket, streams and WebSockets of a user get the same changes, and other users none of them", async () => {
  const { url, hub, deliver } = start();
  const stream = readEvents(await fetch(`${url}/stream`, { headers: bearer("ada") }));
  const [adas, bobs] = [connect(url, bearer("ada")), connect(url, bearer("bob"))];
  await until("three are connected", () => hub.size === 3);
  await deliver(event(ada, 1), event(bob, 5), event(ada, 2));
  expect(await stream.take(2)).toEqual([seen(1), seen(2)]);
  await until("each has their own", () => adas.got.length === 2 && bobs.got.length === 1);
  expect(adas.got).toEqual([message(1), message(2)]);
  expect(bobs.got).toEqual([message(5)]);
});

test("a WebSocket resumes after the Last-Event-ID of its upgrade request", async () => {
  const { url, api, deliver, hub } = start();
  api.record(ada, 1, 2, 3);
  const client = connect(url, { ...bearer("ada"), "last-event-id": "1" });
  await until("one is connected", () => hub.size === 1);
  await deliver(event(ada, 3), event(ada, 4));
  await until("it has all three", () => client.got.length === 3);
  expect(client.got).toEqual([message(2), message(3), message(4)]);
});

const refusals: [string, Record<string, string>, number][] = [
  ["without a credential", { origin: ownOrigin }, 401],
  ["with an unknown token", bearer("eve"), 401],
  [
    "with the cookie from a page of another origin",
    { cookie: "carillon_session=ada", origin: "https://evil.example" },
    403,
  ],
  ["with the cookie and no Origin at all", { cookie: "carillon_session=ada" }, 403],
  ["of an unknown WebSocket version", { ...bearer("ada"), "sec-websocket-version": "8" }, 400],
];
for (const [how, headers, status] of refusals) {
  test(`a WebSocket handshake ${how} is a ${status} problem`, async () => {
    const { url, hub } = start();
    const response = await handshake(url, headers);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect(hub.size).toBe(0);
  });
}

test("a WebSocket handshake never reads a token from the query", async () => {
  const { url } = start();
  const response = await fetch(`${url}/ws?token=ada`, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    },
  });
  expect(response.status).toBe(401);
});

test("with the cookie, a page of our own origin opens a WebSocket", async () => {
  const { url, hub, deliver } = start();
  const client = connect(url, { cookie: "carillon_session=ada", origin: ownOrigin });
  await until("one is connected", () => hub.size === 1);
  await deliver(event(ada, 1));
  await until("it has the frame", () => client.got.length === 1);
});

test("the limit of connections counts streams and WebSockets together", async () => {
  const { url, hub } = start({ limits: { perUser: 2 } });
  const stream = readEvents(await fetch(`${url}/stream`, { headers: bearer("ada") }));
  connect(url, bearer("ada"));
  await until("two are connected", () => hub.size === 2);
  const refused = await handshake(url, bearer("ada"));
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
  await stream.leave();
});

test("when a session ends, its stream and its WebSocket are closed within a second", async () => {
  const { url, hub, deliver } = start();
  const stream = readEvents(await fetch(`${url}/stream`, { headers: bearer("ada") }));
  const client = connect(url, bearer("ada"));
  await until("two are connected", () => hub.size === 2);
  const startedAt = performance.now();
  await deliver(revoked(ada, 1, "ada"));
  expect(await stream.next()).toBeNull();
  await until("it is closed", () => client.closed !== null);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(client.closed).toEqual({ code: 1008, reason: "session ended" });
  expect(hub.isEmpty()).toBe(true);
});

test("a connection that its client closes is removed at once, stream or WebSocket", async () => {
  const { url, hub } = start();
  const leaving = new AbortController();
  await fetch(`${url}/stream`, { headers: bearer("ada"), signal: leaving.signal });
  const client = connect(url, bearer("ada"));
  await until("two are connected", () => hub.size === 2);
  leaving.abort();
  client.socket.close();
  await until("none is connected", () => hub.isEmpty());
});

test("a client that leaves before the answer leaves nothing behind", async () => {
  const { url, api, hub } = start();
  const answer = Promise.withResolvers<void>();
  api.beforeSessionAnswer = () => answer.promise;
  const leaving = new AbortController();
  const responses = Array.from({ length: 20 }, () =>
    fetch(`${url}/stream`, { headers: bearer("ada"), signal: leaving.signal }).catch(() => null),
  );
  const sockets = Array.from({ length: 5 }, () => connect(url, bearer("ada")));
  await until("all have asked", () => api.asked.length === 25);
  leaving.abort();
  for (const { socket } of sockets) socket.close();
  await Promise.all(responses);
  await Bun.sleep(50);
  answer.resolve();
  await Bun.sleep(100);
  expect(hub.isEmpty()).toBe(true);
});

test("HEAD over a socket opens no stream", async () => {
  const { url, hub } = start();
  const response = await fetch(`${url}/stream`, { method: "HEAD", headers: bearer("ada") });
  expect([response.status, hub.size]).toEqual([200, 0]);
});

test("a silent stream is not closed by the listener's idle limit", async () => {
  const { app, hub, api } = startRealtime();
  app.listen({ hostname: "127.0.0.1", port: 0, idleTimeout: 1 });
  opened.push({ stop: () => app.stop(true).then(() => {}) });
  const headers = bearer(api.signIn("ada", ada));
  const stream = readEvents(await fetch(`http://127.0.0.1:${app.server?.port}/stream`, { headers }));
  const next = stream.next();
  await Bun.sleep(7_000);
  hub.deliver(ada, frame(1));
  expect(await next).toEqual(seen(1));
}, 15_000);

test("another listener serves the same connections, such as web's in the same process", async () => {
  const { live, url, deliver, hub } = start();
  const web = createService({ name: "web", log: silentLog, appToken }).use(liveRoutes(live));
  const served = serve(web, { name: "web", hostname: "127.0.0.1", port: 0, log: silentLog });
  opened.push(served);
  const cookie = { cookie: "carillon_session=ada", origin: ownOrigin };
  const throughWeb = readEvents(await fetch(`${served.url}/stream`, { headers: cookie }));
  const [socket, direct] = [connect(served.url, cookie), connect(url, bearer("ada"))];
  await until("three are connected", () => hub.size === 3);
  await deliver(event(ada, 1));
  expect(await throughWeb.next()).toEqual(seen(1));
  await until("both have the frame", () => socket.got.length === 1 && direct.got.length === 1);
  expect((await handshake(served.url, {})).status).toBe(401);
});

test("a stopping server ends its streams and sockets at once, and opens no others", async () => {
  const { url, live, hub } = start();
  const stream = readEvents(await fetch(`${url}/stream`, { headers: bearer("ada") }));
  const client = connect(url, bearer("ada"));
  await until("two are connected", () => hub.size === 2);
  live.stop();
  expect(await stream.next()).toBeNull();
  await until("it is closed", () => client.closed !== null);
  expect(client.closed).toEqual({ code: 1001, reason: "server is stopping" });
  expect((await fetch(`${url}/stream`, { headers: bearer("ada") })).status).toBe(503);
});

test("a WebSocket gets a protocol ping every 15 seconds", async () => {
  const { url, hub, pass } = start();
  const client = connect(url, bearer("ada"));
  await until("one is connected", () => hub.size === 1);
  await pass(31);
  await until("two pings", () => client.pings === 2);
});

test("messages of a WebSocket client are ignored", async () => {
  const { url, hub, deliver } = start();
  const client = connect(url, bearer("ada"));
  await until("it is open", () => hub.size === 1 && client.isOpen);
  for (const text of ["hello", "{}", '{"last_event_id":1}', "null", "1"]) client.socket.send(text);
  await deliver(event(ada, 1));
  await until("it has the frame", () => client.got.length === 1);
  expect(client.got).toEqual([message(1)]);
});

test("a WebSocket client that sends too much at once, or too often, is closed", async () => {
  const { url, hub } = start();
  const [long, often] = [connect(url, bearer("ada")), connect(url, bearer("ada"))];
  await until("both are open", () => hub.size === 2 && long.isOpen && often.isOpen);
  long.socket.send("x".repeat(5_000));
  for (let sent = 0; sent < 51; sent++) often.socket.send("ping");
  await until("both are gone", () => hub.isEmpty() && often.closed !== null);
  expect(often.closed).toEqual({ code: 1008, reason: "too many messages" });
});
