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
