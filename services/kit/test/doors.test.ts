import { afterEach, expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { sendRaw } from "@carillon/testing/raw-http";
import { Type } from "@sinclair/typebox";
import { type AnyElysia, Elysia } from "elysia";
import { arriving } from "../src/http/arriving.ts";
import { readBody } from "../src/http/read.ts";
import type { Log } from "../src/observe/log.ts";
import { createInternalService } from "../src/service/internal-service.ts";
import { serve } from "../src/service/serve.ts";
import { createService } from "../src/service/service.ts";

const appToken = "a token of the sidecar";
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Line = { level: string; message: string; fields: Record<string, unknown> };

function recorder(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ level, message, fields });
  return { lines, log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
}

function listen(app: AnyElysia, log: Log): number {
  const served = serve(app, { name: "api", hostname: "127.0.0.1", port: 0, log });
  stops.push(served.stop);
  return Number(new URL(served.url).port);
}

const reading = (log: Log, limitMs = 150) =>
  createService({ name: "api", log, appToken, deadlineMs: () => limitMs }).post(
    "/x",
    async ({ request }) => Response.json(await readBody(request, Type.Object({ a: Type.Number() }))),
    { parse: "none" },
  );

test("a body that breaks off is the client's fault: 408 in the log, and no error line", async () => {
  const { log, lines } = recorder();
  const port = listen(reading(log), log);
  const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } });
  socket.write("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{");
  await Bun.sleep(50);
  socket.terminate();
  while (!lines.some(({ message }) => message === "request")) await Bun.sleep(5);
  expect(lines.find(({ message }) => message === "request")?.fields).toMatchObject({ status: 408, route: "/x" });
  expect(lines.filter(({ level }) => level === "error")).toEqual([]);
});

test("a slow body is answered: a client's line does not use up the time of the work", async () => {
  const { log } = recorder();
  const port = listen(reading(log), log);
  const body = new ReadableStream({
    async start(controller) {
      for (const part of ['{"a"', ": ", "1", "}"]) {
        controller.enqueue(new TextEncoder().encode(part));
        await Bun.sleep(100);
      }
      controller.close();
    },
  });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${port}/x`, { method: "POST", headers, body });
  expect([answer.status, await answer.json()]).toEqual([200, { a: 1 }]);
});

test("work that takes too long after the body is there is still 503", async () => {
  const { log } = recorder();
  const app = createService({ name: "api", log, appToken, deadlineMs: () => 100 }).post(
    "/x",
    async ({ request }) => {
      await readBody(request, Type.Object({ a: Type.Number() }));
      await Bun.sleep(5_000);
      return new Response();
    },
    { parse: "none" },
  );
  const headers = { "content-type": "application/json" };
  const answer = await app.handle(new Request("http://localhost/x", { method: "POST", headers, body: '{"a":1}' }));
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
});

test("a body that never comes is 408 after its limit", async () => {
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) });
  const request = new Request("http://localhost/x", { method: "POST", body });
  const read = async () => {
    for await (const part of arriving(request, 30)) expect(part.length).toBe(1);
  };
  await expect(read()).rejects.toMatchObject({ name: "Problem", code: "request_timeout" });
});

test("an internal route on the public door does not start", () => {
  const { log } = recorder();
  for (const path of ["/internal/x", "/events/x", "/job/*", "/dapr/config", "/Internal/x", "/internal"]) {
    const app = createService({ name: "api", log, appToken }).get(path, () => "");
    expect(() => serve(app, { name: "api", hostname: "127.0.0.1", port: 0, log })).toThrow("is internal");
  }
});

test("a failure outside every door is a problem document without its message, and one line in the log", async () => {
  const { log, lines } = recorder();
  const broken = new Elysia().wrap(() => () => {
    throw new Error("secret words");
  });
  const port = listen(broken, log);
  const { status, text } = await sendRaw(port, "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  expect(status).toBe(500);
  expect(text).toContain("application/problem+json");
  expect(text).not.toContain("secret words");
  expect(lines.filter(({ level }) => level === "error")).toHaveLength(1);
});

test("the sidecar's token counts on this machine only; from elsewhere a caller needs its own", async () => {
  const { log } = recorder();
  const app = createInternalService({
    name: "api",
    log,
    appToken,
    routes: [{ method: "GET", path: "/internal/x", callers: ["recurring"], handle: () => new Response("in") }],
  });
  const all = Object.values(networkInterfaces()).flatMap((some = []) => some);
  const elsewhere = all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  const served = serve(app, { name: "api", hostname: "0.0.0.0", port: 0, log, isInternal: true });
  stops.push(served.stop);
  const { port } = new URL(served.url);
  const headers = { "dapr-api-token": appToken, "dapr-caller-app-id": "recurring" };
  const from = async (address: string) => (await fetch(`http://${address}:${port}/internal/x`, { headers })).status;
  expect(await from("127.0.0.1")).toBe(200);
  // A machine without any other address cannot be called from one.
  if (elsewhere) expect(await from(elsewhere)).toBe(401);
});

test("G25: requests that one socket sends ahead do not keep the others waiting", async () => {
  const { log } = recorder();
  let [handled, most] = [0, 0];
  const app = createService({ name: "api", log, appToken }).get("/spin", () => {
    for (const until = performance.now() + 5; performance.now() < until; );
    if (handled++ === 0)
      setImmediate(() => {
        most = Math.max(most, handled);
        handled = 0;
      });
    return "";
  });
  const port = listen(app, log);
  await sendRaw(port, "GET /spin HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100));
  const turn = await sendRaw(port, "GET /spin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  expect({ status: turn.status, fits: most <= 10 }).toEqual({ status: 200, fits: true });
});
