import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../src/commands/run.ts";
import type { World } from "../src/world.ts";

export type Got = {
  method: string;
  path: string;
  query: string;
  key: string | null;
  token: string | null;
  body: unknown;
};
type Answer = (got: Got) => Response | null | Promise<Response | null>;

export const instant = "2026-12-01T08:00:00.000Z";
const user = { id: "01900000-0000-7000-8000-000000000001", email: "ada@example.com", time_zone: "Europe/Berlin" };

export const problem = (status: number, detail: string, more: object = {}): Response =>
  Response.json(
    { type: "urn:carillon:problem:x", title: "x", status, detail, instance: "/", trace_id: "1", ...more },
    { status, headers: { "content-type": "application/problem+json" } },
  );

let made = 0;
export const task = (fields: object = {}) => ({
  id: `01900000-0000-7000-8000-${String(++made).padStart(12, "0")}`,
  title: "Ring the bells",
  description: "",
  status: "pending",
  completed: false,
  completed_at: null,
  priority: "medium",
  due_date: null,
  time_zone: "Europe/Berlin",
  all_day: false,
  tags: [],
  is_recurring: false,
  recurring_pattern: null,
  recurrence: null,
  reminders: [],
  version: 1,
  deleted_at: null,
  ...fields,
});

/** A product of which each test says what it answers; the rest is an account and nothing in it. */
export function standIn(answer: Answer = () => null) {
  const got: Got[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const text = await request.text();
      const one: Got = {
        method: request.method,
        path: pathname,
        query: search,
        key: request.headers.get("idempotency-key"),
        token: request.headers.get("authorization")?.slice("Bearer ".length) ?? null,
        body: text === "" ? null : JSON.parse(text),
      };
      got.push(one);
      return (await answer(one)) ?? usual(one);
    },
  });
  return {
    url: server.url.origin,
    port: server.port,
    got,
    writes: () => got.filter(({ method, path }) => method !== "GET" && !path.endsWith("/parse")),
    stop: () => server.stop(true),
  };
}

function usual({ method, path, body }: Got): Response {
  if (path === "/api/auth/me") return Response.json(user);
  if (path === "/api/signin")
    return Response.json({ user, access_token: "session", token_type: "Bearer", expires_in: 1 });
  if (path === "/api/logout") return new Response(null, { status: 204 });
  if (path === "/api/tasks/parse")
    return Response.json({ title: (body as { text: string }).text, pieces: [], reasons: [], preview: [] });
  if (path === "/api/tasks" && method === "GET") return Response.json({ data: [], next_cursor: null });
  if (path === "/api/tasks") return Response.json(task(body as object), { status: 201 });
  return problem(404, "There is no such thing.");
}

/** A machine with a home folder of its own, on which commands run one after the other. */
export function machine(url: string, given: Partial<World> = {}) {
  const home = mkdtempSync(join(tmpdir(), "carillon-cli-"));
  const world = {
    now: new Date(instant),
    env: { CARILLON_URL: url, CARILLON_TOKEN: "token" } as Record<string, string>,
  };
  const carillon = async (...line: string[]) => {
    let out = "";
    let err = "";
    const code = await run(line, {
      env: world.env,
      now: () => world.now,
      fetch: (request) => fetch(request),
      async out(part) {
        out += typeof part === "string" ? part : new TextDecoder().decode(part);
      },
      err(text) {
        err += `${text}\n`;
      },
      ask: async () => null,
      input: () => new Blob([""]).stream(),
      columns: null,
      sleep: () => new Promise((resolve) => setTimeout(resolve, 1)),
      signal: new AbortController().signal,
      folder: home,
      home,
      ...given,
    });
    return { code, out, err };
  };
  return { home, world, carillon, dispose: () => rmSync(home, { recursive: true, force: true }) };
}
