import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { CreatedChannel, Send } from "@carillon/contracts/http/channels";
import { addNtfy, addWebhook, due, note, take, takeFor, takenOf } from "./channel-rig.ts";
import { expectWhole } from "./oracle.ts";
import { type Past, planOf, startPast } from "./past.ts";

let past: Past;
beforeAll(async () => {
  past = await startPast();
});
afterEach(() => expectWhole(past.api.sql));
afterAll(() => past.api.close());

const hour = 3_600_000;

test("a channel is listed by its owner only, its secret is shown once, and it can be removed", async () => {
  const [person, other] = [await past.person(), await past.person()];
  const ntfy = await addNtfy(person);
  const hook = await addWebhook(person, { name: "Home" });
  expect(hook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
  const { body } = await person.as.get("/api/channels");
  expect(body.data.map(({ kind, name }: CreatedChannel) => [kind, name])).toEqual([
    ["email", "Mail"],
    ["ntfy", "ntfy.sh"],
    ["webhook", "Home"],
  ]);
  expect(JSON.stringify(body)).not.toContain("whsec_");
  expect((await other.as.get("/api/channels")).body.data).toHaveLength(1);
  for (const path of [`/api/channels/${ntfy.id}/deliveries`]) expect((await other.as.get(path)).status).toBe(404);
  expect((await other.as.delete(`/api/channels/${ntfy.id}`)).status).toBe(404);
  expect((await other.as.post(`/api/channels/${ntfy.id}/test`)).status).toBe(404);
  expect((await person.as.delete(`/api/channels/${ntfy.id}`)).status).toBe(204);
  expect((await person.as.delete(`/api/channels/${ntfy.id}`)).status).toBe(404);
  const [row] = await past.api.sql`select sealed from api.channels where user_id = ${person.user.id}`;
  expect(Buffer.from(row?.sealed).toString("latin1")).not.toContain("hooks.example.com");
});

test("mail is a channel that is switched on and off", async () => {
  const { as } = await past.person();
  const [mail] = (await as.get("/api/channels")).body.data;
  expect((await as.delete(`/api/channels/${mail.id}`)).status).toBe(204);
  expect((await as.get("/api/auth/me")).body.notifications).toEqual({ email: false });
  expect((await as.delete(`/api/channels/${mail.id}`)).status).toBe(404);
  expect((await as.post("/api/channels", { kind: "email" })).body).toMatchObject({ id: mail.id, kind: "email" });
  expect((await as.get("/api/auth/me")).body.notifications).toEqual({ email: true });
});

test.each([
  [{ kind: "pigeon" }, "/kind"],
  [{ kind: "ntfy" }, "/target"],
  [{ kind: "ntfy", target: "https://ntfy.sh" }, "/target"],
  [{ kind: "ntfy", target: "ftp://ntfy.sh/topic" }, "/target"],
  [{ kind: "ntfy", target: "https://me:secret@ntfy.sh/topic" }, "/target"],
  [{ kind: "ntfy", target: "no address" }, "/target"],
  [{ kind: "ntfy", target: "https://ntfy.sh/topic", token: "two\nlines" }, "/token"],
  [{ kind: "webhook", target: "https://example.com/", token: "x" }, "/token"],
  [{ kind: "webhook", target: "https://example.com/", events: [] }, "/events"],
  [{ kind: "webhook", target: "https://example.com/", events: ["user.erased"] }, "/events/0"],
  [{ kind: "ntfy", target: "https://ntfy.sh/topic", events: ["task.created"] }, "/events"],
  [{ kind: "web_push", target: "https://push.example.com/1" }, "/keys"],
  [{ kind: "email", target: "https://example.com/" }, "/target"],
  [{ kind: "email", more: 1 }, "/more"],
])("%j is no channel", async (body, pointer) => {
  const { as } = await past.person();
  const { status, body: problem } = await as.post("/api/channels", body);
  expect([status, problem.errors?.[0]?.pointer]).toEqual([422, pointer]);
});

test("a webhook asks for a recent proof, for it reads what its owner writes", async () => {
  const { as } = await past.person();
  past.clock.advance(6 * 60_000);
  const hook = { kind: "webhook", target: "https://hooks.example.com/late" };
  expect((await as.post("/api/channels", hook)).body.type).toBe("urn:carillon:problem:proof_required");
  expect((await as.post("/api/channels", { kind: "ntfy", target: "https://ntfy.sh/late" })).status).toBe(201);
});

test("the same address is one channel, and there are ten at most", async () => {
  const { as } = await past.person();
  const add = (at: number) => as.post("/api/channels", { kind: "ntfy", target: `https://ntfy.sh/many-${at}` });
  for (let at = 0; at < 10; at++) expect((await add(at)).status).toBe(201);
  expect((await add(3)).status).toBe(409);
  expect((await add(10)).status).toBe(409);
});

test("G9: a due reminder goes to each channel of its user, each once, however often it is claimed", async () => {
  const { person, task, channels, parts, state, mail } = await due(past, (one) => [addNtfy(one), addWebhook(one)]);
  const [ntfy, hook] = channels;
  if (!ntfy || !hook) throw new Error("two were added");
  expect(await past.claim(planOf(task))).toMatchObject([{ outcome: "send" }]);
  expect(await past.claim(planOf(task), planOf(task))).toMatchObject([{ outcome: "send" }, { outcome: "send" }]);
  const taken = (await take(past)).filter(({ sends }) => sends[0]?.user_id === person.user.id);
  expect(taken.map(({ channel, sends }) => [channel.id, sends.length]).sort()).toEqual(
    [ntfy, hook].map(({ id }) => [id, 1]).sort() as never,
  );
  expect(taken[0]?.sends[0]?.content).toMatchObject({ about: "reminder", reminder: { title: "Submit the report" } });
  // Under way: no other sender gets it.
  expect(await takeFor(past, ntfy)).toEqual([]);
  for (const { channel, sends } of taken) if (sends[0]) await note(past, channel, sends[0], "sent");
  expect(await state()).toEqual(["sent", null]);
  expect(await mail("sent")).toEqual(["known"]);
  expect(await take(past)).toEqual([]);
  expect(await parts()).toEqual([
    ["email", "sent", null],
    ["ntfy", "sent", null],
    ["webhook", "sent", null],
  ]);
  const said = await past.api.outbox(person.user.id);
  expect(said.filter(({ type }) => type.startsWith("reminder."))).toHaveLength(2);
  await past.claim(planOf(task));
  expect(await take(past)).toEqual([]);
});

test("who wants no mail hears of it elsewhere: the mail is off, and the reminder rang", async () => {
  const { person, task, channels, parts, state } = await due(past, (one) => [addNtfy(one)]);
  const [ntfy] = channels;
  if (!ntfy) throw new Error("one was added");
  await person.as.patch("/api/auth/me", { notifications: { email: false } });
  const off = { outcome: "cancelled", state: "cancelled", reason: "mail_off" };
  expect(await past.claim(planOf(task))).toMatchObject([off]);
  expect(await state()).toEqual(["pending", null]);
  const { body } = await past.internal("/internal/reminders/due", { before: past.clock.now().toISOString() });
  expect(JSON.stringify(body)).not.toContain(task.id);
  const [send] = await takeFor(past, ntfy);
  if (send) await note(past, ntfy, send, "sent");
  expect(await state()).toEqual(["sent", null]);
  expect(await parts()).toEqual([
    ["email", "cancelled", "mail_off"],
    ["ntfy", "sent", null],
  ]);
});

test.each([
  ["sent", "failed", ["sent", null]],
  ["failed", "sent", ["sent", null]],
  ["failed", "failed", ["failed", "provider"]],
] as const)(
  "mail %s and ntfy %s: the reminder is %j, and not before the last one has ended",
  async (byMail, byNtfy, end) => {
    for (const mailFirst of [true, false]) {
      const { task, channels, state, mail } = await due(past, (one) => [addNtfy(one)]);
      const [ntfy] = channels;
      if (!ntfy) throw new Error("one was added");
      await past.claim(planOf(task));
      const [send] = await takeFor(past, ntfy);
      const push = async () => (send ? note(past, ntfy, send, byNtfy) : expect.unreachable());
      const first = mailFirst ? byMail : byNtfy;
      await (mailFirst ? mail(byMail) : push());
      expect(await state()).toEqual(first === "sent" ? ["sent", null] : ["pending", null]);
      await (mailFirst ? push() : mail(byMail));
      expect(await state()).toEqual([...end]);
    }
  },
);

test("mail that is retried still goes out after another channel has rung", async () => {
  const { task, channels } = await due(past, (one) => [addNtfy(one)]);
  const [ntfy] = channels;
  if (!ntfy) throw new Error("one was added");
  await past.claim(planOf(task));
  const [send] = await takeFor(past, ntfy);
  if (send) await note(past, ntfy, send, "sent");
  expect(await past.claim(planOf(task))).toMatchObject([{ outcome: "send" }]);
  expect(await takeFor(past, ntfy)).toEqual([]);
});

test("G12: nothing starts in any channel after the completion, deletion or change that cancels it", async () => {
  for (const [verb, reason] of [
    ["complete", "completed"],
    ["delete", "deleted"],
    ["move", "moved"],
  ]) {
    const { person, task, channels, parts } = await due(past, (one) => [addNtfy(one)]);
    const [ntfy] = channels;
    if (!ntfy) throw new Error("one was added");
    await past.claim(planOf(task));
    const path = `/api/tasks/${task.id}`;
    if (verb === "complete") await person.as.patch(`${path}/complete`);
    if (verb === "delete") await person.as.delete(path);
    if (verb === "move") await person.as.patch(path, { due_date: past.inMinutes(600) });
    expect(await takeFor(past, ntfy)).toEqual([]);
    const [row] = await past.api.sql`
      select state, reason from api.channel_sends where user_id = ${person.user.id} and kind = 'ntfy'`;
    expect([verb, row?.state, row?.reason]).toEqual([verb, "cancelled", reason]);
    // The mail asks again before its next attempt.
    expect((await past.claim(planOf(task)))[0]?.outcome).toBe(verb === "move" ? "moved" : "cancelled");
    if (verb === "complete") expect((await parts())?.[0]).toEqual(["email", "cancelled", "completed"]);
  }
});

test("a completion after one channel rang keeps the mail and the other channels from ringing", async () => {
  const { person, task, channels, state } = await due(past, (one) => [addNtfy(one), addWebhook(one)]);
  const [ntfy, hook] = channels;
  if (!ntfy || !hook) throw new Error("two were added");
  await past.claim(planOf(task));
  const taken = await take(past);
  const sendTo = (one: CreatedChannel) => taken.find(({ channel }) => channel.id === one.id)?.sends[0];
  const [first, second] = [sendTo(ntfy), sendTo(hook)];
  if (!first || !second) throw new Error("both ring");
  await note(past, ntfy, first, "sent");
  await note(past, hook, second, "retry", 1_000);
  await person.as.patch(`/api/tasks/${task.id}/complete`);
  past.clock.advance(2_000);
  expect(await takeFor(past, hook)).toEqual([]);
  const over = { outcome: "cancelled", state: "cancelled", reason: "completed" };
  expect(await past.claim(planOf(task))).toMatchObject([over]);
  expect(await state()).toEqual(["sent", null]);
});

test("a sender that dies loses nothing: the message is taken again under the same id", async () => {
  const { task, channels } = await due(past, (one) => [addNtfy(one)]);
  const [ntfy] = channels;
  if (!ntfy) throw new Error("one was added");
  await past.claim(planOf(task));
  const [first] = await takeFor(past, ntfy);
  past.clock.advance(19_999);
  expect(await takeFor(past, ntfy)).toEqual([]);
  past.clock.advance(1);
  const [second] = await takeFor(past, ntfy);
  expect([second?.id, second?.attempts]).toEqual([first?.id, 2]);
  if (second) await note(past, ntfy, second, "sent");
});

test("removing the last channel that could ring ends the reminder; a dead subscription removes itself", async () => {
  for (const how of ["removed", "gone"]) {
    const { person, task, channels, state } = await due(past, (one) => [addNtfy(one)]);
    const [ntfy] = channels;
    if (!ntfy) throw new Error("one was added");
    await person.as.patch("/api/auth/me", { notifications: { email: false } });
    await past.claim(planOf(task));
    const [send] = await takeFor(past, ntfy);
    if (!send) throw new Error("it rings");
    if (how === "gone") await note(past, ntfy, send, "gone");
    else await person.as.delete(`/api/channels/${ntfy.id}`);
    expect(await state()).toEqual(how === "gone" ? ["failed", "provider"] : ["cancelled", "mail_off"]);
    expect((await person.as.get("/api/channels")).body.data).toEqual([]);
  }
});

test("more than a day late it is missed in every channel", async () => {
  const { task, channels, state, parts } = await due(past, (one) => [addNtfy(one)]);
  const [ntfy] = channels;
  if (!ntfy) throw new Error("one was added");
  await past.claim(planOf(task));
  past.clock.advance(24 * hour + 1);
  expect(await takeFor(past, ntfy)).toEqual([]);
  await past.claim(planOf(task));
  expect(await state()).toEqual(["missed", "too_late"]);
  expect((await parts())?.map(([, is]) => is)).toEqual(["missed", "missed"]);
});

test("a test message is tried once, and its answer says what became of it", async () => {
  const person = await past.person();
  const ntfy = await addNtfy(person);
  const asked = person.as.post(`/api/channels/${ntfy.id}/test`);
  let send: Send | undefined;
  while (!send) [send] = await takeFor(past, ntfy);
  expect(send.content).toEqual({ about: "test" });
  await note(past, ntfy, send, "failed");
  expect((await asked).body).toMatchObject({ state: "failed", status_code: 200, attempts: 1 });
  const mail = await person.as.post(`/api/channels/${person.user.id}/test`);
  expect([mail.status, mail.body.state]).toEqual([200, "pending"]);
  const [letter] = await past.api.sql`select kind from api.letters where user_id = ${person.user.id} order by id desc`;
  expect(letter?.kind).toBe("channel_test");
  const { body } = await person.as.get(`/api/channels/${ntfy.id}/deliveries`);
  expect(body.data).toMatchObject([{ id: send.id, about: "test", state: "failed" }]);
});

test("an erased user's channels are erased with everything that went there", async () => {
  const { person, task } = await due(past, (one) => [addNtfy(one)]);
  await past.claim(planOf(task));
  await person.as.call("DELETE", "/api/auth/me", { password: person.password });
  const [row] = await past.api.sql`
    select (select count(*)::int4 from api.channels where user_id = ${person.user.id})
      + (select count(*)::int4 from api.channel_sends where user_id = ${person.user.id}) as left`;
  expect(row?.left).toBe(0);
  expect(await take(past)).toEqual([]);
});

test("a reminder that falls due while another is under way waits for its end: one sender at a time", async () => {
  const { person, task, channels } = await due(past, (one) => [addNtfy(one)]);
  const [ntfy] = channels;
  if (!ntfy) throw new Error("one was added");
  const second = await person.as.make({ title: "Second", reminder_at: past.inMinutes(0) });
  await past.claim(planOf(task));
  const [first] = await takeFor(past, ntfy);
  await past.claim(planOf(second));
  expect(await takeFor(past, ntfy)).toEqual([]);
  if (first) await note(past, ntfy, first, "sent");
  expect((await takeFor(past, ntfy)).map(({ task_id }) => task_id)).toEqual([second.id]);
});

test("a long change of one user holds up no other's bells, and the user's own ring when it is over", async () => {
  const [busy, other] = [await due(past, (one) => [addNtfy(one)]), await due(past, (one) => [addNtfy(one)])];
  await past.claim(planOf(busy.task), planOf(other.task));
  await past.api.sql.begin(async (tx) => {
    await tx`select from api.users where id = ${busy.person.user.id} for no key update`;
    expect(await takenOf(past, busy, other)).toEqual([other]);
  });
  expect(await takenOf(past, busy, other)).toEqual([busy]);
});
