import type { AuditPage } from "@carillon/contracts/http/audit";
import type { SignedIn } from "@carillon/contracts/http/auth";
import type { NewTask, Task, TaskPage, TaskPatch } from "@carillon/contracts/http/tasks";

export const password = "correct horse battery staple";

/** A user with an account, and their calls to the JSON API. */
export type Person = Awaited<ReturnType<typeof signUp>>;

export async function signUp(api: string, name = "person") {
  const email = `${name}-${Bun.randomUUIDv7()}@example.com`;
  const signedIn = await post<SignedIn>(`${api}/api/signup`, { email, password, name, time_zone: "Europe/Berlin" });
  const { access_token: token, user } = signedIn;
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const json = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> =>
    read<Answer>(await call(method, path, body));
  return {
    api,
    email,
    token,
    user,
    call,
    json,
    createTask: (task: NewTask) => json<Task>("POST", "/api/tasks", task),
    updateTask: (id: string, patch: TaskPatch) => json<Task>("PATCH", `/api/tasks/${id}`, patch),
    completeTask: (id: string) => json<Task>("PATCH", `/api/tasks/${id}/complete`),
    task: (id: string) => json<Task>("GET", `/api/tasks/${id}`),
    tasks: (query = "") => json<TaskPage>("GET", `/api/tasks${query}`),
    history: (id: string) => json<AuditPage>("GET", `/api/tasks/${id}/history`),
    verifyHistory: () =>
      json<{ ok: boolean; checked: number; first_broken: string | null }>("GET", "/api/audit/verify"),
  };
}

const patienceMs = 30_000;

/** The result of `work`, tried again while it is refused with 503: a busy machine has not broken anything yet. */
export async function persistently<Result>(work: () => Promise<Result>): Promise<Result> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const outcome = await work().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    if ("result" in outcome) return outcome.result;
    if (performance.now() > until || !String(outcome.error).startsWith("Error: 503")) throw outcome.error;
    await Bun.sleep(1_000);
  }
}

async function post<Answer>(url: string, body: unknown): Promise<Answer> {
  return read<Answer>(
    await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  );
}

async function read<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}
