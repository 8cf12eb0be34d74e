import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { openAiModel } from "../../src/assistant/chat/model/openai-model.ts";
import { type Harness, startApi } from "../harness.ts";
import { monday, talker } from "./chat-rig.ts";
import { calls, callsAs, chunk, type Play, pieces, says, standIn } from "./stand-in.ts";

let api: Harness;
const provider = standIn();
const budgets = { maxCalls: 8, maxSeconds: 10, dailyTokens: 200_000 };
beforeAll(async () => {
  const model = openAiModel({ apiKey: "key", baseUrl: provider.url, model: "stand-in", maxSilenceMs: 1_500 });
  api = await startApi({}, (deps) => ({ ...deps, chat: { model, ...budgets } }));
  api.clock.advance(monday - api.clock.now().getTime());
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await api.close();
  await provider.stop();
});

const create = { text: "Create a daily task: Team standup at 9 AM" };

describe("the customer's dialogue, word for word, with a model", () => {
  test("a daily task, and a card for it", async () => {
    const { say, as } = await talker(api);
    provider.plan(calls("create_task", create), says("Your standup is set."));
    const { reply, actions } = await say(create.text);
    expect(reply).toBe(
      "Your standup is set.\nCreated “Team standup”, due Tuesday 1 December 2026, 09:00 (Europe/Berlin), repeats every day.",
    );
    expect(actions.map(({ tool }) => tool)).toEqual(["create_task"]);
    expect(await as.titles()).toEqual(["Team standup"]);
  });

  test("a reminder, what is late, a completion and a move, with what was said before in mind", async () => {
    const { say, as } = await talker(api);
    const text = "Remind me to submit report by Friday 5 PM, remind me 1 day before";
    provider.plan(calls("create_task", { text }), says("Done: Friday 2026-12-04 17:00 in Europe/Berlin."));
    expect((await say(text)).reply).toBe("Done: Friday 2026-12-04 17:00 in Europe/Berlin.");
    provider.plan(calls("list_tasks", { overdue: true }), says("Nothing is overdue."));
    expect((await say("What is overdue?")).reply).toBe("Nothing is overdue.");
    const [task] = await as.list();
    provider.plan(calls("reschedule_task", { ids: [task?.id], to: "Monday" }), says("Moved."));
    expect((await say("Move it to Monday")).reply).toContain("Monday 7 December 2026, 17:00 (Europe/Berlin)");
    provider.plan(calls("complete_task", { ids: [task?.id] }), says("Well done."));
    await say("Complete the report");
    expect((await as.list())[0]?.completed).toBe(true);
    const roles = provider.asked.at(-1)?.messages.map(({ role }) => role) ?? [];
    expect(roles.slice(0, 3)).toEqual(["system", "user", "assistant"]);
  });
});

const whole = JSON.stringify(create);
const odd: [string, Play[]][] = [
  [
    "calls that end with stop",
    [callsAs([{ index: 0, id: "a", function: { name: "create_task", arguments: whole } }], "stop")],
  ],
  [
    "pieces without an index",
    [
      callsAs([
        { id: "a", function: { name: "create_task", arguments: "" } },
        ...pieces(whole).map((text) => ({ function: { arguments: text } })),
      ]),
    ],
  ],
  ["arguments as an object", [callsAs([{ index: 0, id: "a", function: { name: "create_task", arguments: create } }])]],
  [
    "arguments as JSON in a JSON string",
    [callsAs([{ index: 0, id: "a", function: { name: "create_task", arguments: JSON.stringify(whole) } }])],
  ],
  [
    "a new id on each piece",
    [
      callsAs([
        { index: 0, id: "a", function: { name: "create_task", arguments: "" } },
        ...pieces(whole).map((text, at) => ({ index: 0, id: `x${at}`, function: { arguments: text } })),
      ]),
    ],
  ],
  ["no id at all", [callsAs([{ index: 0, function: { name: "create_task", arguments: whole } }])]],
  [
    "the name again on each piece",
    [callsAs(pieces(whole).map((text) => ({ index: 0, id: "a", function: { name: "create_task", arguments: text } })))],
  ],
  ["a call only in the text", [says(JSON.stringify({ name: "create_task", arguments: create }))]],
  ["a call in fences", [says(`\`\`\`json\n${JSON.stringify({ name: "create_task", parameters: create })}\n\`\`\``)]],
  ["a call in tags", [says(`<tool_call>${JSON.stringify({ name: "create_task", arguments: create })}</tool_call>`)]],
  [
    "a call dropped from the stream, asked for again as a whole",
    [
      callsAs([], "tool_calls"),
      {
        kind: "whole",
        message: {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "a", type: "function", function: { name: "create_task", arguments: whole } }],
        },
      },
    ],
  ],
  [
    "broken JSON in a piece, asked for again as a whole",
    [
      { kind: "stream", pieces: ["{broken"] },
      {
        kind: "whole",
        message: {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "a", type: "function", function: { name: "create_task", arguments: whole } }],
        },
      },
    ],
  ],
  [
    "an error in the stream, asked for again as a whole",
    [
      { kind: "stream", pieces: [{ error: { message: "overloaded" } }] },
      {
        kind: "whole",
        message: {
          role: "assistant",
          tool_calls: [{ id: "a", type: "function", function: { name: "create_task", arguments: whole } }],
        },
      },
    ],
  ],
  [
    "a server that refuses to stream",
    [
      { kind: "status", status: 400 },
      {
        kind: "whole",
        message: {
          role: "assistant",
          tool_calls: [{ id: "a", type: "function", function: { name: "create_task", arguments: whole } }],
        },
      },
    ],
  ],
  [
    "a stream without an end mark",
    [
      {
        kind: "stream",
        pieces: [
          chunk(
            { tool_calls: [{ index: 0, id: "a", function: { name: "create_task", arguments: whole } }] },
            "tool_calls",
          ),
        ],
      },
    ],
  ],
];

describe("whatever a compatible server sends, the call is read:", () => {
  test.each(odd)("%s", async (_, plays) => {
    const { say, as } = await talker(api);
    provider.plan(...plays, says("Set."));
    const { actions } = await say(create.text);
    expect(actions.map(({ summary }) => summary)).toEqual([
      "Created “Team standup”, due Tuesday 1 December 2026, 09:00 (Europe/Berlin), repeats every day.",
    ]);
    expect((await as.list()).length).toBe(1);
  });

  test("two calls at once, all under index 0", async () => {
    const { say, as } = await talker(api);
    const call = (id: string, title: string) => ({
      index: 0,
      id,
      function: { name: "create_task", arguments: JSON.stringify({ title }) },
    });
    provider.plan(callsAs([call("a", "one"), call("b", "two")]), says("Both are set."));
    await say("add one and two");
    expect((await as.titles()).sort()).toEqual(["one", "two"]);
  });
});

const trouble: [string, Play[]][] = [
  ["is down", [{ kind: "status", status: 503 }]],
  ["is over its limit", [{ kind: "status", status: 429, headers: { "retry-after": "60" } }]],
  ["knows no such key", [{ kind: "status", status: 401 }]],
  ["is silent", [{ kind: "silence" }]],
  [
    "breaks off twice",
    [
      { kind: "stream", pieces: [chunk({ content: "Let me" })], isCut: true },
      { kind: "status", status: 500 },
    ],
  ],
  [
    "says nothing at all",
    [
      { kind: "stream", pieces: ["[DONE]"] },
      { kind: "whole", message: { role: "assistant", content: "" } },
    ],
  ],
];

describe("plain commands answer when the provider", () => {
  test.each(trouble)("%s", async (_, plays) => {
    const { say, as } = await talker(api);
    provider.plan(...plays);
    expect((await say(create.text)).reply).toContain(
      "Created “Team standup”, due Tuesday 1 December 2026, 09:00 (Europe/Berlin)",
    );
    expect(await as.titles()).toEqual(["Team standup"]);
  });

  test("breaks off after it did something: that is said, and not done again", async () => {
    const { say, as } = await talker(api);
    provider.plan(calls("create_task", create), { kind: "status", status: 503 });
    expect((await say(create.text)).reply).toContain("Created “Team standup”");
    expect(await as.titles()).toEqual(["Team standup"]);
  });
});

describe("a turn is bounded", () => {
  test("in calls: an endless loop ends with what it has", async () => {
    const { say } = await talker(api);
    for (let at = 0; at < 20; at++)
      provider.plan(({ tools }) => ((tools ?? []).length > 0 ? calls("list_tasks", {}) : says("That is all.")));
    expect((await say("What is there?")).reply).toBe("That is all.");
    expect(provider.asked.length).toBe(budgets.maxCalls + 1);
  });

  test("in tokens a day: then plain commands go on, and other words are refused until midnight", async () => {
    const { ada, say, as } = await talker(api);
    await api.sql`insert into api.chat_usage (user_id, used_on, tokens) values (${ada.user.id}, '2026-11-30', 200000)`;
    expect((await say("What is overdue?")).reply).toContain("Nothing is overdue.");
    const refused = await as.post("/api/chat", { message: "Write me a poem about my week" });
    expect({ status: refused.status, wait: refused.headers.get("retry-after") }).toEqual({
      status: 429,
      wait: "52200",
    });
    expect(provider.asked).toEqual([]);
  });

  test("and what a model took is counted", async () => {
    const { ada, say } = await talker(api);
    provider.plan({
      kind: "stream",
      pieces: [chunk({ content: "Hi." }, "stop"), { id: "1", choices: [], usage: { total_tokens: 321 } }, "[DONE]"],
    });
    await say("hello");
    const [row] = await api.sql`select tokens from api.chat_usage where user_id = ${ada.user.id}`;
    expect(row?.tokens).toBe(321);
  });
});

test("tools that are not offered, ids of others and arguments that are none are refused to the model, and change nothing", async () => {
  const { say, as } = await talker(api);
  const eve = await talker(api);
  const foreign = await eve.as.make({ title: "Eve's own" });
  provider.plan(
    calls("drop_everything", {}),
    calls("complete_task", { ids: [foreign.id] }),
    callsAs([{ index: 0, id: "a", function: { name: "complete_task", arguments: "{not json" } }]),
    calls("complete_task", { id: "x" }),
    says("I could not."),
  );
  expect((await say("complete everything")).reply).toBe("I could not.");
  const asked = provider.asked.at(-1)?.messages ?? [];
  const results = asked.filter(({ role }) => role === "tool").map(({ content }) => JSON.parse(content).error);
  expect(results).toEqual(["unknown", "not_found", "invalid", "invalid"]);
  expect((await eve.as.get(`/api/tasks/${foreign.id}`)).body.completed).toBe(false);
  expect(await as.titles()).toEqual([]);
});

test("a reader that goes away stops the turn, and the conversation is free again", async () => {
  const { ada, say, as, conversation } = await talker(api);
  provider.plan(says("Hello."));
  await say("hello");
  provider.plan({ kind: "silence" });
  const headers = {
    authorization: `Bearer ${ada.token}`,
    "content-type": "application/json",
    accept: "text/event-stream",
  };
  const body = JSON.stringify({ message: "think", conversation_id: conversation() });
  const response = await api.app.handle(new Request("http://localhost/api/chat", { method: "POST", headers, body }));
  const reader = response.body?.getReader();
  while (provider.asked.length < 2) await Bun.sleep(5);
  await reader?.cancel();
  let last = "";
  while (last === "" || last === "think") {
    const { messages } = (await as.get(`/api/conversations/${conversation()}`)).body;
    last = messages.at(-1).content;
  }
  expect(last).toBe("I was stopped.");
  provider.plan(says("Yes?"));
  expect((await say("again")).reply).toBe("Yes?");
});
