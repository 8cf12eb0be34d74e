import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { appTokenHeader } from "@carillon/contracts/names";

const main = join(import.meta.dir, "../src/main.ts");
const appToken = "app-token-of-the-tests";
const started: { kill(signal: "SIGKILL"): void }[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

function run(environment: Record<string, string>) {
  const env = { PATH: Bun.env.PATH ?? "", HOST: "127.0.0.1", NOTIFICATION_PORT: "0", ...environment };
  const child = Bun.spawn([process.execPath, main], { env, stdout: "pipe", stderr: "pipe" });
  started.push(child);
  return child;
}

/** The address in the log line that says where it listens. The output is read to its end: a process whose reader left cannot log. */
function listening(output: ReadableStream<Uint8Array>): Promise<string> {
  const found = Promise.withResolvers<string>();
  const read = async () => {
    const utf8 = new TextDecoder();
    let text = "";
    for await (const part of output) {
      text += utf8.decode(part, { stream: true });
      const url = /"message":"listening","url":"([^"]+)"/.exec(text)?.[1];
      if (url) found.resolve(url);
    }
    found.reject(new Error(`it ended: ${text}`));
  };
  read().catch(found.reject);
  return found.promise;
}

test("as a process of its own it is healthy and ready, keeps strangers from its inner routes, and SIGTERM ends it", async () => {
  const child = run({ APP_API_TOKEN: appToken });
  const url = await listening(child.stdout);
  for (const path of ["/health", "/health/live", "/health/ready", "/ready", "/metrics"]) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
  }
  expect((await fetch(`${url}/internal/anything`)).status).toBe(401);
  expect((await fetch(`${url}/internal/anything`, { headers: { [appTokenHeader]: appToken } })).status).toBe(404);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
}, 20_000);

test("a missing setting stops the start with one sentence that names it", async () => {
  const child = run({});
  expect(await child.exited).toBe(1);
  expect(await new Response(child.stderr).text()).toBe("APP_API_TOKEN is not set.\n");
}, 20_000);
