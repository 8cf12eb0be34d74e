import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { addNtfy, addWebhook, due, note, take, takeFor } from "./channel-rig.ts";
import { expectWhole } from "./oracle.ts";
import { type Past, planOf, startPast } from "./past.ts";

let past: Past;
beforeAll(async () => {
  past = await startPast();
});
afterEach(() => expectWhole(past.api.sql));
afterAll(() => past.api.close());

const hour = 3_600_000;

test("a webhook hears of each change, with its text, and the delivery commits with the change or not at all", async () => {
  const person = await past.person();
  const hook = await addWebhook(person, { events: ["task.created", "task.completed"] });
  const task = await person.as.make({ title: "Buy milk" });
  await person.as.patch(`/api/tasks/${task.id}`, { title: "Buy more milk" });
  await person.as.patch(`/api/tasks/${task.id}/complete`);
  expect((await person.as.post("/api/tasks", { title: "" })).status).toBe(422);
  const [first, ...none] = await takeFor(past, hook);
  expect(none).toEqual([]);
  expect(first?.content).toMatchObject({
    about: "event",
    type: "task.created",
    data: { task_id: task.id, task_data: { title: "Buy milk" }, actor: "user", version: 1 },
  });
  if (first) await note(past, hook, first, "sent");
  const [second] = await takeFor(past, hook);
  expect(second?.content).toMatchObject({ type: "task.completed", data: { task_data: { title: "Buy more milk" } } });
  if (second) await note(past, hook, second, "sent");
  expect(await takeFor(past, hook)).toEqual([]);
  const { body } = await person.as.get(`/api/channels/${hook.id}/deliveries`);
  expect(body.data).toMatchObject([
    { event_type: "task.completed", state: "sent", attempts: 1 },
    { event_type: "task.created", state: "sent", attempts: 1 },
  ]);
});

test("events of a task keep their order through every retry, and those of other tasks do not wait", async () => {
  const person = await past.person();
  const hook = await addWebhook(person, { events: ["task.created", "task.updated"] });
  const [one, two] = [await person.as.make({ title: "one" }), await person.as.make({ title: "two" })];
  await person.as.patch(`/api/tasks/${one.id}`, { title: "one again" });
  const sends = await takeFor(past, hook);
  expect(sends.map(({ task_id }) => task_id)).toEqual([one.id, two.id]);
  for (const send of sends) await note(past, hook, send, send.task_id === one.id ? "retry" : "sent", 5_000);
  expect(await takeFor(past, hook)).toEqual([]);
  past.clock.advance(5_000);
  const [again] = await takeFor(past, hook);
  expect([again?.id, again?.attempts]).toEqual([sends[0]?.id, 2]);
  if (again) await note(past, hook, again, "sent");
  expect((await takeFor(past, hook)).map(({ content }) => content)).toMatchObject([{ type: "task.updated" }]);
});

test("an event is sent again when asked for, under its id, while its text is kept; a reminder is not", async () => {
  const person = await past.person();
  const hook = await addWebhook(person, { events: ["task.created"] });
  await person.as.make({ title: "one" });
  const [send] = await takeFor(past, hook);
  if (!send) throw new Error("it is sent");
  await note(past, hook, send, "failed");
  const path = `/api/channels/${hook.id}/deliveries/${send.id}/resend`;
  expect((await (await past.person()).as.post(path)).status).toBe(404);
  expect((await person.as.post(path)).body).toMatchObject({ id: send.id, state: "pending", attempts: 0 });
  const [again] = await takeFor(past, hook);
  expect(again?.id).toBe(send.id);
  if (again) await note(past, hook, again, "sent");
  await past.api.sql`delete from api.outbox where user_id = ${person.user.id}`;
  expect((await person.as.post(path)).status).toBe(409);
  const rung = await due(past, (another) => [addNtfy(another)]);
  await past.claim(planOf(rung.task));
  const [ntfy] = rung.channels;
  const [ring] = ntfy ? await takeFor(past, ntfy) : [];
  expect((await rung.person.as.post(`/api/channels/${ntfy?.id}/deliveries/${ring?.id}/resend`)).status).toBe(409);
  await person.as.call("DELETE", "/api/auth/me", { password: person.password });
});

test("a new secret holds beside the old one for a day, and then alone", async () => {
  const person = await past.person();
  const hook = await addWebhook(person, { events: ["task.created"] });
  const { status, body } = await person.as.post(`/api/channels/${hook.id}/secret`);
  expect([status, body.secret === hook.secret]).toEqual([200, false]);
  const secretsOf = async () => {
    await person.as.make({ title: "x" });
    const taken = (await take(past)).find(({ channel }) => channel.id === hook.id);
    for (const send of taken?.sends ?? []) await note(past, hook, send, "sent");
    return taken?.channel.secrets;
  };
  expect(await secretsOf()).toEqual([body.secret, hook.secret ?? ""]);
  past.clock.advance(24 * hour);
  expect(await secretsOf()).toEqual([body.secret]);
  const ntfy = await addNtfy(person);
  expect((await person.as.post(`/api/channels/${ntfy.id}/secret`)).status).toBe(409);
  expect((await person.as.post(`/api/channels/${hook.id}/secret`)).body.type).toBe(
    "urn:carillon:problem:proof_required",
  );
  expect((await person.as.post(`/api/channels/${person.user.id}/secret`)).status).toBe(404);
});

test("ten thousand events wait for a webhook; what comes then says that it was not sent", async () => {
  const person = await past.person();
  const hook = await addWebhook(person, { events: ["tag.created"] });
  await past.api.sql`
    insert into api.channel_sends (user_id, id, channel_id, kind, about, change_seq, state, next_try_at, created_at)
    select ${person.user.id}, gen_random_uuid(), ${hook.id}, 'webhook', 'event', 1000 + n, 'pending', '2199-01-01', now()
    from generate_series(1, 9999) n`;
  await person.as.makeTag("last");
  await person.as.makeTag("beyond");
  const rows = await past.api.sql`
    select state, reason from api.channel_sends where user_id = ${person.user.id} and change_seq < 1000 order by change_seq`;
  expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
    ["pending", null],
    ["cancelled", "queue_full"],
  ]);
});

test("one address gets sixty reminders an hour from all its accounts; the rest say so", async () => {
  const limited = await past.person();
  past.api.deps.settings.ratePerMinute = 100_000;
  const ntfy = await addNtfy(limited);
  const tasks = await Promise.all(
    Array.from({ length: 62 }, (_, at) => limited.as.make({ title: `${at}`, reminder_at: past.inMinutes(60) })),
  );
  past.clock.advance(hour);
  await past.claim(...tasks.map((task) => planOf(task)));
  past.api.deps.settings.ratePerMinute = 0;
  const rows = await past.api.sql`
    select state, reason, count(*)::int4 as n from api.channel_sends
    where user_id = ${limited.user.id} and channel_id = ${ntfy.id} group by 1, 2 order by 1`;
  expect(rows.map(({ state, reason, n }) => [state, reason, n])).toEqual([
    ["cancelled", "channel_limit", 2],
    ["pending", null, 60],
  ]);
});
