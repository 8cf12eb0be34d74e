import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabase } from "@carillon/testing/database";

const main = join(import.meta.dir, "../src/main.ts");
const database = await testDatabase({ migrations: ["api", "audit", "notification", "bus", "state"] });
const nowhere = mkdtempSync(join(tmpdir(), "carillon-ops-"));
afterAll(async () => {
  rmSync(nowhere, { recursive: true });
  await database.close();
});

/** The command as an operator types it. */
async function ops(line: string, environment: Record<string, string> = { DATABASE_URL: database.url }) {
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([process.execPath, "--no-env-file", main, ...line.split(" ").filter(Boolean)], {
    env: { PATH, HOME, ...environment },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, out, err };
}

const [user, event] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
await database.sql`
  insert into bus.dead_letter (topic, original_topic, subscriber, key, event_id, event, reason, attempts)
  values ('task-events.audit.dlq', 'task-events', 'audit:task-events', ${user}, ${event}, '{"type": "task.updated"}', 'no reason given', 1)`;

test("every command prints lines for people and JSON for programs", async () => {
  expect(await ops("outbox")).toEqual({ exitCode: 0, out: "Everything committed is on the bus.\n", err: "" });
  expect(JSON.parse((await ops("outbox --json")).out)).toEqual({ pending: 0, oldest_seconds: null, parked: 0 });
  expect((await ops("reminders due")).out).toBe("0 due within the hour, 0 of them overdue.\n");
  expect(JSON.parse((await ops("reminders due --json")).out)).toEqual({ due: 0, overdue: 0, reminders: [] });
  expect((await ops("dlq list")).out).toContain(`task.updated  ${event}  1      no reason given`);
  expect(JSON.parse((await ops(`dlq show ${event} --json`)).out)).toMatchObject([{ event_id: event, note: null }]);
  expect(await ops("dlq replay --all --dry-run")).toEqual({ exitCode: 0, out: "Would replay 1 event.\n", err: "" });
  const replay = ops("dlq replay --all");
  const delivered = [];
  // In place of audit, which would take it.
  while (delivered.length === 0)
    delivered.push(...(await database.sql`delete from bus.delivery returning subscriber, key`));
  expect(delivered).toMatchObject([{ subscriber: "audit:task-events", key: user }]);
  expect(await replay).toEqual({ exitCode: 0, out: "Replayed 1 event.\n", err: "" });
  expect(await ops("dlq drop 1 --json")).toMatchObject({ exitCode: 0, err: "" });
  expect(await ops("dlq show 1")).toEqual({ exitCode: 1, out: "There is no dead letter 1.\n", err: "" });
});

test("a usage error exits with 2, says what is wrong, and shows the usage", async () => {
  const { exitCode, out, err } = await ops("dlq purge");
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
  expect(err).toStartWith('"dlq purge" is not a command.\n\nnpm run ops -- <command>');
  expect(await ops("--help")).toMatchObject({ exitCode: 0, err: "", out: expect.stringContaining("dlq replay <id>") });
});

const key = "a-key-of-the-tests-that-seals-histories";

test("the history of a product in one process is verified on its database: it does not listen for operators", async () => {
  const { exitCode, out } = await ops(`audit verify ${user}`, { DATABASE_URL: database.url, AUDIT_KEY: key });
  const lines = [`BROKEN: user ${user}, 0 entries fit (no account).`, "0 entries of 1 user fit; broken histories: 1."];
  expect([exitCode, out]).toEqual([1, `${lines.join("\n")}\n`]);
  const all = await ops("audit verify --all", { DATABASE_URL: database.url, AUDIT_KEY: key });
  expect([all.exitCode, all.out]).toEqual([0, "0 entries of 0 users fit; broken histories: 0.\n"]);
});

test("an account of a product in one process is looked after on its database, and what was done is a line of the log", async () => {
  const id = Bun.randomUUIDv7();
  await database.sql`
    insert into api.users (id, email, email_key, password_hash, created_at)
    values (${id}, 'ann@example.com', 'ann@example.com', 'none', '2026-11-01T00:00:00Z')`;
  const { exitCode, out, err } = await ops("users end-sessions Ann@example.com", { DATABASE_URL: database.url });
  expect([exitCode, out.split(";")[0]]).toEqual([
    0,
    `Every session and access token has ended. User ${id}, since 2026-11-01, address proven`,
  ]);
  expect(JSON.parse(err)).toMatchObject({ event: "operator act", actor: "operator", act: "end-sessions", user_id: id });
  const absent = await ops("users find absent@example.com", { DATABASE_URL: database.url });
  expect([absent.exitCode, absent.out]).toEqual([1, "No account has that address.\n"]);
});

const sentences: [string, Record<string, string>, string][] = [
  ["outbox", { DATA_DIR: nowhere }, `No Carillon is running on ${nowhere}; start it, or set DATA_DIR or DATABASE_URL.`],
  ["topics apply", {}, "KAFKA_BROKERS is not set; a product without a broker has no topics to apply."],
  ["outbox", { KAFKA_BROKERS: "b:1" }, "DATABASE_URL is not set; it names the database that operators may read."],
  [
    "serve",
    { APP_API_TOKEN: "a-token-of-sixteen" },
    "KAFKA_BROKERS is not set; without a broker there is nothing to watch.",
  ],
  ["serve", { KAFKA_BROKERS: "b:1" }, "APP_API_TOKEN is not set."],
  [
    "dlq list",
    { KAFKA_BROKERS: "127.0.0.1:1" },
    "The broker cannot be reached, or rejects the login of ops; check KAFKA_BROKERS.",
  ],
  ["outbox", { DATABASE_URL: "postgres://unknown:secret@127.0.0.1:1/nowhere" }, "The database cannot be reached."],
  [
    `audit verify ${user}`,
    { DATABASE_URL: "postgres://unknown:secret@127.0.0.1:1/nowhere", AUDIT_KEY: key },
    "The database cannot be reached.",
  ],
  [
    `audit verify ${user}`,
    { DATABASE_URL: database.url, DATA_DIR: nowhere },
    "AUDIT_KEY is not set; without it no history can be verified.",
  ],
];
for (const [line, environment, sentence] of sentences) {
  test(`G26: what is missing or away is one sentence: ${sentence}`, async () => {
    expect(await ops(line, environment)).toEqual({ exitCode: 1, out: "", err: `${sentence}\n` });
  });
}
