import type { SignedIn } from "@carillon/contracts/http/auth";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Person, password, persistently, signUp } from "./client.ts";

/** One try of one request. `status` 0: no answer. */
export type Try = { at: number; ms: number; what: string; status: number; retryAfter: string | null };

export type Load = {
  /** Every try so far, in the order of their ends. */
  tries: Try[];
  people: Person[];
  /** What the product confirmed: ids of tasks. */
  confirmed: { created: Set<string>; completed: Set<string>; trashed: Set<string> };
  /** Errors that no retry healed. */
  lost: string[];
  stop(): Promise<void>;
};

export type LoadOptions = {
  api: string;
  people: number;
  /** Pause between two actions of one user. */
  pauseMs: number;
  /** Reminders fall due this long after they are set. */
  reminderMs: { least: number; most: number };
};

const patienceMs = 90_000;
const tryMs = 10_000;

/**
 * People at work, as good clients: what is not answered, or answered with 5xx, is asked again with the same `Idempotency-Key` after the
 * wait that the answer asks for. Each makes tasks that repeat and completes them, some of them twice, sets reminders, edits, deletes and signs in again.
 */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const people: Person[] = [];
  // One after the other: a password costs its time.
  for (let at = 0; at < options.people; at++)
    people.push(await persistently(() => signUp(options.api, `worker-${at}`)));
  const load: Omit<Load, "stop"> = {
    tries: [],
    people,
    confirmed: { created: new Set(), completed: new Set(), trashed: new Set() },
    lost: [],
  };
  const stopping = new AbortController();
  const working = people.map(async (person, at) => {
    await Bun.sleep((options.pauseMs / people.length) * at);
    for (let round = at; !stopping.signal.aborted; round++) {
      await act(load, person, round, options).catch((error: unknown) => load.lost.push(String(error)));
      await Bun.sleep(options.pauseMs);
    }
  });
  return {
    ...load,
    async stop() {
      stopping.abort();
      await Promise.all(working);
    },
  };
}

type Work = Omit<Load, "stop">;

/** The users' actions, in turn: mostly completing repeating tasks, which involves every service. */
async function act(load: Work, person: Person, round: number, options: LoadOptions): Promise<void> {
  const { confirmed } = load;
  const make = async (fields: Record<string, unknown>): Promise<Task> => {
    const task: Task = await ask(load, person, "POST", "/api/tasks", fields);
    confirmed.created.add(task.id);
    return task;
  };
  const title = `Load ${round}`;
  if (round % 6 === 5) return signIn(load, person, options.api);
  if (round % 2 === 0) {
    const due_date = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await make({ title, due_date, recurring_pattern: "daily", time_zone: "Europe/Berlin" });
    await ask(load, person, "PATCH", `/api/tasks/${id}/complete`);
    if (round % 4 === 0) {
      await ask(load, person, "PATCH", `/api/tasks/${id}/incomplete`);
      await ask(load, person, "PATCH", `/api/tasks/${id}/complete`);
    }
    confirmed.completed.add(id);
    return;
  }
  const { least, most } = options.reminderMs;
  const reminder_at = new Date(Date.now() + least + Math.random() * (most - least)).toISOString();
  const { id } = await make({ title, reminder_at });
  if (round % 3 !== 0) return;
  await ask(load, person, "PATCH", `/api/tasks/${id}`, { priority: "high" });
  await ask(load, person, "DELETE", `/api/tasks/${id}`);
  confirmed.trashed.add(id);
}

/** Continues with the new session: a user's sessions are limited, and the oldest end. */
async function signIn(load: Work, person: Person, api: string): Promise<void> {
  const body = JSON.stringify({ email: person.email, password });
  const headers = { "content-type": "application/json" };
  const text = await untilAnswered(load, "POST /api/signin", () =>
    fetch(`${api}/api/signin`, { method: "POST", headers, body, signal: AbortSignal.timeout(tryMs) }),
  );
  const { access_token }: SignedIn = JSON.parse(text);
  person.token = access_token;
}

/** The answer's body, once there is one. @throws Error when it is a rejection, or does not come. */
async function ask<Answer>(load: Work, person: Person, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${person.token}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(method === "POST" ? { "idempotency-key": Bun.randomUUIDv7() } : {}),
  };
  const url = new URL(path, person.api);
  const what = `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "{id}")}`;
  const text = await untilAnswered(load, what, () =>
    fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(tryMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  // Sound: api's own tests check it against its description; the empty answer of a delete is not read.
  return (text === "" ? null : JSON.parse(text)) as Answer;
}

async function untilAnswered(load: Work, what: string, send: () => Promise<Response>): Promise<string> {
  const until = performance.now() + patienceMs;
  for (let tryNumber = 1; ; tryNumber++) {
    const startedAt = performance.now();
    const at = Date.now();
    const answer = await send()
      .then(async (response) => ({ response, text: await response.text() }))
      .catch(() => null);
    const status = answer?.response.status ?? 0;
    const retryAfter = answer?.response.headers.get("retry-after") ?? null;
    load.tries.push({ at, ms: performance.now() - startedAt, what, status, retryAfter });
    if (answer?.response.ok) return answer.text;
    // The first try succeeded, and its answer was lost.
    if (answer && status === 404 && what.startsWith("DELETE") && tryNumber > 1) return "";
    const isPassing = status === 0 || status >= 500 || status === 409 || status === 429;
    if (!isPassing || performance.now() > until) throw new Error(`${what}: ${status} ${answer?.text ?? "no answer"}`);
    await Bun.sleep(Math.min(2_000, Math.max(100, Number(retryAfter ?? 0) * 1_000 || 200)));
  }
}
