import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { tools } from "../../src/assistant/tools/registry.ts";
import { clientOf } from "../client.ts";
import { type Harness, type Person, startApi } from "../harness.ts";
import { type Listener, listen, type Mcp, modern, old, tokenOf } from "./mcp-rig.ts";

let api: Harness;
let server: Listener;
beforeAll(async () => {
  api = await startApi();
  api.onInvoke(() => Response.json({ data: [], next_cursor: null }));
  server = listen(api);
});
afterAll(async () => {
  await server.stop();
  await api.close();
});

const names = tools.map(({ name }) => name);
const majors: [string, (url: URL, token: string) => Promise<Mcp>][] = [
  ["2026-07-28", modern],
  ["2025-11-25", old],
];

async function newUser(): Promise<{ ada: Person; token: string }> {
  const ada = await api.signUp({ time_zone: "Europe/Berlin" });
  return { ada, token: await tokenOf(api, ada) };
}

/** A call of every tool that is done at once, in an order in which each finds what it needs. */
async function callAll(mcp: Mcp): Promise<string[]> {
  const called: string[] = [];
  const call = async (name: string, input: Record<string, unknown> = {}) => {
    const { isError, answer } = await mcp.call(name, input);
    expect({ name, isError, error: answer.error }).toEqual({ name, isError: false, error: undefined });
    called.push(name);
    return answer;
  };
  const made = await call("create_task", { text: "Team standup every day at 9 #work remind me 15m before" });
  const id = made.tasks[0].id;
  expect(made.tasks[0].next_dates.length).toBe(3);
  await call("list_tasks");
  await call("search_tasks", { query: "standup" });
  await call("get_task", { id });
  await call("update_task", { ids: [id], priority: "high" });
  await call("reschedule_task", { ids: [id], to: "in 3 days" });
  await call("skip_occurrence", { id });
  await call("snooze_reminder", { id, minutes: 15 });
  await call("complete_task", { ids: [id] });
  await call("reopen_task", { ids: [id] });
  const asked = await call("delete_task", { ids: [id] });
  const deleted = asked.done ? asked : await call("delete_task", { ids: [id], consent: asked.proposal.id });
  expect(deleted.done).toBe(true);
  await call("restore_task", { ids: [id] });
  const { tags } = await call("list_tags");
  await call("rename_tag", { id: tags[0].id, name: "office" });
  const gone = await call("delete_tag", { id: tags[0].id, dry_run: true });
  expect(gone.done).toBe(false);
  await call("preview_recurrence", { recurring_pattern: "FREQ=MONTHLY;BYDAY=-1FR", due_date: "2027-01-29T09:00" });
  await call("parse_text", { text: "dentist fri 3pm" });
  await call("list_notifications");
  await call("task_history", { id });
  await call("get_insights");
  const { batch_id } = await call("update_task", { ids: [id], title: "Another" });
  const undone = await call("undo", { batch_id });
  expect(undone.tasks[0].title).toBe("Team standup");
  return called;
}

describe.each(majors)("a client of revision %s", (_, connect) => {
  test("lists every tool and calls every tool", async () => {
    const { token } = await newUser();
    const mcp = await connect(server.url, token);
    expect(await mcp.tools()).toEqual(names);
    const called = await callAll(mcp);
    expect([...new Set(called)].sort()).toEqual([...names].sort());
    await mcp.close();
  });

  test("reads the lists and the prompts", async () => {
    const { ada, token } = await newUser();
    const task = await clientOf(api, ada).make({ title: "Late", due_date: "2026-01-05T09:00:00Z" });
    const mcp = await connect(server.url, token);
    for (const uri of await mcp.resources())
      expect(JSON.parse(await mcp.read(uri)).now.time_zone).toBe("Europe/Berlin");
    expect(JSON.parse(await mcp.read("carillon://lists/overdue")).tasks[0].title).toBe("Late");
    expect(JSON.parse(await mcp.read(`carillon://tasks/${task.id}`)).task.title).toBe("Late");
    for (const name of await mcp.prompts()) expect(await mcp.prompt(name)).toContain("list_tasks");
    await mcp.close();
  });

  test("with a read token sees the tools that read, and no call of another writes", async () => {
    const ada = await api.signUp();
    const mcp = await connect(server.url, await tokenOf(api, ada, "read"));
    const reading = tools.filter(({ kind }) => kind === "read").map(({ name }) => name);
    expect(await mcp.tools()).toEqual(reading);
    const before = await api.outbox(ada.user.id);
    for (const { name } of tools.filter(({ kind }) => kind !== "read")) {
      const { isError, answer } = await mcp.call(name, { title: "x", text: "x", ids: [], id: "" });
      expect({ name, isError, error: answer.error }).toEqual({ name, isError: true, error: "forbidden" });
    }
    expect(await api.outbox(ada.user.id)).toEqual(before);
    await mcp.close();
  });
});

test("a client that can ask its user is asked, and its yes does what was shown", async () => {
  const { ada, token } = await newUser();
  const as = clientOf(api, ada);
  const task = await as.make({ title: "Old plan" });
  for (const [answer, isDone] of [
    ["declined", false],
    [false, false],
    [true, true],
  ] as const) {
    const mcp = await modern(server.url, token, () => answer);
    const { isError, answer: said } = await mcp.call("delete_task", { ids: [task.id] });
    expect({ isError, done: said.done }).toEqual({ isError: false, done: isDone });
    expect((await as.get(`/api/tasks/${task.id}`)).status).toBe(isDone ? 404 : 200);
    await mcp.close();
  }
});

describe("before anything is read", () => {
  const ping = { method: "POST", body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }) };
  const ask = (headers: Record<string, string>, url = "http://localhost/mcp") =>
    api.app.handle(new Request(url, { ...ping, headers: { "content-type": "application/json", ...headers } }));

  test("an address that is not ours is refused, whatever it resolves to", async () => {
    const { token } = await newUser();
    const { status } = await ask({ authorization: `Bearer ${token}` }, "http://evil.example/mcp");
    expect(status).toBe(403);
  });

  test("a page of another origin is refused, one of ours is not", async () => {
    const { token } = await newUser();
    const from = (origin: string) => ask({ authorization: `Bearer ${token}`, origin });
    expect((await from("https://evil.example")).status).toBe(403);
    expect((await from("null")).status).toBe(403);
    expect((await from("http://localhost:3000")).status).not.toBe(403);
  });

  test("a request without a token is refused, and hears of no authorization server", async () => {
    const response = await ask({});
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("GET and DELETE are no methods here", async () => {
    const { token } = await newUser();
    for (const method of ["GET", "DELETE"]) {
      const request = new Request("http://localhost/mcp", { method, headers: { authorization: `Bearer ${token}` } });
      const response = await api.app.handle(request);
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
    }
  });

  test("a body beyond the limit is 413", async () => {
    const { token } = await newUser();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const request = new Request("http://localhost/mcp", { method: "POST", headers, body: "x".repeat(300_000) });
    expect((await api.app.handle(request)).status).toBe(413);
  });
});
