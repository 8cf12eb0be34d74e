import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NotificationPage } from "@carillon/contracts/http/reminders";
import type { Task } from "@carillon/contracts/http/tasks";
import { until } from "@carillon/testing/until";
import { type Person, signUp } from "../../src/client.ts";
import { writtenAtMs } from "../../src/oracles.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
let receiver: ReturnType<typeof startReceiver>;
beforeAll(async () => {
  receiver = startReceiver();
  product = await startProduct({ env: { CHANNEL_NETWORKS: "127.0.0.0/8" } });
});
afterAll(async () => {
  await product.dispose();
  await receiver.stop();
});

/** Where an ntfy topic and a webhook of the tests are: the ids of the messages that came to each. */
function startReceiver() {
  const got = { ntfy: [] as string[], hook: [] as string[] };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch({ url, headers }) {
      if (new URL(url).pathname === "/hook") got.hook.push(headers.get("webhook-id") ?? "");
      else got.ntfy.push(headers.get("x-sequence-id") ?? "");
      return new Response("ok");
    },
  });
  return { got, address: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const folder = () => join(product.dataDir, "mail");
const mails = (): string[] => readdirSync(folder()).filter((name) => name.endsWith(".eml"));
const mailsTo = ({ email }: Person): string[] =>
  mails().filter((name) => readFileSync(join(folder(), name), "utf8").includes(`To: <${email}>`));
const mailOf = (task: Task): string => `rem-${task.reminders[0]?.id}-1.eml`;
const notifications = async ({ json }: Person, query = ""): Promise<NotificationPage> =>
  json<NotificationPage>("GET", `/api/notifications?limit=100${query}`);

test("a reminder some seconds ahead: one mail, not early, less than a second late, reported by product and history", async () => {
  const ada = await signUp(product.api, "ringing");
  const task = await ada.createTask({
    title: "Submit the report",
    due_date: inMs(86_400_000 + 3_000),
    reminders: [{ before: "1d" }],
  });
  const file = join(folder(), mailOf(task));
  await until("the mail is there", () => existsSync(file), 10_000);
  const lateMs = writtenAtMs(file) - Date.parse(task.reminder_at ?? "");
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(1_000);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(`To: <${ada.email}>\r\n`);
  expect(text).toContain("Subject: Submit the report: due in one day (");
  expect(text).toContain(`${product.web.replace("127.0.0.1", "localhost")}/tasks/${task.id}`);
  await until("the product says so", async () => (await ada.task(task.id)).reminder_sent, 5_000);
  expect((await ada.task(task.id)).reminders).toMatchObject([{ state: "sent", reason: null }]);
  expect((await notifications(ada)).data).toMatchObject([
    { task_title: "Submit the report", state: "sent", attempts: 1 },
  ]);
  await until(
    "the history says so",
    async () => (await ada.history(task.id)).data.some(({ action }) => action === "reminder.sent"),
    5_000,
  );
  const told = (await ada.history(task.id)).data.filter(({ action }) => action.startsWith("reminder."));
  expect(told.map(({ action, actor }) => [action, actor])).toEqual([
    ["reminder.sent", "notification"],
    ["reminder.scheduled", "user"],
  ]);
  await Bun.sleep(1_500);
  expect(mailsTo(ada)).toEqual([mailOf(task)]);
});

test("completing it in time silences the bell, snoozing it rings once more", async () => {
  const ada = await signUp(product.api, "silenced");
  const [done, later] = [
    await ada.createTask({ title: "Done", reminder_at: inMs(2_500) }),
    await ada.createTask({ title: "Later", reminder_at: inMs(2_500) }),
  ];
  await ada.completeTask(done.id);
  const snoozed = await ada.json<Task>("POST", `/api/tasks/${later.id}/snooze`, { until: inMs(4_500) });
  const rung = `rem-${snoozed.reminders[1]?.id}-1.eml`;
  await until("the snoozed one rings", () => mails().includes(rung), 10_000);
  expect(mails()).not.toContain(mailOf(done));
  expect(mails()).toContain(mailOf(later));
  await until("the product says so", async () => (await ada.task(later.id)).reminder_sent, 5_000);
  expect((await notifications(ada)).data.map(({ state, reason }) => [state, reason])).toEqual([
    ["sent", null],
    ["sent", null],
    ["cancelled", "completed"],
  ]);
});

/** Fifty reminders rang by mail, ntfy and webhook; only the one that was under way at a kill may come twice, under its id. */
async function rangEverywhere(person: Person): Promise<void> {
  const { got } = receiver;
  await until(
    "all have rung in every channel",
    () => [got.ntfy, got.hook].every((ids) => new Set(ids).size === 50),
    30_000,
  );
  await until(
    "the product says so of each channel",
    async () =>
      (await notifications(person)).data.every(({ channels }) => channels.every(({ state }) => state === "sent")),
    30_000,
  );
  for (const ids of [got.ntfy, got.hook]) expect(ids.length).toBeLessThanOrEqual(51);
  for (const { channels } of (await notifications(person)).data)
    expect(channels.map(({ kind }) => kind).sort()).toEqual(["email", "ntfy", "webhook"]);
}

test("SIGKILL in the middle of fifty due reminders on three channels, and a restart: none is lost, each is shown once, none is early (G9, G24)", async () => {
  const ada = await signUp(product.api, "killed");
  await ada.json("POST", "/api/channels", { kind: "ntfy", target: `${receiver.address}/topic` });
  await ada.json("POST", "/api/channels", { kind: "webhook", target: `${receiver.address}/hook` });
  const dueAt = Date.now() + 6_000;
  const tasks: Task[] = [];
  for (let at = 0; at < 50; at += 10)
    tasks.push(
      ...(await Promise.all(
        Array.from({ length: 10 }, (_, offset) =>
          ada.createTask({
            title: `Bell ${at + offset}`,
            reminder_at: new Date(dueAt + (at + offset) * 4).toISOString(),
          }),
        ),
      )),
    );
  const mine = new Set(tasks.map(mailOf));
  const there = () => mails().filter((name) => mine.has(name)).length;
  expect(Date.now()).toBeLessThan(dueAt);
  await until("some have rung", () => there() > 5, 15_000);
  await product.kill();
  const killedWith = there();
  await product.restart();
  const backAt = performance.now();
  await until("all have rung", () => there() === 50, 45_000);
  expect(performance.now() - backAt).toBeLessThan(30_000);
  // A mail that was sent when its sender died is known to be sent when the sender's lease (20 s) has
  // expired: within 30 s, as G10 says.
  await until(
    "the product says so",
    async () => (await notifications(ada, "&state=pending")).data.length === 0,
    30_000,
  );
  await rangEverywhere(ada);
  const { data } = await notifications(ada);
  expect(data.map(({ id, state }) => [id, state])).toEqual(
    [...tasks].reverse().map((task) => [task.reminders[0]?.id ?? "", "sent"]),
  );
  for (const task of tasks) {
    const lateMs = writtenAtMs(join(folder(), mailOf(task))) - Date.parse(task.reminder_at ?? "");
    expect(lateMs).toBeGreaterThanOrEqual(0);
  }
  await until(
    "every history has it, once",
    async () => {
      const { data: told } = await ada.json<{ data: { task_id: string }[] }>(
        "GET",
        "/api/audit?action=reminder.sent&limit=100",
      );
      return told.length === 50 && new Set(told.map(({ task_id }) => task_id)).size === 50;
    },
    15_000,
  );
  expect(killedWith).toBeLessThan(50);
  expect(readdirSync(folder()).filter((name) => name.startsWith("rem-") && !name.endsWith(".eml"))).toEqual([]);
}, 120_000);
