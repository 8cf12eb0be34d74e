import { afterEach, beforeEach, expect, test } from "bun:test";
import { BlockList, createServer, type Server } from "node:net";
import type { ChannelAddress, Send, TakenChannel } from "@carillon/contracts/http/channels";
import { fatal } from "@carillon/kit/loop";
import { Problem } from "@carillon/kit/service";
import { selfSigned } from "@carillon/testing/certificate";
import { until } from "@carillon/testing/until";
import { Webhook } from "standardwebhooks";
import { postOutside } from "../src/channels/post-outside.ts";
import { openRig, type Rig } from "./harness.ts";

let rig: Rig;
let receiver: ReturnType<typeof startReceiver>;
beforeEach(async () => {
  rig = await openRig();
  receiver = startReceiver();
});
afterEach(async () => {
  await receiver.stop();
  await rig.close();
});

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");

/** A server of a user's own: what it got, and the answers that it gives next. */
function startReceiver() {
  const got: { path: string; headers: Headers; text: string }[] = [];
  const answers: Response[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      got.push({ path: new URL(request.url).pathname, headers: request.headers, text: await request.text() });
      return answers.shift() ?? new Response("ok");
    },
  });
  return { got, answers, address: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const older = `whsec_${Buffer.alloc(24, 8).toString("base64")}`;

function channelOf(kind: ChannelAddress["kind"], more: Partial<ChannelAddress> = {}): ChannelAddress {
  return {
    id: Bun.randomUUIDv7(),
    kind,
    target: `${receiver.address}/topic`,
    token: null,
    keys: null,
    secrets: [],
    ...more,
  };
}

function reminder(title: string, more: Partial<Send> = {}): Send {
  const [taskId, now] = [Bun.randomUUIDv7(), new Date()];
  return {
    user_id: Bun.randomUUIDv7(),
    id: Bun.randomUUIDv7(),
    attempts: 1,
    created_at: now.toISOString(),
    task_id: taskId,
    content: {
      about: "reminder",
      user_zone: "Europe/Berlin",
      hour_cycle: "h23",
      date_order: "dmy",
      reminder: {
        reminder_id: Bun.randomUUIDv7(),
        remind_at: now.toISOString(),
        task_id: taskId,
        title,
        due_date: new Date(now.getTime() + 3_600_000).toISOString(),
        all_day: false,
        time_zone: "Europe/Berlin",
      },
    },
    ...more,
  };
}

async function deliver(...channels: TakenChannel[]) {
  const before = rig.api.sendResults.length;
  const expected = channels.reduce((sum, { sends }) => sum + sends.length, 0);
  rig.api.channels.push(...channels);
  const replica = await rig.replica();
  replica.start();
  await until("api heard of all", () => rig.api.sendResults.length === before + expected);
  return rig.api.sendResults.slice(before);
}

test("G21: ntfy gets the title and when it is due, whatever was typed, and no header of a person's making", async () => {
  const title = "Milk ☕\r\nX-Evil: yes";
  const send = reminder(title);
  const results = await deliver({ channel: channelOf("ntfy", { token: "tk_1" }), sends: [send] });
  expect(results).toMatchObject([{ id: send.id, outcome: "sent", status_code: 200, delay_ms: null }]);
  const [message] = receiver.got;
  const encoded = /^=\?UTF-8\?B\?([A-Za-z0-9+/=]+)\?=$/.exec(message?.headers.get("title") ?? "")?.[1] ?? "";
  expect(Buffer.from(encoded, "base64").toString()).toBe(title);
  expect(message?.headers.get("x-evil")).toBeNull();
  expect(message?.headers.get("authorization")).toBe("Bearer tk_1");
  expect(message?.headers.get("x-sequence-id")).toBe(send.id);
  expect(message?.headers.get("click")).toBe(`http://localhost:3000/tasks/${send.task_id}`);
  expect(message?.text).toMatch(/^Due in one hour \(.+\)\.\n.+\(Europe\/Berlin\)\.$/);
});

test("a webhook's receiver verifies each delivery as Standard Webhooks say, with the old secret while it is valid", async () => {
  const send = reminder("Submit");
  const event: Send = {
    ...reminder("x"),
    content: { about: "event", type: "task.completed", timestamp: send.created_at, data: { a: "ü" } },
  };
  await deliver({ channel: channelOf("webhook", { secrets: [secret, older] }), sends: [send, event] });
  expect(receiver.got).toHaveLength(2);
  for (const { headers, text } of receiver.got) {
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    const signed = Object.fromEntries(names.map((name) => [name, headers.get(name) ?? ""]));
    for (const key of [secret, older]) expect(new Webhook(key).verify(text, signed)).toEqual(JSON.parse(text));
    const stranger = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;
    expect(() => new Webhook(stranger).verify(text, signed)).toThrow();
    expect(() => new Webhook(secret).verify(`${text} `, signed)).toThrow();
  }
  expect(receiver.got.map(({ headers }) => headers.get("webhook-id"))).toEqual([send.id, event.id]);
  expect(JSON.parse(receiver.got[0]?.text ?? "")).toMatchObject({
    type: "reminder.due",
    data: { title: "Submit", url: `http://localhost:3000/tasks/${send.task_id}` },
  });
  expect(JSON.parse(receiver.got[1]?.text ?? "")).toEqual({
    type: "task.completed",
    timestamp: send.created_at,
    data: { a: "ü" },
  });
});

test("a redirect is not followed, and what is refused for good is not retried", async () => {
  receiver.answers.push(
    new Response(null, { status: 302, headers: { location: `${receiver.address}/elsewhere` } }),
    new Response(null, { status: 403 }),
    new Response(null, { status: 503, headers: { "retry-after": "600" } }),
    new Response(null, { status: 410 }),
  );
  const results = await deliver({
    channel: channelOf("ntfy"),
    sends: [reminder("a"), reminder("b"), reminder("c"), { ...reminder("d"), content: { about: "test" } }],
  });
  expect(receiver.got.map(({ path }) => path)).toEqual(Array(4).fill("/topic"));
  expect(results.map(({ outcome, status_code }) => [outcome, status_code])).toEqual([
    ["failed", 302],
    ["failed", 403],
    ["retry", 503],
    ["failed", 410],
  ]);
  expect(results[2]?.delay_ms).toBeGreaterThanOrEqual(600_000);
});

test("a slow receiver holds up no other channel", async () => {
  const free = Promise.withResolvers<void>();
  const slow = createServer((socket) => {
    free.promise.then(() => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")).catch(fatal);
  });
  const port = await listen(slow);
  rig.api.channels.push({
    channel: channelOf("ntfy", { target: `http://127.0.0.1:${port}/t` }),
    sends: [reminder("slow")],
  });
  const replica = await rig.replica();
  replica.start();
  await until("it is taken", () => rig.api.channels.length === 0);
  rig.api.channels.push({ channel: channelOf("ntfy"), sends: [reminder("fast")] });
  await until("the other is sent", () => rig.api.sendResults.length === 1);
  expect(receiver.got).toHaveLength(1);
  free.resolve();
  await until("the slow one too", () => rig.api.sendResults.length === 2);
  slow.close();
});

const listen = (server: Server): Promise<number> =>
  new Promise((done) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(typeof address === "object" && address ? address.port : 0);
    });
  });

const nothing = new BlockList();
const post = (target: string, more: Partial<Parameters<typeof postOutside>[1]> = {}, timeoutMs = 5_000) =>
  postOutside({ target, headers: {}, body: "x" }, { admitted: nothing, ...more }, timeoutMs);

test("no message goes inside: to an address, a name that leads there, or one name of two that does", async () => {
  const { port } = new URL(receiver.address);
  for (const host of ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
    for (const scheme of ["http", "https"])
      await expect(post(`${scheme}://${host}:${port}/`)).rejects.toThrow("its address is not on the public Internet");
  const resolve = async () => [
    { address: "93.184.216.34", family: 4 },
    { address: "169.254.169.254", family: 4 },
  ];
  await expect(post("https://two.example/", { resolve })).rejects.toThrow("not on the public Internet");
  await expect(post("http://93.184.216.34/")).rejects.toThrow("it must be an https address");
  expect(receiver.got).toEqual([]);
});

test("the address that was judged is the one that is asked: a name is resolved once", async () => {
  const { port } = new URL(receiver.address);
  let asked = 0;
  const resolve = async () => {
    asked += 1;
    return [{ address: "127.0.0.1", family: 4 }];
  };
  expect(await post(`http://ntfy.house:${port}/t`, { resolve, admitted: loopback })).toMatchObject({ status: 200 });
  expect([asked, receiver.got[0]?.headers.get("host")]).toEqual([1, `ntfy.house:${port}`]);
});

test("over https the receiver proves its name", async () => {
  const { key, certificate } = selfSigned(new Date());
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    tls: { key, cert: certificate },
    fetch: () => new Response("ok"),
  });
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const outside = { admitted: loopback, resolve };
  try {
    await expect(post(`https://localhost:${server.port}/`, outside)).rejects.toThrow(/certificate/i);
    expect(await post(`https://localhost:${server.port}/`, { ...outside, ca: certificate })).toMatchObject({
      status: 200,
    });
    await expect(post(`https://other.example:${server.port}/`, { ...outside, ca: certificate })).rejects.toThrow(
      /altname|ERR_TLS/i,
    );
  } finally {
    await server.stop(true);
  }
});

test("a receiver that never answers, or never stops, is left", async () => {
  const silent = createServer(() => {});
  const endless = createServer((socket) => {
    socket.on("error", () => {});
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const more = setInterval(() => socket.write("x".repeat(4_096)), 1);
    socket.on("close", () => clearInterval(more));
  });
  const closed = Promise.withResolvers<void>();
  endless.on("connection", (socket) => socket.on("close", () => closed.resolve()));
  const [one, two] = [await listen(silent), await listen(endless)];
  await expect(post(`http://127.0.0.1:${one}/`, { admitted: loopback }, 200)).rejects.toThrow("did not answer in time");
  const resolve = () => new Promise<never>(() => {});
  await expect(post("https://lost.example/", { resolve }, 200)).rejects.toThrow("did not answer in time");
  expect(await post(`http://127.0.0.1:${two}/`, { admitted: loopback })).toMatchObject({ status: 200 });
  await closed.promise;
  silent.close();
  endless.close();
});

test("what cannot be reached says so in words, without addresses", async () => {
  await receiver.stop();
  const [result] = await deliver({ channel: channelOf("ntfy"), sends: [reminder("x")] });
  expect(result).toMatchObject({ outcome: "retry", status_code: null, detail: "it accepts no connection" });
});

test("a receiver that said 200 got the message, however its answer goes on: it is not sent again", async () => {
  const stuck = createServer((socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal"));
  const cut = createServer((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal"));
  for (const server of [stuck, cut]) {
    const port = await listen(server);
    expect(await post(`http://127.0.0.1:${port}/`, { admitted: loopback }, 2_000)).toMatchObject({ status: 200 });
    server.close();
  }
});

test("a result that api could not take is reported again, and its message not sent again", async () => {
  const { call } = rig.api.invoke;
  let failures = 0;
  rig.api.invoke.call = async (service, request, options) => {
    if (request.url.endsWith("/channels/results") && failures++ === 0) throw new Problem("unavailable", "away");
    return call(service, request, options);
  };
  const results = await deliver({ channel: channelOf("ntfy"), sends: [reminder("once")] });
  expect(results).toMatchObject([{ outcome: "sent" }]);
  expect(receiver.got).toHaveLength(1);
});
