import { expect, test } from "bun:test";
import { ada, bob, event, frame, ownOrigin, readEvents, revoked, seen, sessionOf, startRealtime } from "./harness.ts";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("a change is sent to its user's streams only", async () => {
  const realtime = startRealtime();
  const [adasToken, bobsToken] = [realtime.api.signIn("ada", ada), realtime.api.signIn("bob", bob)];
  const adas = [readEvents(await realtime.open(bearer(adasToken))), readEvents(await realtime.open(bearer(adasToken)))];
  const bobs = readEvents(await realtime.open(bearer(bobsToken)));
  await realtime.deliver(event(ada, 1), event(ada, 2), event(bob, 7), event(ada, 3));
  for (const stream of adas) expect(await stream.take(3)).toEqual([seen(1), seen(2), seen(3)]);
  realtime.live.stop();
  expect([await bobs.next(), await bobs.next()]).toEqual([seen(7), null]);
  for (const stream of adas) expect(await stream.next()).toBeNull();
});

test("a frame says what changed, without its content", async () => {
  const realtime = startRealtime();
  const response = await realtime.open(bearer(realtime.api.signIn("ada", ada)));
  await realtime.deliver(event(ada, 4, { task_data: { title: "secret" }, changes: { title: ["a", "b"] } }));
  const stream = readEvents(response);
  expect(await stream.next()).toEqual(seen(4));
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("the stream says at once that it is open and when to reconnect", async () => {
  const realtime = startRealtime();
  const response = await realtime.open(bearer(realtime.api.signIn("ada", ada)));
  const first = await response.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toMatch(/^retry: 1\d{3}\n\n$/);
});

const refused: [string, Record<string, string>, string][] = [
  ["without a credential", {}, ""],
  ["with a token in the query", {}, "?token=ada&access_token=ada&authorization=Bearer%20ada"],
  ["with an unknown token", bearer("eve"), ""],
  ["with another scheme", { authorization: "Basic ada" }, ""],
  ["with another cookie", { cookie: "session=ada; xcarillon_session=ada" }, ""],
  ["with a broken header beside a good cookie", { authorization: "Bearer", cookie: "carillon_session=ada" }, ""],
  ["with a token longer than tokens are", bearer("a".repeat(4_097)), ""],
];
for (const [how, headers, query] of refused) {
  test(`a stream ${how} is a 401 problem`, async () => {
    const realtime = startRealtime();
    realtime.api.signIn("ada", ada);
    const response = await realtime.open(headers, query);
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(realtime.hub.size).toBe(0);
  });
}

test("the session cookie is a credential", async () => {
  const realtime = startRealtime();
  realtime.api.signIn("ada", ada);
  const stream = readEvents(await realtime.open({ cookie: "theme=dark; carillon_session=ada" }));
  await realtime.deliver(event(ada, 1));
  expect(await stream.next()).toEqual(seen(1));
});

test("where people come by https, only a cookie that no neighbouring host can plant is one", async () => {
  const realtime = startRealtime({ allowedOrigins: () => ["https://carillon.example"] });
  const token = realtime.api.signIn("ada", ada);
  expect((await realtime.open({ cookie: `carillon_session=${token}` })).status).toBe(401);
  expect((await realtime.open({ cookie: `__Host-carillon_session=${token}` })).status).toBe(200);
});

test("with the cookie, a page of another origin may not listen; our own may", async () => {
  const realtime = startRealtime();
  const cookie = `carillon_session=${realtime.api.signIn("ada", ada)}`;
  expect((await realtime.open({ cookie, origin: "https://evil.example" })).status).toBe(403);
  expect((await realtime.open({ cookie, origin: "null" })).status).toBe(403);
  expect((await realtime.open({ cookie, origin: ownOrigin })).status).toBe(200);
  expect((await realtime.open({ ...bearer("ada"), origin: "https://client.example" })).status).toBe(200);
});

test("api is asked for a token's owner once per stream, and never without a token", async () => {
  const realtime = startRealtime();
  realtime.api.signIn("ada", ada);
  await realtime.open({});
  expect(realtime.api.asked).toEqual([]);
  await realtime.open(bearer("ada"));
  expect(realtime.api.asked).toEqual(["/internal/session"]);
});

test("while api is away a stream is rejected as unavailable, not as unauthenticated", async () => {
  const realtime = startRealtime();
  realtime.api.signIn("ada", ada);
  realtime.api.away = true;
  const response = await realtime.open(bearer("ada"));
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
});

test("after a loss the client gets what it missed, then what arrived meanwhile, each once", async () => {
  const realtime = startRealtime();
  const headers = { ...bearer(realtime.api.signIn("ada", ada)), "last-event-id": "3" };
  realtime.api.record(ada, 1, 2, 3, 4, 5, 6);
  realtime.api.record(bob, 4, 5, 6, 7);
  // While api answers, change 7 is committed and delivered, and 6 is delivered although api reported
  // it too.
  realtime.api.beforeChangesAnswer = async () => {
    realtime.hub.deliver(ada, frame(6));
    realtime.hub.deliver(ada, frame(7));
  };
  const stream = readEvents(await realtime.open(headers));
  expect(await stream.take(4)).toEqual([seen(4), seen(5), seen(6), seen(7)]);
  expect(realtime.api.asked).toEqual(["/internal/session", `/internal/changes?user_id=${ada}&after=3`]);
  await realtime.deliver(event(ada, 7), event(ada, 8));
  expect(await stream.next()).toEqual(seen(8));
});

test("a client that never saw an event does not ask for missed changes", async () => {
  const realtime = startRealtime();
  realtime.api.record(ada, 1, 2, 3);
  const stream = readEvents(await realtime.open({ ...bearer(realtime.api.signIn("ada", ada)), "last-event-id": "" }));
  await realtime.deliver(event(ada, 4));
  expect(await stream.next()).toEqual(seen(4));
});

for (const id of ["999", "seven", "-1", "1.5", "1e3", "9".repeat(40)]) {
  test(`a Last-Event-ID of ${id.slice(0, 8)} that api cannot resolve is one resync, from the newest change on`, async () => {
    const realtime = startRealtime();
    realtime.api.record(ada, 1, 2, 3);
    const stream = readEvents(await realtime.open({ ...bearer(realtime.api.signIn("ada", ada)), "last-event-id": id }));
    expect(await stream.next()).toEqual({ id: "3", event: "resync", data: {} });
    await realtime.deliver(event(ada, 3), event(ada, 4));
    expect(await stream.next()).toEqual(seen(4));
  });
}

test("when api is lost just after it knew the session, the client gets a resync", async () => {
  const realtime = startRealtime();
  realtime.api.beforeChangesAnswer = () => Promise.reject(new Error("connection reset"));
  const stream = readEvents(await realtime.open({ ...bearer(realtime.api.signIn("ada", ada)), "last-event-id": "1" }));
  expect(await stream.next()).toEqual({ id: null, event: "resync", data: {} });
});

test("a silent stream gets a ping every 15 seconds", async () => {
  const realtime = startRealtime();
  const stream = readEvents(await realtime.open(bearer(realtime.api.signIn("ada", ada))));
  await realtime.pass(46);
  await realtime.deliver(event(ada, 1));
  await stream.next();
  expect(stream.asides.slice(1)).toEqual([": ping", ": ping", ": ping"]);
});

test("the end of a session ends its streams at once, and those of no other session", async () => {
  const realtime = startRealtime();
  const [phone, laptop] = [realtime.api.signIn("phone", ada), realtime.api.signIn("laptop", ada)];
  const onPhone = readEvents(await realtime.open(bearer(phone)));
  const onLaptop = readEvents(await realtime.open(bearer(laptop)));
  await realtime.deliver(event(ada, 1), revoked(ada, 2, phone), event(ada, 3));
  expect(await onPhone.take(2)).toEqual([seen(1), null]);
  expect(await onLaptop.take(2)).toEqual([seen(1), seen(3)]);
  expect(realtime.hub.size).toBe(1);
});

test("a session that ends while its stream is being opened gets no stream", async () => {
  const realtime = startRealtime();
  const opening = realtime.open(bearer(realtime.api.signIn("ada", ada)));
  realtime.hub.endSession(sessionOf("ada"));
  expect((await opening).status).toBe(401);
  expect(realtime.hub.size).toBe(0);
});

test("a stream ends when its session expires", async () => {
  const realtime = startRealtime();
  const expiresAt = new Date(realtime.now().getTime() + 10_000).toISOString();
  const stream = readEvents(await realtime.open(bearer(realtime.api.signIn("ada", ada, expiresAt))));
  await realtime.pass(9);
  expect(realtime.hub.size).toBe(1);
  await realtime.pass(1);
  expect(await stream.next()).toBeNull();
  expect(realtime.hub.size).toBe(0);
});

test("G19: without an event from the broker a session's end closes its streams within a second, and no other's", async () => {
  const realtime = startRealtime();
  await realtime.pass(1);
  expect(realtime.api.asked).toEqual([]);
  const stream = readEvents(await realtime.open(bearer(realtime.api.signIn("ada", ada))));
  readEvents(await realtime.open(bearer(realtime.api.signIn("bob", bob))));
  await realtime.pass(1);
  expect(realtime.hub.size).toBe(2);
  realtime.api.ended.push(sessionOf("ada"));
  await realtime.pass(1);
  expect(await stream.next()).toBeNull();
  expect(realtime.hub.size).toBe(1);
});

test("when the broker loses the event, the stream of an ended session still ends within 16 seconds", async () => {
  const realtime = startRealtime();
  const stream = readEvents(await realtime.open(bearer(realtime.api.signIn("ada", ada))));
  readEvents(await realtime.open(bearer(realtime.api.signIn("bob", bob))));
  realtime.api.signOut("ada");
  await realtime.pass(16);
  await Bun.sleep(5);
  expect(await stream.next()).toBeNull();
  expect(realtime.hub.size).toBe(1);
});

test("streams outlive an api that is away, and are checked when it is back", async () => {
  const realtime = startRealtime();
  const stream = readEvents(await realtime.open(bearer(realtime.api.signIn("ada", ada))));
  realtime.api.away = true;
  await realtime.pass(60);
  expect(realtime.hub.size).toBe(1);
  await realtime.deliver(event(ada, 1));
  expect(await stream.next()).toEqual(seen(1));
  realtime.api.signOut("ada");
  realtime.api.away = false;
  await realtime.pass(16);
  await Bun.sleep(5);
  expect(await stream.next()).toBeNull();
});

test("an erased user's streams report it and end", async () => {
  const realtime = startRealtime();
  const stream = readEvents(await realtime.open(bearer(realtime.api.signIn("ada", ada))));
  await realtime.deliver(event(ada, 9, { event_type: "user.erased", task_id: null, version: 0 }));
  expect(await stream.take(2)).toEqual([
    { id: "9", event: "task.changed", data: { event_type: "user.erased", task_id: null, version: 0 } },
    null,
  ]);
});

test("one user cannot take all the connections: the 51st stream is a 429, and others still get theirs", async () => {
  const realtime = startRealtime();
  const [adas, bobs] = [bearer(realtime.api.signIn("ada", ada)), bearer(realtime.api.signIn("bob", bob))];
  const streams = await Promise.all(Array.from({ length: 50 }, () => realtime.open(adas)));
  const refused = await realtime.open(adas);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
  expect((await realtime.open(bobs)).status).toBe(200);
  await streams[0]?.body?.cancel();
  expect((await realtime.open(adas)).status).toBe(200);
});

test("a full server says when to reconnect", async () => {
  const realtime = startRealtime({ limits: { total: 2 } });
  const headers = bearer(realtime.api.signIn("ada", ada));
  for (const status of [200, 200, 503]) expect((await realtime.open(headers)).status).toBe(status);
});

test("a thousand streams opened and left leave nothing behind", async () => {
  const realtime = startRealtime({ limits: { perUser: 1_000 } });
  const headers = bearer(realtime.api.signIn("ada", ada));
  const streams = await Promise.all(Array.from({ length: 1_000 }, () => realtime.open(headers)));
  expect(realtime.hub.size).toBe(1_000);
  await Promise.all(streams.map((stream) => stream.body?.cancel()));
  expect(realtime.hub.size).toBe(0);
  expect(realtime.hub.isEmpty()).toBe(true);
});

test("HEAD describes the stream without opening one", async () => {
  const realtime = startRealtime();
  realtime.api.signIn("ada", ada);
  const head = (headers: Record<string, string>) =>
    realtime.app.handle(new Request("http://localhost/stream", { method: "HEAD", headers }));
  expect((await head({})).status).toBe(401);
  const response = await head(bearer("ada"));
  expect([response.status, response.headers.get("content-type"), response.body]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
    null,
  ]);
  expect(realtime.hub.size).toBe(0);
});

test("other methods on /stream are 405", async () => {
  const realtime = startRealtime();
  const response = await realtime.app.handle(new Request("http://localhost/stream", { method: "POST" }));
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});
