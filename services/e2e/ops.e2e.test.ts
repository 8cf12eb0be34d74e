import { afterAll, beforeAll, expect, test } from "bun:test";
import { resolve } from "node:path";
import { signUp } from "./src/client.ts";
import { type Product, startProduct } from "./src/product.ts";
import { waitUntil } from "./src/wait-until.ts";

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.dispose());

/** The operator's command line beside the running product: it is told the folder, and finds the rest. */
async function ops(...words: string[]) {
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([process.execPath, "--no-env-file", "run", "ops", ...words], {
    cwd: resolve(import.meta.dir, "../.."),
    env: { PATH, HOME, DATA_DIR: product.dataDir, AUDIT_PORT: new URL(product.audit).port },
    stdout: "pipe",
    stderr: "ignore",
  });
  const out = await new Response(child.stdout).text();
  return { exitCode: await child.exited, out };
}

test("the operator's commands find the running product through its data folder", async () => {
  expect(await ops("outbox")).toEqual({ exitCode: 0, out: "Everything committed is on the bus.\n" });
  expect(await ops("dlq", "list")).toEqual({ exitCode: 0, out: "No dead letters.\n" });
});

test("every history is judged by the running product, and is whole", async () => {
  const ada = await signUp(product.api, "ada");
  const task = await ada.createTask({ title: "Ring the bells" });
  await ada.completeTask(task.id);
  await waitUntil("both changes to become history", 10_000, async () =>
    (await ops("audit", "verify", "--all", "--json")).out.includes('"entries": 2'),
  );
  const { exitCode, out } = await ops("audit", "verify", "--all", "--json");
  expect({ exitCode, data: JSON.parse(out) }).toEqual({
    exitCode: 0,
    data: { ok: true, users: 1, entries: 2, broken: [] },
  });
});
