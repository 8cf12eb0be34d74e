import type { Feed } from "@carillon/contracts/http/feeds";
import type { NewTask, Task, TaskPatch } from "@carillon/contracts/http/tasks";
import { parse } from "@carillon/quick-add";
import { requireProof } from "./accounts.ts";
import { undone } from "./chat.ts";
import { countTasks, listTasks, pageOf } from "./list.ts";
import { follow, takeBack } from "./recurrence.ts";
import { type Answer, notFound, Refusal } from "./refusal.ts";
import { applyInput, blankTask, record } from "./store.ts";
import { type Call, gone, type Route } from "./world.ts";

export const taskRoutes: Route[] = [
  { method: "GET", path: /^\/api\/tasks$/, run: list },
  { method: "POST", path: /^\/api\/tasks$/, run: createTask },
  { method: "GET", path: /^\/api\/tasks\/export$/, run: exportTasks },
  {
    method: "GET",
    path: /^\/api\/feeds$/,
    run: ({ account }) => ({ status: 200, body: { data: [...account.feeds.values()] } }),
  },
  { method: "POST", path: /^\/api\/feeds$/, run: createFeed },
  { method: "DELETE", path: /^\/api\/feeds\/([^/]+)$/, run: ({ account, id }) => gone(account.feeds.delete(id)) },
  { method: "GET", path: /^\/api\/tasks\/counts$/, run: counts },
  { method: "GET", path: /^\/api\/insights$/, run: insights },
  { method: "POST", path: /^\/api\/tasks\/batch$/, run: batch },
  {
    method: "POST",
    path: /^\/api\/tasks\/import$/,
    run: () => ({ status: 200, body: { created: 0, batch_id: null } }),
  },
  { method: "POST", path: /^\/api\/batches\/([^/]+)\/undo$/, run: undoBatch },
  {
    method: "GET",
    path: /^\/api\/tasks\/occurrences$/,
    run: () => ({ status: 200, body: { data: [], next_cursor: null } }),
  },
  { method: "POST", path: /^\/api\/tasks\/parse$/, run: parseText },
  { method: "GET", path: /^\/api\/tasks\/([^/]+)$/, run: (call) => ({ status: 200, body: live(call) }) },
  { method: "PATCH", path: /^\/api\/tasks\/([^/]+)$/, run: updateTask },
  { method: "DELETE", path: /^\/api\/tasks\/([^/]+)$/, run: deleteTask },
  { method: "PATCH", path: /^\/api\/tasks\/([^/]+)\/complete$/, run: (call) => complete(call, true) },
  { method: "PATCH", path: /^\/api\/tasks\/([^/]+)\/incomplete$/, run: (call) => complete(call, false) },
  { method: "POST", path: /^\/api\/tasks\/([^/]+)\/restore$/, run: restoreTask },
  { method: "GET", path: /^\/api\/tasks\/([^/]+)\/history$/, run: history },
  { method: "GET", path: /^\/api\/audit$/, run: audit },
  { method: "POST", path: /^\/api\/audit\/([^/]+)\/revert$/, run: revert },
];

/** The task of that id, in the trash or not. */
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

function save({ world, account, now }: Call, action: string, before: Task | null, after: Task): Answer {
  const task = record(account, action, before, after, now);
  world.changed(account, { event_type: action, task_id: task.id, version: task.version });
  return { status: before === null ? 201 : 200, body: task };
}

function list({ world, account, url }: Call): Answer {
  return { status: 200, body: listTasks(account.tasks.values(), url.searchParams, world.clock.now()) };
}

function counts({ world, account }: Call): Answer {
  return { status: 200, body: countTasks(account, world.clock.now()) };
}

function exportTasks({ world, account, now }: Call): Answer {
  requireProof(world);
  const tasks = [...account.tasks.values()];
  return { status: 200, body: { format: "carillon", version: 1, exported_at: now, tags: [], tasks } };
}

function createFeed({ account, body, now }: Call): Answer {
  const feed: Feed = {
    id: Bun.randomUUIDv7(),
    kind: body.kind as Feed["kind"],
    tag: body.tag as string | null,
    created_at: now,
  };
  account.feeds.set(feed.id, feed);
  return { status: 201, body: { ...feed, path: `/calendar/${"a".repeat(43)}.ics` } };
}

function parseText({ body, request, account, now }: Call): Answer {
  const text = String(body.text);
  if (/\p{Cc}/u.test(text)) {
    const errors = [{ pointer: "/text", detail: "holds a control character" }];
    throw new Refusal(422, "invalid", "The request is not valid.", { errors });
  }
  const language = request.headers.get("accept-language")?.startsWith("de") ? "de" : "en";
  const zone = String(body.time_zone ?? account.user.time_zone);
  return { status: 200, body: parse(text, { now: new Date(String(body.now ?? now)), timeZone: zone, language }) };
}

function createTask(call: Call): Answer {
  const blank = blankTask(call.account.user.id, call.account.user.time_zone, call.now);
  const input = { title: "", ...call.body } as NewTask;
  return save(call, "task.created", null, applyInput(call.account, blank, input, call.now));
}

function updateTask(call: Call): Answer {
  const task = live(call);
  if (call.request.headers.get("if-match") !== `"${task.version}"`) {
    throw new Refusal(412, "stale", "Changed in the meantime.");
  }
  return save(call, "task.updated", task, applyInput(call.account, task, call.body as TaskPatch, call.now));
}

function deleteTask(call: Call): Answer {
  const task = live(call);
  save(call, "task.deleted", task, { ...task, deleted_at: call.now });
  return { status: 204 };
}

function restoreTask(call: Call): Answer {
  const task = any(call);
  return save(call, "task.restored", task, { ...task, deleted_at: null });
}

function complete(call: Call, completed: boolean): Answer {
  const task = live(call);
  if (task.completed === completed) return { status: 200, body: task };
  const status = completed ? "completed" : "pending";
  const after: Task = { ...task, completed, status, completed_at: completed ? call.now : null };
  const answer = save(call, completed ? "task.completed" : "task.reopened", task, after);
  if (completed) follow(call.account, after, call.now);
  else takeBack(call.account, after);
  return answer;
}

function history({ world, account, id, url }: Call): Answer {
  if (world.historyAway) throw new Refusal(503, "unavailable", "The history is not available right now.");
  const entries = account.history.filter((entry) => entry.task_id === id);
  return { status: 200, body: pageOf(entries, url.searchParams) };
}

function audit({ account, url }: Call): Answer {
  return { status: 200, body: pageOf(account.history, url.searchParams) };
}

/** Puts back what the entry changed; its own change is a batch. */
function revert(call: Call): Answer {
  const entry = call.account.history.find(({ id }) => id === call.id);
  const task = call.account.tasks.get(entry?.task_id ?? "");
  // A chat's acts are in no history here.
  if (!entry) return undone("Milk");
  if (!task || entry.action === "task.created") throw notFound();
  const before = Object.fromEntries(Object.entries(entry.changes).map(([name, [old]]) => [name, old]));
  save(call, "task.updated", task, { ...task, ...before });
  const batch_id = Bun.randomUUIDv7();
  const [newest] = call.account.history;
  if (newest) newest.batch_id = batch_id;
  const subjects = [{ task_id: task.id, tag_id: null, title: task.title, fields: Object.keys(before) }];
  return { status: 200, body: { batch_id, undone: subjects, kept: [] } };
}

/** Counts of what is done, all of it on one day. */
function insights({ account, now }: Call): Answer {
  const done = [...account.tasks.values()].filter(({ completed }) => completed);
  const day = { date: now.slice(0, 10), count: done.length };
  const tags = done.flatMap((task) => task.tags).map(({ name, color }) => ({ name, color, count: 1 }));
  const body = {
    completed_by_day: [day],
    completed_by_week: [day],
    streak: { current: 1, longest: 3 },
    on_time: { on_time: done.length, late: 0, ratio: done.length > 0 ? 1 : null },
    by_tag: tags,
    by_priority: { low: 0, medium: done.length, high: 0, urgent: 0 },
    open: account.tasks.size - done.length,
    overdue: 0,
  };
  return { status: 200, body };
}

/** A batch remembers each task as it was; its own id is that of its place among the account's batches. */
function batch(call: Call): Answer {
  const { action, patch, ids } = call.body as { action: string; patch?: TaskPatch; ids: string[] };
  const before: Task[] = [];
  const results = ids.map((id) => {
    const task = call.account.tasks.get(id);
    if (!task) return { id, status: 404 };
    before.push(task);
    const one = { ...call, id, body: patch ?? {} };
    if (action === "delete") deleteTask(one);
    else if (action === "restore") restoreTask(one);
    else if (action === "patch") save(one, "task.updated", task, applyInput(call.account, task, patch ?? {}, call.now));
    else complete(one, action === "complete");
    return { id, status: 200 };
  });
  const batchId = Bun.randomUUIDv7();
  call.account.batches.set(batchId, before);
  return { status: 200, body: { batch_id: batchId, results } };
}

function undoBatch(call: Call): Answer {
  const before = call.account.batches.get(call.id);
  if (!before) throw notFound();
  for (const task of before) save(call, "task.updated", task, { ...task, version: task.version + 1 });
  return {
    status: 200,
    body: { batch_id: Bun.randomUUIDv7(), undone: before.map(({ id }) => ({ task_id: id })), kept: [] },
  };
}
