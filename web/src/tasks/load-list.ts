import type { ListTasks, Task } from "@carillon/contracts/http/tasks";
import type { Visit } from "../door/visit.ts";
import { dayOf, dueDay, isOverdue, longDay } from "../time.ts";
import type { ListAddress } from "./list-address.ts";

export type Group = { key: string; title: string; note?: string; tone: "plain" | "alarm" | "done"; tasks: Task[] };

/** A list as its page shows it. `next`: the cursor behind its last row, null at the end. */
export type TaskList = { address: ListAddress; groups: Group[]; next: string | null };

const pageSize = 100;

/** Reads as many tasks of that list as its address asks for, and sorts them into the groups of the page. */
export async function loadList(visit: Visit, address: ListAddress): Promise<TaskList> {
  const today = dayOf(visit.now, visit.user.time_zone);
  const query = queryOf(address, today);
  const finished: ListTasks = {
    status: "completed",
    due_after: today.start,
    due_before: today.end,
    sort: "due_date",
    limit: pageSize,
  };
  const [{ tasks, next }, done] = await Promise.all([
    read(visit, query, address),
    address.name === "today" && !address.cursor ? visit.api.listTasks(finished) : null,
  ]);
  return { address, groups: groupsOf(visit, address, tasks, done?.data ?? []), next };
}

async function read(
  visit: Visit,
  query: ListTasks,
  address: ListAddress,
): Promise<{ tasks: Task[]; next: string | null }> {
  const tasks: Task[] = [];
  let next = address.cursor;
  do {
    const limit = Math.min(pageSize, address.rows - tasks.length);
    const page = await visit.api.listTasks({ ...query, limit, ...(next ? { cursor: next } : {}) });
    tasks.push(...page.data);
    next = page.next_cursor;
  } while (next !== null && tasks.length < address.rows);
  return { tasks, next };
}

/** The list's question to api. `today`: its start and end in the visitor's zone. */
function queryOf({ name, filters }: ListAddress, today: { start: string; end: string }): ListTasks {
  switch (name) {
    case "today":
      return { status: "pending", due_before: today.end, sort: "due_date" };
    case "upcoming":
      return { status: "pending", due_after: today.end, sort: "due_date" };
    case "trash":
      return { deleted: true, sort: "-updated_at" };
    case "all":
      return {
        ...(filters.status === "any" ? {} : { status: filters.status }),
        ...(filters.priorities.length > 0 ? { priority: filters.priorities.join(",") } : {}),
        ...(filters.tags.length > 0 ? { tag: filters.tags.join(",") } : {}),
        ...(filters.overdue ? { overdue: true } : {}),
        ...(filters.search ? { search: filters.search } : {}),
        ...(filters.sort ? { sort: filters.sort } : {}),
      };
  }
}

function groupsOf(visit: Visit, address: ListAddress, tasks: Task[], done: Task[]): Group[] {
  const groups =
    address.name === "today"
      ? groupsOfToday(visit, tasks, done)
      : address.name === "upcoming"
        ? groupsOfDays(visit, tasks)
        : null;
  const all: Group[] = groups ?? [
    { key: "all", title: address.name === "trash" ? "Deleted tasks" : "Tasks", tone: "plain", tasks },
  ];
  return all.filter((group) => group.tasks.length > 0);
}

function groupsOfToday({ now }: Visit, tasks: Task[], done: Task[]): Group[] {
  return [
    { key: "overdue", title: "Overdue", tone: "alarm", tasks: tasks.filter((task) => isOverdue(task, now)) },
    { key: "today", title: "Still to ring", tone: "plain", tasks: tasks.filter((task) => !isOverdue(task, now)) },
    { key: "done", title: "Done", tone: "done", tasks: done },
  ];
}

function groupsOfDays({ now, user }: Visit, tasks: Task[]): Group[] {
  const tomorrow = dayOf(now, user.time_zone, 1).date;
  const days = new Map<string, Task[]>();
  for (const task of tasks) {
    const day = dueDay(task, user.time_zone) ?? tomorrow;
    days.set(day, [...(days.get(day) ?? []), task]);
  }
  return [...days].map(([day, ofDay]) => {
    const long = longDay(day, now, user.time_zone);
    return {
      key: day,
      tone: "plain",
      tasks: ofDay,
      ...(day === tomorrow ? { title: "Tomorrow", note: long } : { title: long }),
    };
  });
}

/**
 * Where a task stands in that list, as an opaque word: as long as it stays the same a row may be replaced where it is; when it
 * changes, the list has to be read again.
 */
export function placeOf(task: Task, { name, filters }: ListAddress, now: Date): string {
  const due = [task.due_date, task.all_day, task.time_zone];
  const base = [name, task.deleted_at];
  if (name === "today") return word([...base, ...due, task.completed, isOverdue(task, now)]);
  if (name !== "all") return word([...base, ...due, task.completed]);
  const sort = filters.sort ?? (filters.search ? "relevance" : "due_date");
  return word([
    ...base,
    filters.status === "any" ? null : task.completed,
    filters.priorities.length > 0 || sort === "-priority" ? task.priority : null,
    filters.tags.length > 0 ? task.tags.map((tag) => tag.name) : null,
    filters.overdue || sort === "due_date" ? due : null,
    filters.search || sort === "title" ? task.title : null,
    filters.search ? task.description : null,
    sort === "-updated_at" ? task.updated_at : null,
  ]);
}

const word = (parts: unknown[]): string => Bun.hash(JSON.stringify(parts)).toString(36);
