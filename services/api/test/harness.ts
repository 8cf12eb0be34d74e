import { expect } from "bun:test";
import type { SignedIn, User } from "@carillon/contracts/http/auth";
import { ProblemSchema } from "@carillon/contracts/http/shared";
import { appTokenHeader, callerHeader, type ServiceName } from "@carillon/contracts/names";
import type { Sql } from "@carillon/kit/database";
import { explain } from "@carillon/kit/http";
import type { Log } from "@carillon/kit/observe";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import type { TSchema } from "@sinclair/typebox";
import { createApp, createInternalApp } from "../src/app.ts";
import type { ApiDeps } from "../src/deps.ts";
import { internalRoutes } from "../src/internal/index.ts";
import { depsForTests } from "../src/testing/deps.ts";

export const appToken = "app-token-of-the-tests";

export type Call = {
  token?: string | null;
  /** Sent as JSON; a string or bytes are sent as they are. */
  body?: unknown;
  headers?: Record<string, string>;
};

/** An answer, already read. `body` is the parsed JSON, null without a body. */
// biome-ignore lint/suspicious/noExplicitAny: an answer's body has a hundred shapes, and each test names the one it expects.
export type Answered = { status: number; headers: Headers; body: any };

export type Person = { user: User; token: string; email: string; password: string };

export type LogLine = { level: keyof Log; message: string; fields: Record<string, unknown> };

export type OutboxEvent = { data: Record<string, unknown>; correlationid?: string; causationid?: string };

export type Harness = {
  app: ReturnType<typeof createApp>;
  /** The door for neighbours. */
  internal: ReturnType<typeof createInternalApp>;
  deps: ApiDeps;
  /** The superuser's connections, for checks below the API. */
  sql: Sql;
  clock: { now(): Date; advance(ms: number): void };
  /** Everything logged so far. */
  lines: LogLine[];
  /** Answers `api`'s calls to a neighbour; by default the neighbour is away. */
  onInvoke(answer: (service: ServiceName, request: Request) => Response | Promise<Response>): void;
  /**
   * One request through the door it belongs to; the answer is checked against the route's OpenAPI
   * description. With the app token it comes from a neighbour that the route admits, unless it
   * names its caller.
   */
  call(method: string, path: string, call?: Call): Promise<Answered>;
  signUp(fields?: Record<string, unknown>): Promise<Person>;
  /** The user's outbox rows, oldest first. */
  outbox(userId: string): Promise<{ type: string; entity_id: string; event: OutboxEvent }[]>;
  close(): Promise<void>;
};

/**
 * `api` on a database of its own. Time stands still at the real instant of the start until a test
 * moves it; rate limits are off unless a test turns them on. `given`: a database that is there already.
 */
export async function startApi(
  settings: Partial<ApiDeps["settings"]> = {},
  change: (deps: ApiDeps) => ApiDeps = (deps) => deps,
  given?: TestDatabase,
): Promise<Harness> {
  const database = given ?? (await testDatabase({ migrations: ["api"] }));
  const sql = database.connectAs("api");
  const lines: LogLine[] = [];
  let nowMs = Date.now();
  const clock = {
    now: () => new Date(nowMs),
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
  let invoked = (_service: ServiceName, _request: Request): Response | Promise<Response> =>
    new Response(null, { status: 503 });
  const deps = change(
    await depsForTests({
      sql,
      log: recorder(lines),
      clock,
      databaseNow: async () => clock.now(),
      invoke: { call: async (service, request) => invoked(service, request) },
      health: { broker: () => "ok" },
      settings: { appToken, ...settings },
    }),
  );
  const app = createApp(deps);
  const internal = createInternalApp(deps);
  const call = caller(app, internal, admittedBy(deps));
  return {
    app,
    internal,
    deps,
    sql: database.sql,
    clock,
    lines,
    onInvoke: (answer) => {
      invoked = answer;
    },
    call,
    signUp: (fields = {}) => signUp(call, fields),
    outbox: (userId) => database.sql`
      select type, entity_id, event from api.outbox where user_id = ${userId} order by change_seq`,
    async close() {
      await sql.end({ timeout: 2 });
      await database.close();
    },
  };
}

const recorder = (lines: LogLine[]): Log => {
  const at =
    (level: keyof Log) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ level, message, fields });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
};

let people = 0;

async function signUp(call: Harness["call"], fields: Record<string, unknown>): Promise<Person> {
  const email = `person-${++people}@example.com`;
  const body = { email, password: "correct horse battery", ...fields };
  const answered = await call("POST", "/api/signup", { body });
  expect(answered.status).toBe(201);
  const { user, access_token }: SignedIn = answered.body;
  return { user, token: access_token, email: body.email, password: body.password };
}

/** A caller that an internal route admits, the first it names; empty: there is no such route. */
function admittedBy(deps: ApiDeps): (path: string) => string {
  const routes = internalRoutes(deps);
  return (path) => routes.find((route) => matches(route.path, path))?.callers[0] ?? "";
}

function caller(
  app: Harness["app"],
  internal: Harness["internal"],
  admitted: (path: string) => string,
): Harness["call"] {
  return async (method, path, { token = null, body, headers = {} } = {}) => {
    const isRaw = typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream;
    const all = new Headers(body === undefined ? {} : { "content-type": "application/json" });
    if (token !== null) all.set("authorization", `Bearer ${token}`);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    const request = new Request(`http://localhost${path}`, {
      method,
      headers: all,
      ...(body === undefined ? {} : { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
    });
    const { pathname } = new URL(request.url);
    const isInternal = pathname.startsWith("/internal/");
    if (isInternal && all.has(appTokenHeader) && !all.has(callerHeader))
      request.headers.set(callerHeader, admitted(pathname));
    const response = await (isInternal ? internal : app).handle(request);
    const text = await response.text();
    const isJson = text !== "" && (response.headers.get("content-type")?.includes("json") ?? false);
    const answered = { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : null };
    holdToDescription(app, method, pathname, answered);
    return answered;
  };
}

/** The session a token of ours names; the claims are not secret. */
export function sessionOf(token: string): string {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sid;
}

type Described = { responses?: Record<string, { content?: Record<string, { schema: TSchema }> }> };

/** Every answer is one of the route's OpenAPI description, in its shape; errors are problems. */
function holdToDescription(app: Harness["app"], method: string, path: string, answered: Answered): void {
  if (answered.status >= 400) {
    expect(answered.headers.get("content-type")).toBe("application/problem+json");
    expect(explain(ProblemSchema, answered.body)).toEqual([]);
    expect(answered.body).toMatchObject({ status: answered.status, instance: path });
  }
  const canonical = path.replace(/^\/api\/[0-9a-f-]{36}\//i, "/api/");
  // Another user's id there is the same 404 on every path.
  if (canonical !== path && answered.status === 404) return;
  const route = app.routes.find((one) => one.method === method && matches(one.path, canonical));
  const detail: Described | undefined = route?.hooks?.detail;
  if (!detail?.responses) return;
  const described = detail.responses[answered.status];
  const name = `${method} ${route?.path}`;
  expect(described ? name : `${name} answered ${answered.status}, which its description lacks`).toBe(name);
  const schema = Object.values(described?.content ?? {})[0]?.schema;
  // The same route may answer with a table or a calendar, which no schema describes.
  const isJson = answered.headers.get("content-type")?.includes("json") ?? false;
  if (schema && (isJson || answered.body !== null)) expect(explain(schema, answered.body)).toEqual([]);
}

const matches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replace(/:\w+/g, "[^/]+")}/?$`).test(path);
