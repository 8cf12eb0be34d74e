import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf, verdict } from "../client.ts";
import { type Harness, startApi } from "../harness.ts";
import { monday, talker } from "./chat-rig.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
  api.clock.advance(monday - api.clock.now().getTime());
});
afterAll(() => api.close());

describe("the customer's dialogue, word for word, without a model", () => {
  test("a daily task is made, with its zone, its next dates and a card", async () => {
    const { say, as } = await talker(api);
    const { reply, actions, proposal } = await say("Create a daily task: Team standup at 9 AM");
    expect(reply).toBe(
      "Created “Team standup”, due Tuesday 1 December 2026, 09:00 (Europe/Berlin), repeats every day.\n" +
        "Then Wednesday 2 December 2026, 09:00; Thursday 3 December 2026, 09:00; Friday 4 December 2026, 09:00.",
    );
    expect(proposal).toBeNull();
    expect(actions).toMatchObject([
      {
        tool: "create_task",
        due_date: "2026-12-01T08:00:00.000Z",
        time_zone: "Europe/Berlin",
        next_dates: { length: 3 },
      },
    ]);
    expect(actions[0]?.audit_ids.length).toBe(1);
    expect(await as.titles()).toEqual(["Team standup"]);
  });

  test("a reminder is set, a task found late, completed by its name and moved as it", async () => {
    const { say, as } = await talker(api);
    const made = await say("Remind me to submit report by Friday 5 PM, remind me 1 day before");
    expect(made.reply).toBe(
      "Created “submit report”, due Friday 4 December 2026, 17:00 (Europe/Berlin).\nReminder Thursday 3 December 2026, 17:00.",
    );
    const moved = await say("Move it to Monday");
    expect(moved.reply).toContain("Moved “submit report”, due Monday 7 December 2026, 17:00 (Europe/Berlin).");
    await as.make({ title: "Old bill", due_date: "2026-11-20T09:00:00Z" });
    expect((await say("What is overdue?")).reply).toBe(
      "Overdue. Today is Monday 30 November 2026; times are Europe/Berlin.\n1. Old bill (Friday 20 November 2026, 10:00, overdue)",
    );
    expect((await say("Complete the report")).reply).toBe("Completed “submit report”.");
    expect(await as.titles("?status=pending")).toEqual(["Old bill"]);
  });

  test("completing what repeats is answered with the date of the next", async () => {
    const { say } = await talker(api);
    await say("Create a daily task: Team standup at 9 AM");
    expect((await say("Complete the team standup")).reply).toContain(
      "The next “Team standup” is Wednesday 2 December 2026, 09:00 (Europe/Berlin).",
    );
  });
});

test("of several tasks the user is asked which, and a number answers", async () => {
  const { say, as } = await talker(api);
  for (const title of ["Report for Ada", "Report for Bob"]) await as.make({ title });
  expect((await say("Complete the report")).reply).toContain("Which one? Say its number.");
  const { reply } = await say("2");
  expect(reply).toMatch(/^Completed “Report for (Ada|Bob)”\.$/);
  expect((await as.list("?status=pending")).length).toBe(1);
});

test("what deletes is asked about; yes does it once, no leaves it", async () => {
  const { say, as } = await talker(api);
  await as.make({ title: "Buy milk" });
  const asked = await say("Delete buy milk");
  expect(asked).toMatchObject({ actions: [], proposal: { summary: "Delete “Buy milk”." } });
  expect((await say("no")).reply).toBe("Fine, nothing was changed.");
  expect((await say("yes")).reply).toBe("There is nothing that waits for a yes.");
  expect(await as.titles()).toEqual(["Buy milk"]);
  await say("Delete buy milk");
  expect((await say("yes")).reply).toBe("Deleted “Buy milk”.");
  expect(await as.titles()).toEqual([]);
});

test("a proposal is confirmed by its id once, by the user it was made to, within five minutes", async () => {
  const { say, as } = await talker(api);
  const eve = clientOf(api, await api.signUp());
  await as.make({ title: "Buy milk" });
  const confirm = (who: typeof as, proposal_id: string) => who.post("/api/chat/confirm", { proposal_id });
  const first = (await say("Delete buy milk")).proposal?.id ?? "";
  expect(verdict(await confirm(eve, first))).toBe("404");
  const done = await confirm(as, first);
  expect({ status: done.status, reply: done.body.reply }).toEqual({ status: 200, reply: "Deleted “Buy milk”." });
  expect(verdict(await confirm(as, first))).toBe("409");
  await as.make({ title: "Buy eggs" });
  const late = (await say("Delete buy eggs")).proposal?.id ?? "";
  api.clock.advance(5 * 60_000);
  expect(verdict(await confirm(as, late))).toBe("409");
  api.clock.advance(-5 * 60_000);
});

test("a sentence that is no command makes no task; words with a date do", async () => {
  const { say, as } = await talker(api);
  for (const message of ["I like turtles", "hello", "why is the sky blue?", "tomorrow?"]) await say(message);
  expect(await as.titles()).toEqual([]);
  await say("dentist friday 3pm");
  expect(await as.titles()).toEqual(["dentist"]);
});

test("dates and times are said as the user is used to them", async () => {
  const { say, as } = await talker(api);
  await as.patch("/api/auth/me", { hour_cycle: "h12", date_order: "mdy" });
  expect((await say("Remind me to submit report by Friday 5 PM, remind me 1 day before")).reply).toBe(
    "Created “submit report”, due Friday, December 4, 2026, 5:00 PM (Europe/Berlin).\nReminder Thursday, December 3, 2026, 5:00 PM.",
  );
  expect((await say("What is overdue?")).reply).toBe(
    "Nothing is overdue. Today is Monday, November 30, 2026; times are Europe/Berlin.",
  );
  expect((await say("What is due on Friday?")).reply).toContain("1. submit report (Friday, December 4, 2026, 5:00 PM)");
  expect((await say("Delete the report")).reply).toContain("· submit report (Friday, December 4, 2026, 5:00 PM)");
});

test("who speaks German is answered in German, up to the yes", async () => {
  const { say, as } = await talker(api);
  const made = await say("Erinnere mich morgen um 8 an die Wäsche");
  expect(made.reply).toBe(
    "Angelegt: „die Wäsche“, fällig Dienstag, 1. Dezember 2026, 08:00 (Europe/Berlin).\nErinnerung Dienstag, 1. Dezember 2026, 08:00.",
  );
  expect(await as.titles()).toEqual(["die Wäsche"]);
  expect((await say("Verschiebe es auf Freitag")).reply).toContain(
    "Verschoben: „die Wäsche“, fällig Freitag, 4. Dezember 2026",
  );
  expect((await as.list())[0]?.due_date).toBe("2026-12-04T07:00:00.000Z");
  expect((await say("Was ist überfällig?")).reply).toBe(
    "Nichts ist überfällig. Heute ist Montag, 30. November 2026; Zeiten in Europe/Berlin.",
  );
  const asked = await say("Lösche die Wäsche");
  expect(asked.reply).toContain("Löschen: „die Wäsche“.");
  expect(asked.reply).toContain("Soll ich? Bitte innerhalb von fünf Minuten Ja sagen.");
  expect((await say("ja")).reply).toBe("Gelöscht: „die Wäsche“.");
  expect((await say("bla bla")).reply).toStartWith("Ich verwalte Ihre Aufgaben.");
  expect((await say("Mama anrufen übermorgen um 9")).reply).toStartWith("Angelegt: „Mama anrufen“, fällig Mittwoch");
  expect((await say("What is overdue?")).reply).toStartWith("Nothing is overdue.");
});

describe("conversations", () => {
  test("are kept with every message, its cards and proposals, and listed latest first", async () => {
    const { say, as, conversation } = await talker(api);
    await say("Create a task: buy milk");
    const other = (await as.post("/api/chat", { message: "hello" })).body.conversation_id;
    api.clock.advance(1_000);
    await say("Delete buy milk");
    const { body } = await as.get("/api/conversations");
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([conversation(), other]);
    const { messages, title } = (await as.get(`/api/conversations/${conversation()}`)).body;
    expect(title).toBe("Create a task: buy milk");
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(messages[1].actions[0].tool).toBe("create_task");
    expect(messages[3].proposal.summary).toBe("Delete “buy milk”.");
  });

  test("go when they are deleted, and what they did stays", async () => {
    const { say, as, conversation } = await talker(api);
    await say("Create a task: buy milk");
    expect((await as.delete(`/api/conversations/${conversation()}`)).status).toBe(204);
    expect((await as.get(`/api/conversations/${conversation()}`)).status).toBe(404);
    expect((await as.post("/api/chat", { message: "hello", conversation_id: conversation() })).status).toBe(404);
    expect(await as.titles()).toEqual(["buy milk"]);
  });

  test("take one message at a time", async () => {
    const { say, as, conversation } = await talker(api);
    await say("hello");
    await api.sql`update api.conversations set busy_until = ${new Date(api.clock.now().getTime() + 1_000)} where id = ${conversation()}`;
    expect((await as.post("/api/chat", { message: "hello", conversation_id: conversation() })).status).toBe(409);
    api.clock.advance(1_000);
    expect((await as.post("/api/chat", { message: "hello", conversation_id: conversation() })).status).toBe(200);
  });

  test("are written down in the history as the assistant's doing, on their word", async () => {
    const { ada, say, conversation } = await talker(api);
    await say("Create a task: buy milk");
    const [first] = await api.outbox(ada.user.id);
    expect(first?.event.data).toMatchObject({ actor: "assistant", via: `conversation ${conversation()}` });
  });
});

test("undo takes back what the last turn did", async () => {
  const { say, as } = await talker(api);
  await say("Create a task: buy eggs");
  await say("Complete buy eggs");
  expect((await say("undo that")).reply).toBe("Took back changes of “buy eggs”.");
  expect(await as.titles("?status=pending")).toEqual(["buy eggs"]);
});

test("a conversation is taken back as a whole, and what was changed since is named", async () => {
  const { say, as, conversation } = await talker(api);
  await as.make({ title: "Bread" });
  await say("Create a task: buy milk");
  await say("Create a task: buy eggs");
  await say("Complete bread");
  const eggs = (await as.list("?status=pending")).find(({ title }) => title === "buy eggs");
  await as.patch(`/api/tasks/${eggs?.id}`, { title: "buy six eggs" });
  const { status, body } = await as.post(`/api/conversations/${conversation()}/undo`);
  expect({ status, undone: body.undone.length }).toEqual({ status: 200, undone: 2 });
  expect(body.kept).toMatchObject([{ title: "buy six eggs", reason: "changed" }]);
  expect((await as.titles("?status=pending")).sort()).toEqual(["Bread", "buy six eggs"]);
});

test("what a conversation made and completed itself is taken back altogether", async () => {
  const { say, as, conversation } = await talker(api);
  await as.make({ title: "Bread" });
  await say("Create a task: buy milk");
  await say("Complete buy milk");
  const { status, body } = await as.post(`/api/conversations/${conversation()}/undo`);
  expect({ status, undone: body.undone.length, kept: body.kept }).toEqual({ status: 200, undone: 1, kept: [] });
  expect(await as.titles()).toEqual(["Bread"]);
  const again = await as.post(`/api/conversations/${conversation()}/undo`);
  expect(again.body).toMatchObject({ undone: [], kept: [] });
});

describe("what a conversation did, and the history", () => {
  const asked: string[] = [];
  beforeAll(() =>
    api.onInvoke((_, request) => {
      asked.push(request.url);
      return new Response(null, { status: 503 });
    }),
  );
  const undo = async (as: Client, id: string) => (await as.post(`/api/conversations/${id}/undo`)).status;

  test("it did nothing: nothing is taken back, and the history need not be there", async () => {
    const { say, as, conversation } = await talker(api);
    await say("What is overdue?");
    expect((await as.post(`/api/conversations/${conversation()}/undo`)).body).toMatchObject({ undone: [], kept: [] });
    expect(asked).toEqual([]);
  });

  test("its last message was never answered: the history says what was done", async () => {
    const { ada, say, as, conversation } = await talker(api);
    await say("What is overdue?");
    await api.sql`
      delete from api.messages where user_id = ${ada.user.id} and role = 'assistant'`;
    expect(await undo(as, conversation())).toBe(503);
  });

  test("it began longer ago than the outbox goes: the history knows the rest", async () => {
    const { ada, say, as, conversation } = await talker(api);
    await say("Create a task: buy milk");
    const made = api.clock.now().toISOString();
    const [task] = await as.list();
    await api.sql`delete from api.outbox where user_id = ${ada.user.id}`;
    await api.sql`
      update api.conversations set created_at = created_at - interval '8 days' where user_id = ${ada.user.id}`;
    await say("Complete buy milk");
    expect(await undo(as, conversation())).toBe(503);
    const entry = { id: crypto.randomUUID(), task_id: task?.id, tag_id: null, action: "task.created", actor: "user" };
    const about = { at: made, batch_id: conversation(), version: 1, changes: {}, hash: "ab".repeat(32) };
    api.onInvoke(() => Response.json({ data: [{ ...entry, ...about }], next_cursor: null }));
    expect(await undo(as, conversation())).toBe(200);
    expect(await as.titles()).toEqual([]);
  });
});

test("bad input is refused at its place", async () => {
  const { as } = await talker(api);
  expect(verdict(await as.post("/api/chat", {}))).toBe("422 /message");
  expect(verdict(await as.post("/api/chat", { message: "x".repeat(4_001) }))).toBe("422 /message");
  expect(verdict(await as.post("/api/chat", { message: "x", conversation_id: "1" }))).toBe("422 /conversation_id");
  expect(verdict(await as.post("/api/chat/confirm", { proposal_id: Bun.randomUUIDv7() }))).toBe("404");
});

test("a token that may only read may read conversations and say nothing", async () => {
  const { as } = await talker(api);
  const { body } = await as.post("/api/tokens", { name: "r", scope: "read" });
  const call = (method: string, path: string, sent?: unknown) =>
    api.call(method, path, { token: body.token, body: sent });
  expect((await call("GET", "/api/conversations")).status).toBe(200);
  expect((await call("POST", "/api/chat", { message: "hello" })).status).toBe(403);
});

test("the answer comes as events where that is asked for, the whole one last", async () => {
  const { ada } = await talker(api);
  const headers = {
    authorization: `Bearer ${ada.token}`,
    "content-type": "application/json",
    accept: "text/event-stream",
  };
  const body = JSON.stringify({ message: "Create a task: buy milk" });
  const response = await api.app.handle(new Request("http://localhost/api/chat", { method: "POST", headers, body }));
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const text = await response.text();
  expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name)).toEqual(["action", "done"]);
  expect(JSON.parse(text.split("event: done\ndata: ")[1] ?? "")).toMatchObject({
    reply: "Created “buy milk”, without a date.",
  });
});
