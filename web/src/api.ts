import type { AuditPage } from "@carillon/contracts/http/audit";
import type {
  CreatedToken,
  NewToken,
  PasswordChange,
  SignedIn,
  SignIn,
  SignUp,
  TokenPage,
  User,
  UserPatch,
} from "@carillon/contracts/http/auth";
import type { PreviewRecurrence, RecurrencePreview } from "@carillon/contracts/http/recurrence";
import type { ListNotifications, NotificationPage, Snooze } from "@carillon/contracts/http/reminders";
import type { NewTag, Tag, TagPage, TagUpdate } from "@carillon/contracts/http/tags";
import type { ListTasks, NewTask, Task, TaskPage, TaskPatch } from "@carillon/contracts/http/tasks";
import { appTokenHeader } from "@carillon/contracts/names";
import { type ProblemCode, type ProblemDocument, problems } from "@carillon/contracts/problem";
import { inCallSpan } from "@carillon/kit/observe";
import { Problem } from "@carillon/kit/service";

/** Carries a request to api and brings its answer; the host in the address is always `localhost`. */
export type FetchApi = (request: Request) => Promise<Response>;

export type Api = ReturnType<typeof createApi>;
export type UserApi = ReturnType<Api["as"]>;

type Call = {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  headers?: Record<string, string | undefined>;
};

type Carrier = { fetchApi: FetchApi; appToken: string; session: string | null };

/**
 * Typed calls to api. Every failure is a Problem with api's own code, words and pointers; no answer at all is "unavailable".
 * `address` is the caller's network address: sign-up and sign-in are limited by it.
 */
export function createApi(deps: { fetchApi: FetchApi; appToken: string }) {
  const anyone = { ...deps, session: null };
  const from = (address: string) => ({ "x-forwarded-for": address });
  return {
    signUp: async (body: SignUp, address: string) =>
      json<SignedIn>(anyone, { method: "POST", path: "/api/signup", body, headers: from(address) }),
    signIn: async (body: SignIn, address: string) =>
      json<SignedIn>(anyone, { method: "POST", path: "/api/signin", body, headers: from(address) }),
    /** @throws Problem "not_found" for a token that was made for nobody. */
    unsubscribe: (token: string) => send(anyone, { method: "POST", path: "/internal/unsubscribe", body: { token } }),
    as: (session: string) => ({ ...accountCalls({ ...deps, session }), ...taskCalls({ ...deps, session }) }),
  };
}

const accountCalls = (carrier: Carrier) => ({
  me: () => json<User>(carrier, { path: "/api/auth/me" }),
  signOut: () => send(carrier, { method: "POST", path: "/api/logout" }),
  updateMe: (body: UserPatch) => json<User>(carrier, { method: "PATCH", path: "/api/auth/me", body }),
  changePassword: (body: PasswordChange) => send(carrier, { method: "POST", path: "/api/auth/password", body }),
  eraseMe: (password: string) => send(carrier, { method: "DELETE", path: "/api/auth/me", body: { password } }),
  listTokens: (query: { cursor?: string }) =>
    json<TokenPage>(carrier, { path: "/api/tokens", query: { limit: 100, ...query } }),
  createToken: (body: NewToken, key: string) =>
    json<CreatedToken>(carrier, { method: "POST", path: "/api/tokens", body, headers: { "idempotency-key": key } }),
  deleteToken: async (id: string) => send(carrier, { method: "DELETE", path: `/api/tokens/${encodeURIComponent(id)}` }),
  exportTasks: () => send(carrier, { path: "/api/tasks/export", query: { format: "json" } }),
  listTags: (query: { prefix?: string; limit?: number; cursor?: string } = {}) =>
    json<TagPage>(carrier, { path: "/api/tags", query: { limit: 100, ...query } }),
  createTag: (body: NewTag, key: string) =>
    json<Tag>(carrier, { method: "POST", path: "/api/tags", body, headers: { "idempotency-key": key } }),
  updateTag: async (id: string, body: TagUpdate) =>
    json<Tag>(carrier, { method: "PUT", path: `/api/tags/${encodeURIComponent(id)}`, body }),
  deleteTag: async (id: string) => send(carrier, { method: "DELETE", path: `/api/tags/${encodeURIComponent(id)}` }),
});

const taskCalls = (carrier: Carrier) => ({
  listTasks: (query: ListTasks) => json<TaskPage>(carrier, { path: "/api/tasks", query }),
  getTask: async (id: string) => json<Task>(carrier, { path: taskPath(id) }),
  createTask: (body: NewTask, key: string) =>
    json<Task>(carrier, { method: "POST", path: "/api/tasks", body, headers: { "idempotency-key": key } }),
  patchTask: async (id: string, body: TaskPatch, version: number) =>
    json<Task>(carrier, { method: "PATCH", path: taskPath(id), body, headers: { "if-match": `"${version}"` } }),
  completeTask: async (id: string) => json<Task>(carrier, { method: "PATCH", path: `${taskPath(id)}/complete` }),
  reopenTask: async (id: string) => json<Task>(carrier, { method: "PATCH", path: `${taskPath(id)}/incomplete` }),
  restoreTask: async (id: string) => json<Task>(carrier, { method: "POST", path: `${taskPath(id)}/restore` }),
  skipTask: async (id: string) => json<Task>(carrier, { method: "POST", path: `${taskPath(id)}/skip` }),
  snoozeTask: async (id: string, body: Snooze) =>
    json<Task>(carrier, { method: "POST", path: `${taskPath(id)}/snooze`, body }),
  previewRecurrence: (body: PreviewRecurrence) =>
    json<RecurrencePreview>(carrier, { method: "POST", path: "/api/recurrence/preview", body }),
  listNotifications: (query: ListNotifications) =>
    json<NotificationPage>(carrier, { path: "/api/notifications", query }),
  deleteTask: async (id: string) => send(carrier, { method: "DELETE", path: taskPath(id) }),
  taskHistory: async (id: string, query: { limit?: number; cursor?: string }) =>
    json<AuditPage>(carrier, { path: `${taskPath(id)}/history`, query }),
});

const taskPath = (id: string): string => `/api/tasks/${encodeURIComponent(id)}`;

/** For `.catch()`: null where there is no such thing (or it is somebody else's); every other failure goes on. */
export function nullWhenGone(error: unknown): null {
  if (error instanceof Problem && error.code === "not_found") return null;
  throw error;
}

async function json<Body>(carrier: Carrier, call: Call): Promise<Body> {
  const response = await send(carrier, call);
  // Sound as far as the contract is kept: api's own tests hold its answers to these schemas.
  return (await response.json()) as Body;
}

/** The answer of a call that went well. @throws Problem for every other one. */
async function send({ fetchApi, appToken, session }: Carrier, call: Call): Promise<Response> {
  const url = new URL(call.path, "http://localhost");
  for (const [name, value] of Object.entries(call.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const headers = new Headers({ accept: "application/json", [appTokenHeader]: appToken });
  if (session !== null) headers.set("authorization", `Bearer ${session}`);
  if (call.body !== undefined) headers.set("content-type", "application/json");
  for (const [name, value] of Object.entries(call.headers ?? {})) if (value) headers.set(name, value);
  const body = call.body === undefined ? null : JSON.stringify(call.body);
  const response = await reach(fetchApi, new Request(url, { method: call.method ?? "GET", headers, body }));
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function reach(fetchApi: FetchApi, request: Request): Promise<Response> {
  try {
    return await inCallSpan({ peer: "api", request }, fetchApi);
  } catch (cause) {
    throw new Problem("unavailable", "Carillon's engine room does not answer just now.", {
      headers: { "retry-after": "5" },
      cause,
    });
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const document = await response.json().then(
    (value: unknown) => value as Partial<ProblemDocument>,
    () => ({}) as Partial<ProblemDocument>,
  );
  const retryAfter = response.headers.get("retry-after");
  return new Problem(codeOf(response.status, document.type), document.detail ?? "", {
    ...(document.errors ? { errors: document.errors } : {}),
    ...(retryAfter ? { headers: { "retry-after": retryAfter } } : {}),
  });
}

/** Code of api's problem; an answer that is no problem document at all counts by its status, and what is unknown as "away". */
function codeOf(status: number, type: string | undefined): ProblemCode {
  const entries = Object.entries(problems) as [ProblemCode, (typeof problems)[ProblemCode]][];
  const named = entries.find(([code]) => type === `urn:carillon:problem:${code}`);
  const byStatus = entries.find(([, problem]) => problem.status === status);
  return (named ?? byStatus)?.[0] ?? "unavailable";
}
