import { afterAll, afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appTokenHeader } from "@carillon/contracts/names";
import { testDatabase } from "@carillon/testing/database";
import { listening } from "@carillon/testing/listening";

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
const asOwner = { ...enough, DATABASE_URL: database.urlFor("owner") };

const main = join(import.meta.dir, "../src/main.ts");
const started: { kill(signal: "SIGKILL"): void }[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

function run(environment: Record<string, string>, ...command: string[]) {
  const env = {
    PATH: Bun.env.PATH ?? "",
    HOST: "127.0.0.1",
    NOTIFICATION_PORT: "0",
    NOTIFICATION_INTERNAL_PORT: "0",
    ...environment,
  };
  const child = Bun.spawn([process.execPath, main, ...command], { env, stdout: "pipe", stderr: "pipe" });
  started.push(child);
  return child;
}

test("it migrates its schema, then is healthy and ready, closes its internal routes to other callers, and stops on SIGTERM", async () => {
  expect(await run(asOwner, "migrate").exited).toBe(0);
  const child = run(enough);
  const { open, internal } = await listening(child.stdout);
  for (const path of ["/health", "/health/live", "/health/ready", "/ready"]) {
    expect([path, (await fetch(open + path)).status]).toEqual([path, 200]);
  }
  expect((await fetch(`${internal}/metrics`)).status).toBe(200);
  expect((await fetch(`${internal}/internal/anything`)).status).toBe(401);
  expect((await fetch(`${internal}/job/rem-x`, { method: "POST" })).status).toBe(401);
  const known = { headers: { [appTokenHeader]: enough.APP_API_TOKEN } };
  expect((await fetch(`${internal}/internal/anything`, known)).status).toBe(404);
  expect((await fetch(`${internal}/job/rem-x`, { method: "POST", ...known })).status).toBe(200);
  expect((await fetch(`${open}/job/rem-x`, { method: "POST", ...known })).status).toBe(404);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
}, 30_000);

test("an interrupted migration does not count as done", async () => {
  const other = await database.sql.reserve();
  try {
    await other`select pg_advisory_lock(hashtext('carillon.migrations'), hashtext('notification'))`;
    const child = run(asOwner, "migrate");
    const isWaiting = async () =>
      (await database.sql`select from pg_locks where locktype = 'advisory' and not granted`).length;
    while (child.exitCode === null && !(await isWaiting())) await Bun.sleep(50);
    child.kill("SIGTERM");
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toBe("The migration was interrupted; run it again.\n");
  } finally {
    await other`select pg_advisory_unlock_all()`;
    other.release();
  }
}, 30_000);

test.each([
  [{ DATABASE_URL: "" }, "DATABASE_URL is not set.\n"],
  [
    { DATA_DIR: "/dev/null" },
    'DATA_DIR is "/dev/null", where mail cannot be kept; set another, or RESEND_API_KEY or SMTP_HOST to send it.\n',
  ],
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
