import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { appTokenHeader } from "@carillon/contracts/names";
import { listening } from "@carillon/testing/listening";
import { ada, appToken, event, fakeApi, readEvents, seen } from "./harness.ts";

const main = join(import.meta.dir, "../src/main.ts");
const started: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

function run(environment: Record<string, string>) {
  const env = {
    PATH: Bun.env.PATH ?? "",
    HOST: "127.0.0.1",
    REALTIME_PORT: "0",
    REALTIME_INTERNAL_PORT: "0",
    ...environment,
  };
  const child = Bun.spawn([process.execPath, main], { env, stdout: "pipe", stderr: "pipe" });
  started.push({ stop: () => child.kill("SIGKILL") });
  return child;
}

test("as its own process it calls api over HTTP, and SIGTERM ends it in time although a stream is open", async () => {
  const api = fakeApi();
  api.signIn("ada", ada);
  api.record(ada, 1, 2);
  const apiServer = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: api.handle });
  started.push({ stop: () => apiServer.stop(true) });
  const child = run({ API_INTERNAL_URL: apiServer.url.href, APP_API_TOKEN: appToken });
  const { open, internal } = await listening(child.stdout);
  const headers = { authorization: "Bearer ada", "last-event-id": "1" };
  const stream = readEvents(await fetch(`${open}/stream`, { headers }));
  expect(await stream.next()).toEqual(seen(2));
  await fetch(`${internal}/events/task-updates`, {
    method: "POST",
    headers: { "content-type": "application/cloudevents+json", [appTokenHeader]: appToken },
    body: JSON.stringify(event(ada, 3)),
  });
  expect(await stream.next()).toEqual(seen(3));
  const askedAt = performance.now();
  child.kill("SIGTERM");
  expect(await stream.next()).toBeNull();
  expect(await child.exited).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(5_000);
}, 20_000);

test("a missing setting stops the start with one sentence that names it", async () => {
  const child = run({});
  expect(await child.exited).toBe(1);
  expect(await new Response(child.stderr).text()).toBe("APP_API_TOKEN is not set.\n");
}, 20_000);
