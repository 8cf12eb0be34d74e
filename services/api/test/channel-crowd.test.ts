import { afterAll, beforeAll, expect, test } from "bun:test";
import { maxWaitingEvents } from "../src/change/queue-events.ts";
import { addNtfy, addWebhook, due, takeFor } from "./channel-rig.ts";
import { type Past, planOf, startPast } from "./past.ts";

let past: Past;
beforeAll(async () => {
  past = await startPast();
});
afterAll(() => past.api.close());

test("G25: a webhook with as many waiting events as may wait holds up no other channel", async () => {
  const person = await past.person({});
  const hook = await addWebhook(person, { events: ["task.created"] });
  const { task, channels } = await due(past, (one) => [addNtfy(one)]);
  await past.claim(planOf(task));
  const now = past.clock.now();
  await past.api.sql`
    insert into api.channel_sends (user_id, id, channel_id, kind, about, event_type, task_id, change_seq, state, next_try_at, created_at)
    select ${person.user.id}, gen_random_uuid(), ${hook.id}, 'webhook', 'event', 'task.created', gen_random_uuid(), 1000000 + n,
      'pending', ${now}, ${now}
    from generate_series(1, ${maxWaitingEvents}::int4) n`;
  await past.api.sql`update api.channels set next_at = ${now} where user_id = ${person.user.id}`;
  const [ntfy] = channels;
  expect(ntfy && (await takeFor(past, ntfy)).map(({ task_id }) => task_id)).toEqual([task.id]);
});

test("a browser pushes to the user who subscribed it last, and to no other", async () => {
  const [ada, bob, eve] = [await past.person(), await past.person(), await past.person()];
  const keys = { p256dh: `B${"A".repeat(86)}`, auth: "A".repeat(22) };
  const subscribe = async ({ as }: typeof ada, target: string) =>
    (await as.post("/api/channels", { kind: "web_push", target, keys })).status;
  const pushes = async ({ as }: typeof ada) =>
    (await as.get("/api/channels")).body.data.filter(({ kind }: { kind: string }) => kind === "web_push").length;
  const [shared, own] = ["https://push.example.com/shared", "https://push.example.com/own"];
  expect([await subscribe(ada, shared), await subscribe(eve, own), await subscribe(bob, shared)]).toEqual([
    201, 201, 201,
  ]);
  expect([await pushes(ada), await pushes(bob), await pushes(eve)]).toEqual([0, 1, 1]);
});
