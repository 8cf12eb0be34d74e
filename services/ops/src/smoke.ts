import { Problem } from "@carillon/kit/service";

export type SmokeDeps = {
  /** The addresses of the JSON API and the pages; from outside they are the same. */
  apiUrl: string;
  webUrl: string;
  fetch: (request: Request) => Promise<Response>;
  sleep: (ms: number) => Promise<unknown>;
  now: () => Date;
  /** A unique word: the account's name and its password derive from it. */
  unique: string;
};

/** A rollout that has just ended may not be known to every load balancer yet. */
const patienceMs = 60_000;
const pollMs = 500;
const requestMs = 10_000;
const dayMs = 86_400_000;

/**
 * Lines that say what worked, along a user's path: the page answers, an account is created, signed in,
 * a repeating task is completed, and its successor appears, which takes database, outbox, broker,
 * sidecars and `recurring`. The account is erased again.
 * @throws Problem naming the first thing that did not work.
 */
export async function smoke(deps: SmokeDeps): Promise<string[]> {
  await until(deps, "the pages are ready", async () => (await ask(deps, deps.webUrl, "GET", "/health/ready")).ok);
  await until(deps, "the API describes itself", async () => (await ask(deps, deps.apiUrl, "GET", "/openapi.json")).ok);
  const person = { email: `smoke-${deps.unique}@example.invalid`, password: `the bells of ${deps.unique}` };
  await expectJson(deps, "signing up", "POST", "/api/signup", person);
  const { access_token: token } = await expectJson(deps, "signing in", "POST", "/api/signin", person);
  const authorization = `Bearer ${String(token)}`;
  try {
    await completeOne(deps, authorization);
  } finally {
    // Whatever happens, the test account does not stay.
    await ask(deps, deps.apiUrl, "DELETE", "/api/auth/me", { authorization, body: { password: person.password } });
  }
  return ["pages ready", "signed up and in", "completed a task", "its successor appeared", "account erased"];
}

async function completeOne(deps: SmokeDeps, authorization: string): Promise<void> {
  const dueDate = new Date(deps.now().getTime() + dayMs).toISOString();
  const given = { title: "Smoke test", due_date: dueDate, recurring_pattern: "daily" };
  const { id } = await expectJson(deps, "creating a task", "POST", "/api/tasks", given, authorization);
  await expectJson(deps, "completing it", "PATCH", `/api/tasks/${String(id)}/complete`, undefined, authorization);
  await until(deps, "the next occurrence appears", async () => {
    const { data } = await expectJson(
      deps,
      "listing tasks",
      "GET",
      "/api/tasks?status=pending",
      undefined,
      authorization,
    );
    return Array.isArray(data) && data.some((task) => task?.parent_task_id === id);
  });
}

async function until(deps: SmokeDeps, what: string, holds: () => Promise<boolean>): Promise<void> {
  const lastAt = deps.now().getTime() + patienceMs;
  let reason = "";
  do {
    try {
      if (await holds()) return;
    } catch (error) {
      reason = error instanceof Error ? ` (${error.message})` : "";
    }
    await deps.sleep(pollMs);
  } while (deps.now().getTime() < lastAt);
  throw new Problem("unavailable", `Not within ${patienceMs / 1_000} s: ${what}${reason}.`);
}

type Given = { authorization?: string | undefined; body?: unknown };

async function ask(
  deps: SmokeDeps,
  origin: string,
  method: string,
  path: string,
  given: Given = {},
): Promise<Response> {
  const headers = new Headers();
  if (given.authorization) headers.set("authorization", given.authorization);
  if (given.body !== undefined) headers.set("content-type", "application/json");
  const body = given.body === undefined ? null : JSON.stringify(given.body);
  const signal = AbortSignal.timeout(requestMs);
  return deps.fetch(new Request(new URL(path, origin), { method, headers, body, signal, redirect: "manual" }));
}

async function expectJson(
  deps: SmokeDeps,
  what: string,
  method: string,
  path: string,
  body?: unknown,
  authorization?: string,
): Promise<Record<string, unknown>> {
  const answer = await ask(deps, deps.apiUrl, method, path, { authorization, body });
  if (!answer.ok) throw new Problem("unavailable", `${what}: ${method} ${path} answered ${answer.status}.`);
  const said: unknown = await answer.json();
  return typeof said === "object" && said !== null ? { ...said } : {};
}
