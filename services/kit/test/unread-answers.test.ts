import { afterEach, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import type { Socket } from "bun";
import { streamedResponse, textResponse } from "../src/http/index.ts";
import { createOpenAnswers } from "../src/http/open-answers.ts";
import { silentLog } from "../src/observe/log.ts";
import { createService, type Served, serve } from "../src/service/index.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const mega = "x".repeat(1024 * 1024);

/** More than any kernel keeps for a reader that does not read. */
function* endless(): Generator<string> {
  for (let part = 0; part < 2_000; part++) yield "y".repeat(64 * 1024);
}

function start(limits = { maxPerUser: 3, maxPerProcess: 5 }) {
  const answers = createOpenAnswers(limits);
  const app = createService({
    name: "api",
    log: silentLog,
    appToken: "a-token-of-the-sidecar",
    answers,
    before: async (request) => request,
  })
    .get("/small", () => textResponse("small", {}))
    .get("/large", () => textResponse(mega.repeat(16), {}))
    .get("/stream", () => streamedResponse(endless(), {}));
  const served: Served = serve(app, { name: "api", hostname: "127.0.0.1", port: 0, log: silentLog });
  closing.push(() => served.stop());
  return { answers, served, app };
}

type Reader = { head: string; bytes: number; isClosed: boolean; socket: Socket };

/** Sends a request on a socket of its own and reads no more than the first bytes. */
async function ask(url: string, path: string, method = "GET"): Promise<Reader> {
  const { hostname, port } = new URL(url);
  const reader = { head: "", bytes: 0, isClosed: false };
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (own) => void own.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
      data(own, bytes) {
        if (reader.head === "") own.pause();
        reader.head += reader.head === "" ? bytes.toString("latin1").slice(0, 200) : "";
        reader.bytes += bytes.byteLength;
      },
      close() {
        reader.isClosed = true;
      },
    },
  });
  closing.push(() => socket.terminate());
  return Object.assign(reader, { socket });
}

for (const path of ["/large", "/stream"]) {
  test(`G25: unread answers of ${path} keep their places and no more; the excess is 503; small answers continue`, async () => {
    const { answers, served } = start();
    const first = await Promise.all(Array.from({ length: 5 }, () => ask(served.url, path)));
    await until("all have their head", () => first.every((reader) => reader.head !== ""));
    expect(answers.size).toBe(5);
    const excess = await fetch(served.url + path);
    expect([excess.status, excess.headers.get("retry-after")]).toEqual([503, "2"]);
    await excess.text();
    expect(await (await fetch(`${served.url}/small`)).text()).toBe("small");
    for (const reader of first) reader.socket.terminate();
    await until("the places are free", () => answers.size === 0);
  });

  test(`G25: a stalled reader of ${path} is cut for an active one, and its socket is closed`, async () => {
    const { answers, served } = start({ maxPerUser: 1, maxPerProcess: 1 });
    const stalled = await ask(served.url, path);
    await until("it has its place", () => answers.size === 1 && stalled.head !== "");
    await Bun.sleep(2_100);
    const response = await fetch(served.url + path);
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await until("the new one left", () => answers.size === 0);
    stalled.socket.resume();
    await until("the stalled one is closed", () => stalled.isClosed);
    // What it got has no proper end.
    expect(stalled.bytes).toBeLessThan(100 * 1024 * 1024);
  });
}

test("a completely read answer frees its place, and the connection continues", async () => {
  const { answers, served } = start();
  for (let turn = 0; turn < 10; turn++) {
    const response = await fetch(`${served.url}/large`);
    expect((await response.text()).length).toBe(mega.length * 16);
  }
  await until("the places are free", () => answers.size === 0);
});

test("HEAD of a large answer is its head alone and keeps no place", async () => {
  const { answers, served } = start();
  const response = await fetch(`${served.url}/large`, { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
  expect(answers.size).toBe(0);
});

test("a client that leaves before its answer is ready keeps no place", async () => {
  const { answers, served } = start();
  const readers = await Promise.all(Array.from({ length: 5 }, () => ask(served.url, "/stream")));
  for (const reader of readers) reader.socket.terminate();
  await until("the places are free", () => answers.size === 0);
});
