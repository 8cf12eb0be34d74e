import { afterAll, beforeAll, expect } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Task } from "@carillon/contracts/http/tasks";
import postgres from "postgres";
import { type Person, password, signUp } from "../../src/client.ts";
import { mode } from "../../src/mode.ts";
import { ops } from "../../src/ops.ts";
import { brokenPromises, mailsOf, untilQuiet } from "../../src/oracles.ts";
import { type Product, startProduct } from "../../src/product.ts";
import { testIn } from "../../src/test-in.ts";

/** A copy of a product at work, made by `ops backup`, becomes a product that keeps every promise. */
let product: Product;
const home = mkdtempSync(join(tmpdir(), "carillon-backup-"));
const copies = join(home, "copies");

beforeAll(async () => {
  if (mode === "embedded") product = await startProduct();
});
afterAll(async () => {
  if (mode === "embedded") await product.dispose();
  rmSync(home, { recursive: true, force: true });
});

const newest = (): string => join(copies, readdirSync(copies).toSorted().at(-1) ?? "");
const restoreInto = (dataDir: string, from: string, ...flags: string[]) =>
  ops({ opsEnvironment: () => ({ DATA_DIR: dataDir }) }, "restore", from, ...flags);

testIn(
  "embedded",
  "a process of its own copies the data folder of the product in one process",
  "a copy that is made while people write, restored, holds all that was confirmed before it, and rings once",
  async () => {
    const ada = await signUp(product.api, "ada");
    const before = await createMany(ada, 100, "Before");
    await ada.completeTask(before[0]?.id ?? "");
    const repeated = await ada.createTask({ title: "Standup", recurring_pattern: "daily", due_date: inSeconds(3_600) });
    await ada.completeTask(repeated.id);
    const rung = await ada.createTask({ title: "Rung before", reminder_at: inSeconds(1) });
    const sql = postgres(product.databaseUrl(), { max: 1, onnotice: () => {} });
    await untilQuiet(sql, 30_000);
    const writing = createMany(ada, 200, "Meanwhile");
    const made = await ops(product, "backup", copies, "--json");
    expect({ exitCode: made.exitCode, err: made.err }).toEqual({ exitCode: 0, err: "" });
    await writing;
    const after = await ada.createTask({ title: "After" });
    await sql.end();
    await product.terminate();

    rmSync(product.dataDir, { recursive: true });
    const restored = await restoreInto(product.dataDir, newest());
    expect({ exitCode: restored.exitCode, err: restored.err }).toEqual({ exitCode: 0, err: "" });
    await product.restart();

    const again = await signIn(ada.email);
    const titles = await titlesOf(again);
    expect(before.filter(({ title }) => !titles.has(title)).map(({ title }) => title)).toEqual([]);
    expect(titles.has(after.title)).toBe(false);
    const witness = postgres(product.databaseUrl(), { max: 1, onnotice: () => {} });
    await untilQuiet(witness, 30_000);
    expect(await brokenPromises({ sql: witness, product })).toEqual({});
    await witness.end();
    expect(mailsOf(product.dataDir).filter(({ to }) => to.includes(ada.email))).not.toEqual([]);
    expect(rung.reminders).toHaveLength(1);
  },
  180_000,
);

testIn(
  "embedded",
  "a process of its own copies the data folder of the product in one process",
  "a copy that was damaged, or is not whole, is refused and nothing is restored",
  async () => {
    const made = await ops(product, "backup", copies, "--keep", "1");
    expect(made.exitCode).toBe(0);
    expect(readdirSync(copies)).toHaveLength(1);
    const folder = newest();
    const target = join(home, "target");
    expect((await restoreInto(target, folder, "--dry-run")).out).toContain("is whole");
    expect(existsSync(target)).toBe(false);
    const file = join(folder, "postgres/global/pg_control");
    const content = readFileSync(file);
    writeFileSync(file, content.fill(0, 0, 8));
    const damaged = await restoreInto(target, folder);
    expect([damaged.exitCode, damaged.err]).toEqual([
      1,
      "The backup is damaged: postgres/global/pg_control is not what was written.\n",
    ]);
    rmSync(file);
    expect((await restoreInto(target, folder)).err).toContain("pg_control is missing");
    rmSync(join(folder, "backup.json"));
    expect((await restoreInto(target, folder)).err).toContain("holds no whole backup");
    expect(existsSync(target)).toBe(false);
  },
  120_000,
);

testIn(
  "embedded",
  "a process of its own copies the data folder of the product in one process",
  "a data folder that holds something is left as it is, and a database of one's own is not these commands'",
  async () => {
    const target = join(home, "occupied");
    mkdirSync(target);
    writeFileSync(join(target, "secrets.json"), "{}");
    const made = await ops(product, "backup", copies);
    const refused = await restoreInto(target, newest());
    expect([made.exitCode, refused.exitCode]).toEqual([0, 1]);
    expect(refused.err).toContain("holds secrets.json");
    const elsewhere = { opsEnvironment: () => ({ DATABASE_URL: "postgres://a:b@127.0.0.1:1/x" }) };
    expect((await ops(elsewhere, "backup", copies)).err).toContain("DATABASE_URL is set");
    expect((await ops({ opsEnvironment: () => ({ DATA_DIR: target }) }, "backup", copies)).err).toContain(
      "No Carillon is running",
    );
  },
  60_000,
);

/** Tasks with numbered titles, eight at a time: more at once are refused. */
async function createMany(person: Person, count: number, title: string): Promise<Task[]> {
  const made: Task[] = [];
  while (made.length < count) {
    const next = Array.from({ length: Math.min(8, count - made.length) }, (_, at) => made.length + at);
    made.push(...(await Promise.all(next.map((at) => person.createTask({ title: `${title} ${at}` })))));
  }
  return made;
}

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

async function signIn(email: string): Promise<string> {
  const answer = await fetch(`${product.api}/api/signin`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const { access_token: token }: { access_token: string } = await answer.json();
  return token;
}

async function titlesOf(token: string): Promise<Set<string>> {
  const titles = new Set<string>();
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`${product.api}/api/tasks?limit=100${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const page: { data: { title: string }[]; next_cursor: string | null } = await answer.json();
    for (const { title } of page.data) titles.add(title);
    cursor = page.next_cursor;
  }
  return titles;
}
