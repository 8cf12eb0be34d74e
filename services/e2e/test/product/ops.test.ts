import { afterAll, beforeAll, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import postgres from "postgres";
import { signUp } from "../../src/client.ts";
import { ops } from "../../src/ops.ts";
import { type Product, startProduct } from "../../src/product.ts";

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
  // Other files may just have written something, which is published within the second.
  await until("everything is on the bus", async () => (await ask("outbox")).exitCode === 0, 5_000);
  expect(await ask("outbox")).toEqual({ exitCode: 0, out: "Everything committed is on the bus.\n" });
  expect(await ask("dlq", "list")).toEqual({ exitCode: 0, out: "No dead letters.\n" });
});

test("every history is verified by the running product, and is intact", async () => {
  const ada = await signUp(product.api, "ada");
  const task = await ada.createTask({ title: "Ring the bells" });
  await ada.completeTask(task.id);
  const verify = (whose: string) => ask("audit", "verify", whose, "--json");
  await until(
    "both changes to become history",
    async () => (await verify(ada.user.id)).out.includes('"entries": 2'),
    10_000,
  );
  const { exitCode, out } = await verify(ada.user.id);
  expect({ exitCode, data: JSON.parse(out) }).toEqual({
    exitCode: 0,
    data: { ok: true, users: 1, entries: 2, broken: [] },
  });
  expect((await verify("--all")).exitCode).toBe(0);
});

test("G6: an outbox row that no release can read is parked and listed; its user's later events continue, and a replay reports the truth", async () => {
  const sql = postgres(product.databaseUrl(), { max: 1, onnotice: () => {} });
  const ada = await signUp(product.api, "parked");
  await ada.createTask({ title: "Before the poison" });
  const id = Bun.randomUUIDv7();
  // As a rollback to an older release would meet it.
  await sql`
    insert into api.outbox (user_id, change_seq, slot, event_id, type, entity_id, event)
    select user_id, 1000000, slot, ${id}, 'task.exploded', user_id, jsonb_build_object('id', ${id}::text, 'type', 'task.exploded')
    from api.outbox where user_id = ${ada.user.id} limit 1`;
  const task = await ada.createTask({ title: "Behind the poison" });
  await until("its history", async () => (await ada.history(task.id)).data.length === 1, 10_000);
  const letters = JSON.parse((await ask("dlq", "list", "--json")).out).dead_letters;
  expect(letters).toMatchObject([{ topic: "outbox", event_id: id, reason: "the event has no source", settled: null }]);
  const replayed = await ask("dlq", "replay", id);
  expect(replayed).toMatchObject({ exitCode: 1, out: expect.stringContaining("it is parked again") });
  expect(await ask("dlq", "drop", id)).toEqual({ exitCode: 0, out: "Dropped 1 event.\n" });
  expect((await ask("dlq", "list")).out).toBe("No dead letters.\n");
  // No change made this row, so the check of the whole run must not see it.
  await sql`delete from api.outbox where event_id = ${id}`;
  await sql.end();
});
