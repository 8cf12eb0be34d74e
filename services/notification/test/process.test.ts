import { afterAll, afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appTokenHeader } from "@carillon/contracts/names";
import { testDatabase } from "@carillon/kit/testing/database";

const database = await testDatabase({ migrations: [] });
const dataDir = mkdtempSync(join(tmpdir(), "carillon-notification-"));
afterAll(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
});
const enough = {
  APP_API_TOKEN: "app-token-of-the-tests",
  DATABASE_URL: database.urlFor("notification"),
  DATA_DIR: dataDir,
};

const main = join(import.meta.dir, "../src/main.ts");
const started: { kill(signal: "SIGKILL"): void }[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

function run(environment: Record<string, string>, ...command: string[]) {
  const env = { PATH: Bun.env.PATH ?? "", HOST: "127.0.0.1", NOTIFICATION_PORT: "0", ...environment };
  const child = Bun.spawn([process.execPath, main, ...command], { env, stdout: "pipe", stderr: "pipe" });
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

test("it brings its schema up to date, then is healthy and ready, keeps strangers from its inner routes, and SIGTERM ends it", async () => {
  expect(await run(enough, "migrate").exited).toBe(0);
  const child = run(enough);
  const url = await listening(child.stdout);
  for (const path of ["/health", "/health/live", "/health/ready", "/ready", "/metrics"]) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
  }
  expect((await fetch(`${url}/internal/anything`)).status).toBe(401);
  expect((await fetch(`${url}/job/rem-x`, { method: "POST" })).status).toBe(401);
  const known = { headers: { [appTokenHeader]: enough.APP_API_TOKEN } };
  expect((await fetch(`${url}/internal/anything`, known)).status).toBe(404);
  expect((await fetch(`${url}/job/rem-x`, { method: "POST", ...known })).status).toBe(200);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
}, 30_000);

test.each([
  [{ DATABASE_URL: "" }, "DATABASE_URL is not set.\n"],
  [
    { RESEND_API_KEY: "re_x" },
    "MAIL_FROM is not set; say from whom mail comes, such as Carillon <bells@example.com>.\n",
  ],
] as [Record<string, string>, string][])(
  "with %j the start ends with one sentence",
  async (missing, sentence) => {
    const child = run({ ...enough, ...missing });
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toBe(sentence);
  },
  20_000,
);
