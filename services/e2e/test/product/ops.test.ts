import { afterAll, beforeAll, expect, test } from "bun:test";
import { signUp } from "../../src/client.ts";
import { ops } from "../../src/ops.ts";
import { type Product, startProduct } from "../../src/product.ts";
import { waitUntil } from "../../src/wait-until.ts";

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.dispose());

const ask = async (...words: string[]) => {
  const { exitCode, out } = await ops(product, ...words);
  return { exitCode, out };
};

test("the operator's commands find the running product", async () => {
  // Other files may just have written something; it leaves within the second.
  await waitUntil("everything is on the bus", 5_000, async () => (await ask("outbox")).exitCode === 0);
  expect(await ask("outbox")).toEqual({ exitCode: 0, out: "Everything committed is on the bus.\n" });
  expect(await ask("dlq", "list")).toEqual({ exitCode: 0, out: "No dead letters.\n" });
});

test("every history is judged by the running product, and is whole", async () => {
  const ada = await signUp(product.api, "ada");
  const task = await ada.createTask({ title: "Ring the bells" });
  await ada.completeTask(task.id);
  const verify = (whose: string) => ask("audit", "verify", whose, "--json");
  await waitUntil("both changes to become history", 10_000, async () =>
    (await verify(ada.user.id)).out.includes('"entries": 2'),
  );
  const { exitCode, out } = await verify(ada.user.id);
  expect({ exitCode, data: JSON.parse(out) }).toEqual({
    exitCode: 0,
    data: { ok: true, users: 1, entries: 2, broken: [] },
  });
  expect((await verify("--all")).exitCode).toBe(0);
});
