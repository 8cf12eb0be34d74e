import type { NewTask, Task, TaskPatch } from "@carillon/contracts/http/tasks";
import type { Clock } from "@carillon/kit/ports";
import { listTasks, pageOf } from "./list.ts";
import {
  type Account,
  type Answer,
  applyInput,
  blankTask,
  ensureTag,
  invalid,
  newAccount,
  notFound,
  Refusal,
  record,
} from "./store.ts";

type Call = { account: Account; request: Request; url: URL; body: Record<string, unknown>; id: string; now: string };
type Route = { method: string; path: RegExp; run: (call: Call) => Answer };

export type FakeApi = ReturnType<typeof createFakeApi>;

/**
 * api as far as web can see it, in memory: the answers of `product`'s contract for what the pages ask. `away` makes every call fail as
 * when nobody listens; `changed` hears of every change, as realtime would.
 */
export function createFakeApi({ clock }: { clock: Clock }) {
  const accounts = new Map<string, Account>();
  const sessions = new Map<string, Account>();
  const fake = {
    away: false,
    /** Refuses every sign-in as one too many. */
    tooMany: false,
    requests: [] as { method: string; path: string; headers: Headers }[],
    accounts,
    changed: (_account: Account, _event: { event_type: string; task_id: string | null; version: number }) => {},
    historyAway: false,
    fetch: async (request: Request): Promise<Response> => {
      if (fake.away) throw new TypeError("connection refused");
      const url = new URL(request.url);
      fake.requests.push({ method: request.method, path: url.pathname + url.search, headers: request.headers });
      try {
        return respond(await answer(request, url));
      } catch (error) {
        if (error instanceof Refusal) return respond(error.answer);
        throw error;
      }
    },
  };

  async function answer(request: Request, url: URL): Promise<Answer> {
    const text = await request.text();
    const body = text ? (JSON.parse(text) as Record<string, unknown>) : {};
    const now = clock.now().toISOString();
    if (url.pathname === "/api/signup") return signUp(body, now);
    if (url.pathname === "/api/signin") return signIn(body);
    const account = sessions.get(request.headers.get("authorization")?.replace("Bearer ", "") ?? "");
    if (!account) throw new Refusal(401, "unauthenticated", "Sign in first.");
    for (const route of routes) {
      const match = route.path.exec(url.pathname);
      if (!match || route.method !== request.method) continue;
      return once(account, request, url.pathname + text, () =>
        route.run({ account, request, url, body, id: match[1] ?? "", now }),
      );
    }
    throw notFound();
  }

  /** The same answer for the same key, as Idempotency-Key promises. */
  function once(account: Account, request: Request, content: string, run: () => Answer): Answer {
    const key = request.method === "POST" ? request.headers.get("idempotency-key") : null;
    const kept = key === null ? undefined : account.answers.get(key);
    if (kept && kept.request !== content) throw new Refusal(422, "invalid", "This key was used for another request.");
    if (kept) return kept.answer;
    const made = run();
    if (key !== null) account.answers.set(key, { request: content, answer: made });
    return made;
  }

  function signUp(body: Record<string, unknown>, now: string): Answer {
    const email = String(body.email).toLowerCase();
    if (!email.includes("@")) throw invalid("/email", "must be an e-mail address");
    if (String(body.password).length < 8) throw invalid("/password", "must have at least 8 characters");
    if (accounts.has(email)) throw new Refusal(409, "conflict", "This e-mail has an account.");
    const user = {
      id: Bun.randomUUIDv7(),
      email,
      name: String(body.name ?? ""),
      time_zone: String(body.time_zone ?? "UTC"),
      created_at: now,
      notifications: { email: true },
    };
    accounts.set(email, newAccount(user, String(body.password)));
    return signIn(body, 201);
  }

  function signIn(body: Record<string, unknown>, status = 200): Answer {
    const account = accounts.get(String(body.email).toLowerCase());
    if (fake.tooMany) throw new Refusal(429, "too_many_requests", "That is too much at once. It goes on in 7 s.");
    if (!account || account.password !== body.password)
      throw new Refusal(401, "unauthenticated", "E-mail or password is wrong.");
    const token = `session-${Bun.randomUUIDv7()}`;
    account.sessions.add(token);
    sessions.set(token, account);
    return { status, body: { user: account.user, access_token: token, token_type: "Bearer", expires_in: 86_400 } };
  }

  const routes: Route[] = [
    { method: "GET", path: /^\/api\/auth\/me$/, run: ({ account }) => ({ status: 200, body: account.user }) },
    { method: "PATCH", path: /^\/api\/auth\/me$/, run: updateMe },
    { method: "DELETE", path: /^\/api\/auth\/me$/, run: eraseMe },
    { method: "POST", path: /^\/api\/auth\/password$/, run: changePassword },
    {
      method: "POST",
      path: /^\/api\/logout$/,
      run: ({ request }) => gone(sessions.delete(tokenOf(request))),
    },
    {
      method: "GET",
      path: /^\/api\/tokens$/,
      run: ({ account, url }) => ({ status: 200, body: pageOf([...account.tokens.values()], url.searchParams) }),
    },
    { method: "POST", path: /^\/api\/tokens$/, run: createToken },
    { method: "DELETE", path: /^\/api\/tokens\/([^/]+)$/, run: ({ account, id }) => gone(account.tokens.delete(id)) },
    { method: "GET", path: /^\/api\/tags$/, run: listTags },
    { method: "POST", path: /^\/api\/tags$/, run: createTag },
    { method: "PUT", path: /^\/api\/tags\/([^/]+)$/, run: updateTag },
    {
      method: "DELETE",
      path: /^\/api\/tags\/([^/]+)$/,
      run: deleteTag,
    },
    {
      method: "GET",
      path: /^\/api\/tasks$/,
      run: ({ account, url }) => ({
        status: 200,
        body: listTasks(account.tasks.values(), url.searchParams, clock.now()),
      }),
    },
    { method: "POST", path: /^\/api\/tasks$/, run: createTask },
    {
      method: "GET",
      path: /^\/api\/tasks\/export$/,
      run: ({ account, now }) => ({
        status: 200,
        body: { format: "carillon", version: 1, exported_at: now, tags: [], tasks: [...account.tasks.values()] },
      }),
    },
    { method: "GET", path: /^\/api\/tasks\/([^/]+)$/, run: (call) => ({ status: 200, body: live(call) }) },
    { method: "PATCH", path: /^\/api\/tasks\/([^/]+)$/, run: updateTask },
    {
      method: "DELETE",
      path: /^\/api\/tasks\/([^/]+)$/,
      run: deleteTask,
    },
    { method: "PATCH", path: /^\/api\/tasks\/([^/]+)\/complete$/, run: (call) => complete(call, true) },
    { method: "PATCH", path: /^\/api\/tasks\/([^/]+)\/incomplete$/, run: (call) => complete(call, false) },
    {
      method: "POST",
      path: /^\/api\/tasks\/([^/]+)\/restore$/,
      run: (call) => save(call, "task.restored", { ...any(call), deleted_at: null }),
    },
    { method: "GET", path: /^\/api\/tasks\/([^/]+)\/history$/, run: history },
  ];

  const tokenOf = (request: Request) => request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
  const gone = (was: boolean): Answer => {
    if (!was) throw notFound();
    return { status: 204 };
  };
  const tell = (account: Account, event_type: string, task: Task | null) =>
    fake.changed(account, { event_type, task_id: task?.id ?? null, version: task?.version ?? 0 });

  function any({ account, id }: Call): Task {
    const task = account.tasks.get(id);
    if (!task) throw notFound();
    return task;
  }

  function live(call: Call): Task {
    const task = any(call);
    if (task.deleted_at !== null) throw notFound();
    return task;
  }

  function save({ account, now, id }: Call, action: string, after: Task): Answer {
    const task = record(account, action, account.tasks.get(id) ?? null, after, now);
    tell(account, action, task);
    return { status: action === "task.created" ? 201 : 200, body: task };
  }

  function createTask(call: Call): Answer {
    const blank = blankTask(call.account.user.id, call.account.user.time_zone, call.now);
    const input = { title: "", ...call.body } as NewTask;
    return save({ ...call, id: blank.id }, "task.created", applyInput(call.account, blank, input, call.now));
  }

  function updateTask(call: Call): Answer {
    const task = live(call);
    if (call.request.headers.get("if-match") !== `"${task.version}"`)
      throw new Refusal(412, "stale", "Changed in the meantime.");
    return save(call, "task.updated", applyInput(call.account, task, call.body as TaskPatch, call.now));
  }

  function deleteTask(call: Call): Answer {
    save(call, "task.deleted", { ...live(call), deleted_at: call.now });
    return { status: 204 };
  }

  function deleteTag({ account, id }: Call): Answer {
    tell(account, "tag.deleted", null);
    return gone(account.tags.delete(id));
  }

  function complete(call: Call, completed: boolean): Answer {
    const task = live(call);
    if (task.completed === completed) return { status: 200, body: task };
    const after: Task = {
      ...task,
      completed,
      status: completed ? "completed" : "pending",
      completed_at: completed ? call.now : null,
    };
    return save(call, completed ? "task.completed" : "task.reopened", after);
  }

  function history({ account, id, url }: Call): Answer {
    if (fake.historyAway) throw new Refusal(503, "unavailable", "The history cannot be asked just now.");
    return {
      status: 200,
      body: pageOf(
        account.history.filter((entry) => entry.task_id === id),
        url.searchParams,
      ),
    };
  }

  function updateMe({ account, body }: Call): Answer {
    if (body.time_zone === "Nowhere/Land") throw invalid("/time_zone", "is no time zone");
    account.user = { ...account.user, ...body };
    return { status: 200, body: account.user };
  }

  function eraseMe({ account, body }: Call): Answer {
    if (body.password !== account.password) throw invalid("/password", "is not the password of this account");
    accounts.delete(account.user.email);
    for (const session of account.sessions) sessions.delete(session);
    return { status: 204 };
  }

  function changePassword({ account, body }: Call): Answer {
    if (body.current_password !== account.password) throw invalid("/current_password", "is not the current password");
    if (String(body.new_password).length < 8) throw invalid("/new_password", "must have at least 8 characters");
    account.password = String(body.new_password);
    return { status: 204 };
  }

  function createToken({ account, body, now }: Call): Answer {
    const token = {
      id: Bun.randomUUIDv7(),
      name: String(body.name),
      scope: body.scope === "write" ? ("write" as const) : ("read" as const),
      expires_at: typeof body.expires_at === "string" ? new Date(body.expires_at).toISOString() : null,
      created_at: now,
      token: `cat_${Bun.randomUUIDv7().replaceAll("-", "")}`,
    };
    account.tokens.set(token.id, token);
    return { status: 201, body: token };
  }

  function listTags({ account, url }: Call): Answer {
    const prefix = (url.searchParams.get("prefix") ?? "").toLowerCase();
    const tags = [...account.tags.values()].filter((tag) => tag.name.toLowerCase().startsWith(prefix));
    return {
      status: 200,
      body: pageOf(
        tags.sort((a, b) => a.name.localeCompare(b.name)),
        url.searchParams,
      ),
    };
  }

  function createTag({ account, body, now }: Call): Answer {
    const name = String(body.name);
    if (name.trim() === "") throw invalid("/name", "must not be empty");
    const count = account.tags.size;
    const tag = ensureTag(account, name, now, typeof body.color === "string" ? body.color : null);
    if (account.tags.size === count) throw new Refusal(409, "conflict", "There is a tag of that name.");
    tell(account, "tag.created", null);
    return { status: 201, body: tag };
  }

  function updateTag({ account, id, body, now }: Call): Answer {
    const tag = account.tags.get(id);
    if (!tag) throw notFound();
    const name = String(body.name);
    if (
      [...account.tags.values()].some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase())
    ) {
      throw new Refusal(409, "conflict", "There is a tag of that name.");
    }
    const saved = { ...tag, name, color: String(body.color ?? tag.color), version: tag.version + 1, updated_at: now };
    account.tags.set(id, saved);
    tell(account, "tag.updated", null);
    return { status: 200, body: saved };
  }

  return fake;
}

function respond({ status, body, headers }: Answer): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}
