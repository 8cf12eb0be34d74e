import { priorities, type Task, type TaskCounts } from "@carillon/contracts/http/tasks";
import { dayOf, isOverdue } from "../../src/time.ts";
import { invalid } from "./refusal.ts";
import type { Account } from "./store.ts";

/** A page of tasks as `GET /api/tasks` returns it: filters, order, cursor; search is by plain inclusion. */
export function listTasks(
  tasks: Iterable<Task>,
  query: URLSearchParams,
  now: Date,
): { data: Task[]; next_cursor: string | null } {
  if ([...(query.get("search") ?? "")].length > 200) throw invalid("search", "must have at most 200 characters");
  const found = [...tasks].filter((task) => fits(task, query, now)).sort(orderOf(query));
  return pageOf(found, query);
}

export function pageOf<Item>(items: Item[], query: URLSearchParams): { data: Item[]; next_cursor: string | null } {
  const cursor = query.get("cursor");
  if (cursor !== null && !/^at-\d+$/.test(cursor)) throw invalid("cursor", "belongs to another list");
  const from = Number(cursor?.slice(3) ?? 0);
  const limit = Number(query.get("limit") ?? 50);
  return {
    data: items.slice(from, from + limit),
    next_cursor: from + limit < items.length ? `at-${from + limit}` : null,
  };
}

function fits(task: Task, query: URLSearchParams, now: Date): boolean {
  const list = (name: string) => query.get(name)?.split(",") ?? null;
  const before = query.get("due_before");
  const after = query.get("due_after");
  const due = task.due_date === null ? null : Date.parse(task.due_date);
  const text = `${task.title} ${task.description}`.toLowerCase();
  return (
    (query.get("deleted") === "true") === (task.deleted_at !== null) &&
    (query.get("status") ?? task.status) === task.status &&
    (list("priority")?.includes(task.priority) ?? true) &&
    (list("tag")?.some((name) => task.tags.some((tag) => tag.name.toLowerCase() === name.toLowerCase())) ?? true) &&
    (before === null || (due !== null && due < Date.parse(before))) &&
    (after === null || (due !== null && due >= Date.parse(after))) &&
    (query.get("overdue") === null || String(isOverdue(task, now)) === query.get("overdue")) &&
    (query.get("no_date") === null || String(due === null) === query.get("no_date")) &&
    text.includes((query.get("search") ?? "").toLowerCase())
  );
}

function orderOf(query: URLSearchParams): (a: Task, b: Task) => number {
  const sort = query.get("sort") ?? "due_date";
  const sign = sort.startsWith("-") ? -1 : 1;
  const key = sort.replace(/^-/, "");
  const keyOf = (task: Task): string | number | null => {
    if (key === "priority") return priorities.indexOf(task.priority);
    if (key === "title") return task.title.toLowerCase();
    if (key === "created_at") return task.created_at;
    if (key === "updated_at") return task.updated_at;
    if (key === "completed_at") return task.completed_at;
    return task.due_date;
  };
  return (a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    if (x === null || y === null) return x === y ? a.id.localeCompare(b.id) : x === null ? 1 : -1;
    return x === y ? a.id.localeCompare(b.id) : sign * (x < y ? -1 : 1);
  };
}

/** What `GET /api/tasks/counts` answers. */
export function countTasks({ tasks, user }: Account, now: Date): TaskCounts {
  const today = dayOf(now, user.time_zone);
  const live = [...tasks.values()].filter(({ deleted_at }) => deleted_at === null);
  const open = live.filter(({ completed }) => !completed);
  const late = open.filter((task) => isOverdue(task, now));
  const before = (task: Task) => task.due_date !== null && Date.parse(task.due_date) < Date.parse(today.end);
  const used = new Map<string, TaskCounts["tags"][number]>();
  for (const tag of open.flatMap((task) => task.tags))
    used.set(tag.id, { ...tag, open: (used.get(tag.id)?.open ?? 0) + 1 });
  return {
    open: open.length,
    inbox: open.filter(({ due_date }) => due_date === null).length,
    overdue: late.length,
    today: open.filter((task) => before(task) && !late.includes(task)).length,
    upcoming: open.filter((task) => task.due_date !== null && !before(task)).length,
    done_today: live.filter(({ completed_at: at }) => at !== null && Date.parse(at) >= Date.parse(today.start)).length,
    tags: [...used.values()].toSorted((a, b) => b.open - a.open || a.name.localeCompare(b.name)),
    change: 0,
  };
}
