import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { NotificationPage } from "@carillon/contracts/http/reminders";
import { until } from "@carillon/testing/until";
import { signUp } from "../../src/client.ts";
import { startOwn } from "../../src/dapr-product.ts";
import { secretOf } from "../../src/data-folder.ts";
import { listen } from "../../src/live.ts";
import { mode } from "../../src/mode.ts";
import { ops } from "../../src/ops.ts";
import { readProcesses } from "../../src/processes.ts";
import { type Product, startProduct } from "../../src/product.ts";
import { testIn } from "../../src/test-in.ts";

setDefaultTimeout(120_000);

const names = {
  PUBSUB_NAME: "events",
  STATE_STORE_NAME: "notes",
  TASK_EVENTS_TOPIC: "Team_A.changes",
  REMINDERS_TOPIC: "bells",
  TASK_UPDATES_TOPIC: "screens",
};

/** One of its own: the names are those of a whole product. */
let product: Product;
beforeAll(async () => {
  product = await (mode === "dapr" ? startOwn({ env: names }) : startProduct({ env: names }));
}, 200_000);
afterAll(() => product.dispose());

test("with other names at its broker a change becomes history, rings, follows itself and reaches the screens", async () => {
  const ada = await signUp(product.api, "renamed");
  const stream = await listen(`${product.realtime}/stream`, ada.token);
  const soon = (ms: number) => new Date(Date.now() + ms).toISOString();
  const task = await ada.createTask({
    title: "Standup",
    recurring_pattern: "daily",
    due_date: soon(3_600_000),
    reminder_at: soon(3_000),
  });
  const rung = async () => (await ada.json<NotificationPage>("GET", "/api/notifications?state=sent")).data;
  await until("it has rung", async () => (await rung()).length === 1, 60_000);
  await ada.completeTask(task.id);
  const followers = async () =>
    (await ada.tasks("?limit=100")).data.filter(({ parent_task_id }) => parent_task_id === task.id);
  await until("its successor is there", async () => (await followers()).length === 1, 30_000);
  const told = async () => (await ada.history(task.id)).data.map(({ action }) => action);
  await until("the history has it", async () => (await told()).includes("task.completed"), 30_000);
  await until("a screen gets it", () => stream.frames.some(({ data }) => data.includes("task.completed")), 30_000);
  stream.close();
  expect(await ada.verifyHistory()).toMatchObject({ ok: true });
});

testIn(
  "dapr",
  "the embedded bus has no topics",
  "ops creates, watches and empties the topics by these names",
  async () => {
    const { exitCode, out } = await ops(product, "topics", "apply", "--dry-run", "--json");
    const { topics }: { topics: { action: string; topic: string }[] } = JSON.parse(out);
    expect(exitCode).toBe(0);
    expect(topics.map(({ topic }) => topic)).toContain("Team_A.changes.audit.dlq");
    expect(topics.filter(({ action, topic }) => action !== "keep" || topic.includes("task-"))).toEqual([]);
    const { port, internalPort } = readProcesses(product.dataDir).ops ?? {};
    const figures = async () => (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();
    // Dashboards and alerts use the catalogue's names.
    const behind =
      /kafka_consumer_lag_messages\{[^}]*group="audit"[^}]*topic="task-events"|topic="task-events"[^}]*group="audit"/;
    await until("its lag is known", async () => behind.test(await figures()), 30_000);
    expect(await (await fetch(`http://127.0.0.1:${port}/health`)).text()).toContain('"topics":"ok"');
  },
);

testIn(
  "dapr",
  "the embedded bus has no topics",
  "an unreadable event is parked, shown and dropped under these names",
  async () => {
    const id = Bun.randomUUIDv7();
    const key = Bun.randomUUIDv7();
    const sidecar = `http://127.0.0.1:${readProcesses(product.dataDir)["api-sidecar"]?.port}`;
    const path = `/v1.0/publish/${names.PUBSUB_NAME}/${names.TASK_EVENTS_TOPIC}`;
    const answer = await fetch(`${sidecar}${path}?metadata.rawPayload=true&metadata.partitionKey=${key}`, {
      method: "POST",
      headers: { "content-type": "application/json", "dapr-api-token": secretOf(product.dataDir, "dapr_api_token") },
      body: JSON.stringify({
        specversion: "1.0",
        id,
        source: "/carillon/api",
        type: "task.created",
        partitionkey: key,
      }),
    });
    expect(answer.status).toBe(204);
    const letters = async () => {
      const { out } = await ops(product, "dlq", "list", "--json");
      const { dead_letters }: { dead_letters: { id: string; topic: string; event_id: string }[] } = JSON.parse(out);
      return dead_letters.filter(({ event_id }) => event_id === id);
    };
    await until("both consumers have parked it", async () => (await letters()).length === 2, 60_000);
    const found = await letters();
    expect(new Set(found.map(({ topic }) => topic))).toEqual(
      new Set(["Team_A.changes.audit.dlq", "Team_A.changes.recurring.dlq"]),
    );
    for (const letter of found) expect((await ops(product, "dlq", "drop", letter.id)).exitCode).toBe(0);
    expect(await letters()).toEqual([]);
  },
);
