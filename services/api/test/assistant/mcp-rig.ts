import { Client as ModernClient, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Harness, Person } from "../harness.ts";

export type Listener = { url: URL; stop: () => Promise<void> };

/** The harness's door for people on a port of its own: real HTTP, as clients know it. */
export function listen(api: Harness): Listener {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => api.app.handle(request) });
  return { url: new URL(`http://127.0.0.1:${server.port}/mcp`), stop: () => server.stop(true) };
}

/** An access token of the person's, in clear. */
export async function tokenOf(api: Harness, person: Person, scope: "read" | "write" = "write"): Promise<string> {
  const { body } = await api.call("POST", "/api/tokens", { token: person.token, body: { name: "mcp", scope } });
  return body.token;
}

export type Called = {
  isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has as many shapes as there are tools, and each test names the one it expects.
  answer: any;
};

/** What both majors of the official client can do, asked in the same words. */
export type Mcp = {
  tools: () => Promise<string[]>;
  call: (name: string, input?: Record<string, unknown>) => Promise<Called>;
  resources: () => Promise<string[]>;
  read: (uri: string) => Promise<string>;
  prompts: () => Promise<string[]>;
  prompt: (name: string) => Promise<string>;
  close: () => Promise<void>;
};

const me = { name: "tests", version: "1.0.0" };
const bearer = (token: string) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });

/** The client of revision 2026-07-28. `confirm` is what its user says when asked; without it the client cannot ask. */
export async function modern(url: URL, token: string, confirm?: () => boolean | "declined"): Promise<Mcp> {
  const capabilities = confirm ? { elicitation: { form: {} } } : {};
  const client = new ModernClient(me, { versionNegotiation: { mode: { pin: "2026-07-28" } }, capabilities });
  if (confirm)
    client.setRequestHandler("elicitation/create", async () => {
      const said = confirm();
      return said === "declined" ? { action: "decline" } : { action: "accept", content: { confirm: said } };
    });
  await client.connect(new StreamableHTTPClientTransport(url, bearer(token)));
  return facade(client as never);
}

/** The client of revision 2025-11-25. */
export async function old(url: URL, token: string): Promise<Mcp> {
  const client = new OldClient(me);
  await client.connect(new OldTransport(url, bearer(token)) as never);
  return facade(client as never);
}

type Either = {
  listTools: () => Promise<{ tools: { name: string }[] }>;
  callTool: (call: object) => Promise<{ isError?: boolean; structuredContent?: unknown; content: { text: string }[] }>;
  listResources: () => Promise<{ resources: { uri: string }[] }>;
  readResource: (given: object) => Promise<{ contents: { text: string }[] }>;
  listPrompts: () => Promise<{ prompts: { name: string }[] }>;
  getPrompt: (given: object) => Promise<{ messages: { content: { text: string } }[] }>;
  close: () => Promise<void>;
};

const facade = (client: Either): Mcp => ({
  tools: async () => (await client.listTools()).tools.map(({ name }) => name),
  async call(name, input = {}) {
    const { isError = false, structuredContent, content } = await client.callTool({ name, arguments: input });
    return { isError, answer: structuredContent ?? JSON.parse(content[0]?.text ?? "null") };
  },
  resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
  read: async (uri) => (await client.readResource({ uri })).contents[0]?.text ?? "",
  prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
  prompt: async (name) => (await client.getPrompt({ name })).messages[0]?.content.text ?? "",
  close: () => client.close(),
});
