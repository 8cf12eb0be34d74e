import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "@carillon/testing/is-running";
import type { RunningProduct } from "./product.ts";
import { addTask, createRig, signUp, titles } from "./rig.ts";

setDefaultTimeout(60_000);

const { start, clear } = createRig();
afterEach(clear);

const databasePid = (product: RunningProduct): number =>
  Number(readFileSync(join(product.dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);

describe("one command", () => {
  test("serves all six services, and prints their addresses", async () => {
    const product = await start();
    for (const url of Object.values(product.urls)) expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(product.output()).toContain(`Carillon is ready at ${product.urls.web}/`);
    expect(product.output()).toContain(`mail in ${join(product.dataDir, "mail")}`);
  });

  test("SIGTERM ends it in order: exit code 0, no database left behind, no complaint", async () => {
    const product = await start();
    const database = databasePid(product);
    expect(await product.stop()).toBe(0);
    expect(isRunning(database)).toBe(false);
    expect(product.output()).not.toContain('"level"');
  });

  test("SIGTERM ends it in time although a stream is open", async () => {
    const product = await start();
    const token = await signUp(product);
    const stream = await fetch(`${product.urls.realtime}/stream`, { headers: { authorization: `Bearer ${token}` } });
    expect(stream.status).toBe(200);
    const startedAt = performance.now();
    expect(await product.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    await stream.body?.cancel().catch(() => {});
  });

  test("keeps its secrets readable by their owner only, and stable", async () => {
    const first = await start();
    const file = join(first.dataDir, "secrets.json");
    const secrets = readFileSync(file, "utf8");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.stop();
    const second = await start({ dataDir: first.dataDir });
    expect(readFileSync(file, "utf8")).toBe(secrets);
    await second.stop();
  });
});

describe("kill -9", () => {
  test("of the product in the middle of writes loses nothing that was answered, and the token stays valid", async () => {
    const first = await start();
    const token = await signUp(first);
    const asked: string[] = [];
    const answered: string[] = [];
    async function writeUntilKilled(writer: number): Promise<void> {
      for (let n = 0; ; n++) {
        const title = `${writer}.${n}`;
        asked.push(title);
        const status = await addTask(first, token, title).catch(() => "killed");
        if (status !== 201) return;
        answered.push(title);
      }
    }
    const writers = [1, 2, 3, 4].map(writeUntilKilled);
    while (answered.length < 20) await Bun.sleep(5);
    const database = databasePid(first);
    await first.kill();
    await Promise.all(writers);
    expect(isRunning(database)).toBe(true);

    const second = await start({ dataDir: first.dataDir, urls: first.urls });
    expect(isRunning(database)).toBe(false);
    const found = await titles(second, token);
    expect(answered.filter((title) => !found.includes(title))).toEqual([]);
    expect(found.filter((title) => !asked.includes(title))).toEqual([]);
  });

  test("of the database is repaired while the product runs", async () => {
    const product = await start();
    const token = await signUp(product);
    expect(await addTask(product, token, "Before")).toBe(201);
    process.kill(databasePid(product), "SIGKILL");
    // Answers of 503 in between are right; the key makes one task of all attempts.
    for (let waitedMs = 0; waitedMs < 15_000; waitedMs += 200) {
      if ((await addTask(product, token, "After")) === 201) break;
      await Bun.sleep(200);
    }
    expect(await titles(product, token)).toEqual(["After", "Before"]);
  });
});
