import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import type { Socket } from "bun";
import { type RunningProduct, removeDataDir, startProduct } from "./product.ts";

/** A pod of the product may use 384 MB. */
const maxMegabytes = 350;
const readersEach = 25;

let product: RunningProduct;
const sockets: Socket[] = [];
beforeAll(async () => {
  product = await startProduct({ environment: { LOG_LEVEL: "error" } });
});
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  await product.stop();
  removeDataDir(product.dataDir);
});

type Person = { token: string; call(method: string, path: string, body?: unknown): Promise<Response> };

async function signUp(name: string): Promise<Person> {
  const api = product.urls.api;
  const headers = { "content-type": "application/json" };
  const person = { email: `${name}@example.com`, password: "correct horse battery staple", name, time_zone: "UTC" };
  const post = () => fetch(`${api}/api/signup`, { method: "POST", headers, body: JSON.stringify(person) });
  let answer = await post();
  // On a busy machine hashing a password takes its time.
  for (; answer.status === 503; answer = await post()) await Bun.sleep(500);
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const call = (method: string, path: string, body?: unknown) =>
    fetch(api + path, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { token, call };
}

async function writeMuch(person: Person, tasks: number): Promise<void> {
  const description = "a long story ".repeat(1_500).slice(0, 19_000).trim();
  for (let at = 0; at < tasks; at++)
    expect(await persistently(() => person.call("POST", "/api/tasks", { title: `${at}`, description }))).toBe(201);
}

/** Sends a request on a socket of its own, reads the status, and nothing more. */
function askAndNotRead(url: string, path: string, token: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const status = Promise.withResolvers<string>();
  const opened = Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (socket) =>
        void socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`),
      data(socket, bytes) {
        socket.pause();
        status.resolve(bytes.toString("latin1").slice(9, 12));
      },
      close: () => status.resolve("closed"),
    },
  });
  void opened.then((socket) => sockets.push(socket), status.reject);
  return status.promise;
}

function megabytesOf(pid: number): number {
  const file = `/proc/${pid}/status`;
  const kilobytes = existsSync(file)
    ? /VmRSS:\s+(\d+)/.exec(readFileSync(file, "utf8"))?.[1]
    : Bun.spawnSync(["ps", "-o", "rss=", "-p", String(pid)]).stdout.toString();
  return Number(kilobytes) / 1024;
}

/** Follows `Retry-After`; returns the last status. */
async function persistently(ask: () => Promise<Response>, tries = 8): Promise<number> {
  for (let left = tries; ; left--) {
    const answer = await ask();
    await answer.text();
    const after = answer.headers.get("retry-after");
    if (answer.status < 400 || after === null || left === 0) return answer.status;
    await Bun.sleep(Number(after) * 1_000);
  }
}

test("G25: 200 sockets that request exports, histories, pages and streams and do not read fill no memory and block no other client", async () => {
  const people: Person[] = [];
  for (let at = 0; at < 8; at++) people.push(await signUp(`reader-${at}`));
  await Promise.all(people.map((person) => writeMuch(person, 60)));
  const bystander = await signUp("bystander");
  await bystander.call("POST", "/api/tasks", { title: "Water the plants" });

  let highest = 0;
  let isOver = false;
  const measuring = (async () => {
    for (; !isOver; await Bun.sleep(50)) highest = Math.max(highest, megabytesOf(product.pid));
  })();
  const { api, realtime } = product.urls;
  const ways = ["/api/tasks/export", "/api/sync", "/api/tasks?limit=100", "/api/audit?limit=100", "/stream"];
  const statuses = people.flatMap(({ token }) =>
    Array.from({ length: readersEach }, (_, at) => {
      const path = ways[at % ways.length] ?? "";
      return askAndNotRead(path === "/stream" ? realtime : api, path, token);
    }),
  );
  const small: number[] = [];
  for (let turn = 0; turn < 20; turn++) {
    for (const path of ["/api/auth/me", "/api/tasks", "/health"])
      small.push(await persistently(() => bystander.call("GET", path), 2));
    small.push(await persistently(() => bystander.call("POST", "/api/tasks", { title: `Task ${turn}` }), 2));
  }
  expect(new Set(small)).toEqual(new Set([200, 201]));
  expect(await persistently(() => bystander.call("GET", "/api/tasks/export"))).toBe(200);
  const answered = Map.groupBy(await Promise.all(statuses), (status) => status);
  expect([...answered.keys()].filter((status) => !["200", "429", "503"].includes(status))).toEqual([]);
  isOver = true;
  await measuring;
  expect(highest).toBeLessThan(maxMegabytes);
}, 180_000);

test("G25: unread exports of one account beyond its places are 429 with Retry-After, and free again when the sockets close", async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  const person = await signUp("hoarder");
  await writeMuch(person, 400);
  const statuses = await Promise.all(
    Array.from({ length: 60 }, () => askAndNotRead(product.urls.api, "/api/tasks/export", person.token)),
  );
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
  expect(count("200")).toBeLessThanOrEqual(8);
  expect(count("200") + count("429")).toBe(60);
  const refused = await person.call("GET", "/api/tasks/export");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
  for (const socket of sockets.splice(0)) socket.terminate();
  expect(await persistently(() => person.call("GET", "/api/tasks/export"))).toBe(200);
}, 120_000);
