import { afterAll, beforeAll, expect, test } from "bun:test";
import { pubsubName } from "@carillon/contracts/names";
import { until } from "@carillon/testing/until";
import postgres, { type Sql } from "postgres";
import { signUp } from "../../src/client.ts";
import { type DaprProduct, startOnDapr } from "../../src/dapr-product.ts";
import { secretOf } from "../../src/data-folder.ts";
import { ops } from "../../src/ops.ts";

let product: DaprProduct;
let sql: Sql;
beforeAll(async () => {
  product = await startOnDapr();
  sql = postgres(product.databaseUrl(), { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await product.dispose();
});

type Letter = { id: string; topic: string; event_id: string; note: { last_error: string } | null };

async function lettersOf(eventId: string): Promise<Letter[]> {
  const { out, err, exitCode } = await ops(product, "dlq", "list", "--json");
  if (exitCode !== 0) throw new Error(out + err);
  const { dead_letters }: { dead_letters: Letter[] } = JSON.parse(out);
  return dead_letters.filter(({ event_id }) => event_id === eventId);
}

async function letters(eventId: string, count: number, limitMs: number): Promise<Letter[]> {
  let found: Letter[] = [];
  await until(
    `${count} dead letters`,
    async () => {
      found = await lettersOf(eventId);
      return found.length >= count;
    },
    limitMs,
  );
  return found.toSorted((one, other) => one.topic.localeCompare(other.topic));
}

/** Through api's own sidecar: no other may publish. */
async function publish(key: string, event: object): Promise<void> {
  const sidecar = `http://127.0.0.1:${product.processes()["api-sidecar"]?.port}`;
  const metadata = `metadata.rawPayload=true&metadata.partitionKey=${key}`;
  const answer = await fetch(`${sidecar}/v1.0/publish/${pubsubName}/task-events?${metadata}`, {
    method: "POST",
    headers: { "content-type": "application/json", "dapr-api-token": secretOf(product.dataDir, "dapr_api_token") },
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(204);
}

test("an unreadable event is parked with its reason within a minute, and the events behind it continue (G6)", async () => {
  const ada = await signUp(product.api, "poisoned");
  const id = Bun.randomUUIDv7();
  const envelope = { specversion: "1.0", id, source: "/carillon/api", type: "task.created", partitionkey: ada.user.id };
  const publishedAt = performance.now();
  await publish(ada.user.id, {
    ...envelope,
    subject: "nothing",
    datacontenttype: "application/json",
    data: { no: "task" },
  });
  const task = await ada.createTask({ title: "Behind the poison" });
  await until("its history", async () => (await ada.history(task.id)).data.length === 1, 10_000);
  const found = await letters(id, 2, 60_000);
  expect(performance.now() - publishedAt).toBeLessThan(60_000);
  expect(found.map(({ topic }) => topic)).toEqual(["task-events.audit.dlq", "task-events.recurring.dlq"]);
  for (const { note } of found) expect(note?.last_error).toContain("cannot be decoded");
  for (const letter of found) {
    const { exitCode, out } = await ops(product, "dlq", "replay", letter.id);
    expect(out).toContain("it can only be dropped");
    expect(exitCode).toBe(1);
    expect((await ops(product, "dlq", "drop", letter.id)).exitCode).toBe(0);
  }
  expect(await lettersOf(id)).toEqual([]);
  expect((await ada.verifyHistory()).ok).toBe(true);
}, 120_000);

test("an event that failed until its last try is parked; replayed it is applied once, however often (G6, G14)", async () => {
  const ada = await signUp(product.api, "replayed");
  const due_date = new Date(Date.now() + 3_600_000).toISOString();
  const task = await ada.createTask({ title: "Standup", recurring_pattern: "daily", due_date });
  // Nothing can follow this one's completion for a while, and recurring's own sweep cannot change
  // that.
  await sql.unsafe(`
    create function api.refuse() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$;
    create trigger refuse before insert on api.tasks for each row
      when (new.parent_task_id = '${task.id}') execute function api.refuse()`);
  await ada.completeTask(task.id);
  const [event] = await sql<{ id: string }[]>`
    select event_id as id from api.outbox where task_id = ${task.id} and type = 'task.completed'`;
  const id = event?.id ?? "";
  const [letter] = await letters(id, 1, 60_000);
  expect(letter?.topic).toBe("task-events.recurring.dlq");
  expect(letter?.note?.last_error).toContain("api answered 500");
  await sql.unsafe("drop trigger refuse on api.tasks; drop function api.refuse()");
  const { exitCode, out } = await ops(product, "dlq", "replay", letter?.id ?? "");
  expect({ exitCode, out }).toEqual({ exitCode: 0, out: "Replayed 1 event.\n" });
  expect((await ops(product, "dlq", "replay", letter?.id ?? "")).exitCode).toBe(1);
  expect(await lettersOf(id)).toEqual([]);
  const successors = (await ada.tasks("?limit=100")).data.filter(({ parent_task_id }) => parent_task_id === task.id);
  expect(successors).toHaveLength(1);
  const [told] = await sql<{ generated: number }[]>`
    select count(*)::int as generated from api.outbox where task_id = ${task.id} and type = 'occurrence.generated'`;
  expect(told?.generated).toBe(1);
}, 120_000);

test("G6: an outbox row that no release can read is parked before the bus; its user's later events continue", async () => {
  const ada = await signUp(product.api, "parked");
  await ada.createTask({ title: "Before the poison" });
  const id = Bun.randomUUIDv7();
  await sql`
    insert into api.outbox (user_id, change_seq, slot, event_id, type, entity_id, event)
    select user_id, 1000000, slot, ${id}, 'task.exploded', user_id, 'null'
    from api.outbox where user_id = ${ada.user.id} limit 1`;
  const task = await ada.createTask({ title: "Behind the poison" });
  await until("its history", async () => (await ada.history(task.id)).data.length === 1, 30_000);
  const [letter] = await letters(id, 1, 60_000);
  expect(letter?.topic).toBe("outbox");
  const { exitCode, out } = await ops(product, "dlq", "replay", letter?.id ?? "");
  expect({ exitCode, out }).toMatchObject({ exitCode: 1, out: expect.stringContaining("it is parked again") });
  expect((await ops(product, "dlq", "drop", letter?.id ?? "")).exitCode).toBe(0);
  expect(await lettersOf(id)).toEqual([]);
  // No change made this row, so the check of the whole run must not see it.
  await sql`delete from api.outbox where event_id = ${id}`;
}, 120_000);
