import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { tools } from "../../src/assistant/tools/registry.ts";
import { type Harness, startApi } from "../harness.ts";
import { type Listener, listen, tokenOf } from "./mcp-rig.ts";

const program = join(import.meta.dir, "../../../cli/src/main.ts");
let api: Harness;
let door: Listener;
let token: string;
beforeAll(async () => {
  api = await startApi();
  door = listen(api);
  token = await tokenOf(api, await api.signUp({ time_zone: "Europe/Berlin" }));
});
afterAll(async () => {
  await door.stop();
  await api.close();
});

const started = (env: Record<string, string> = {}) => ({
  command: process.execPath,
  args: ["--no-env-file", program, "mcp"],
  // A home without a sign-in.
  env: { HOME: "/nonexistent", CARILLON_URL: door.url.origin, CARILLON_TOKEN: token, ...env },
});
const me = { name: "tests", version: "1.0.0" };

type Either = {
  listTools: () => Promise<{ tools: { name: string }[] }>;
  callTool: (call: object) => Promise<{ structuredContent?: unknown; isError?: boolean }>;
  readResource: (given: object) => Promise<{ contents: unknown[] }>;
  close: () => Promise<void>;
};
const majors: [string, () => Promise<Either>][] = [
  [
    "2026-07-28",
    async () => {
      const client = new ModernClient(me, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
      await client.connect(new ModernTransport(started()));
      return client as never;
    },
  ],
  [
    "2025-11-25",
    async () => {
      const client = new OldClient(me);
      await client.connect(new OldTransport(started()) as never);
      return client as never;
    },
  ],
];

describe.each(majors)("over standard streams, a client of revision %s", (_, connect) => {
  test("lists every tool, makes a task and reads a list", async () => {
    const client = await connect();
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
    const made = await client.callTool({ name: "create_task", arguments: { text: "Müll rausbringen tomorrow 9am" } });
    expect(made.structuredContent).toMatchObject({ done: true, tasks: [{ title: "Müll rausbringen" }] });
    expect((await client.readResource({ uri: "carillon://lists/open" })).contents).toHaveLength(1);
    await client.close();
  });
});

type Said = { id: number | null; error?: { code: number; message: string } };

/** What the program writes for these lines before it ends. */
async function talk(lines: string[], env: Record<string, string> = {}) {
  const { command, args, ...rest } = started(env);
  const child = Bun.spawn([command, ...args], {
    ...rest,
    stdin: Buffer.from(lines.join("\n")),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const answers: Said[] = out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { answers, err, code };
}

const ping = JSON.stringify({ jsonrpc: "2.0", id: 7, method: "ping" });

test("without a product or a token the answer says what to do", async () => {
  const away = await talk([ping], { CARILLON_URL: "http://127.0.0.1:1" });
  expect(away.answers[0]).toMatchObject({ id: 7, error: { code: -32_603 } });
  expect(away.answers[0]?.error?.message).toStartWith(
    "Carillon does not answer at http://127.0.0.1:1. Start it with npm start",
  );
  const stranger = await talk([ping], { CARILLON_TOKEN: "cat_unknown" });
  expect(stranger.answers[0]?.error?.message).toContain("CARILLON_TOKEN");
  const none = await talk([ping], { CARILLON_TOKEN: "" });
  expect(none).toMatchObject({ answers: [], code: 3 });
  expect(none.err).toContain("CARILLON_TOKEN");
});

test("a line that is no message is answered, and the next one is read", async () => {
  const { answers, code } = await talk(["{no json", ping, "x".repeat(1_100_000), ping]);
  expect(answers.filter(({ error }) => error?.code === -32_700)).toHaveLength(2);
  expect(answers.filter(({ id }) => id === 7)).toHaveLength(2);
  expect(code).toBe(0);
});
