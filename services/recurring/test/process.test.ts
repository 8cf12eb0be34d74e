import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { appTokenHeader } from "@carillon/contracts/names";
import { listening } from "@carillon/testing/listening";

const main = join(import.meta.dir, "../src/main.ts");
const appToken = "app-token-of-the-tests";
const started: { kill(signal: "SIGKILL"): void }[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

function run(environment: Record<string, string>) {
  const env = {
    PATH: Bun.env.PATH ?? "",
    HOST: "127.0.0.1",
    RECURRING_PORT: "0",
    RECURRING_INTERNAL_PORT: "0",
    ...environment,
  };
  const child = Bun.spawn([process.execPath, main], { env, stdout: "pipe", stderr: "pipe" });
  started.push(child);
  return child;
}

test("as its own process it is healthy and ready, closes its internal routes to other callers, and stops on SIGTERM", async () => {
  const child = run({ APP_API_TOKEN: appToken });
  const { open, internal } = await listening(child.stdout);
  for (const path of ["/health", "/health/live", "/health/ready", "/ready"]) {
    expect([path, (await fetch(open + path)).status]).toEqual([path, 200]);
  }
  expect((await fetch(`${internal}/metrics`)).status).toBe(200);
  const known = { headers: { [appTokenHeader]: appToken } };
  expect((await fetch(`${internal}/internal/anything`)).status).toBe(401);
  expect((await fetch(`${internal}/internal/anything`, known)).status).toBe(404);
  for (const path of ["/internal/anything", "/events/task-events", "/metrics"])
    expect([path, (await fetch(open + path, { method: "POST", ...known })).status]).toEqual([path, 404]);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
}, 20_000);

test("a missing setting stops the start with one sentence that names it", async () => {
  const child = run({});
  expect(await child.exited).toBe(1);
  expect(await new Response(child.stderr).text()).toBe("APP_API_TOKEN is not set.\n");
}, 20_000);
