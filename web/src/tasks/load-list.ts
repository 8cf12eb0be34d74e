import type { ListTasks, Task } from "@carillon/contracts/http/tasks";
import type { Visit } from "../door/visit.ts";
import { type Day, dayOf } from "../time.ts";
import { type Group, groupsOf } from "./groups.ts";
import type { ListAddress } from "./list-address.ts";
import { loadOccurrences } from "./load-occurrences.ts";

/** A list as its page shows it. `next`: the cursor behind its last row, null at the end; `count`: how many tasks it has in all, where that is known. */
export type TaskList = { address: ListAddress; groups: Group[]; next: string | null; count: number | null };

const pageSize = 100;

/** Rows of "Overdue" on Today before it is opened. */
const overdueAtFirst = 5;

/** Reads as many tasks of that list as its address asks for, and sorts them into the groups of the page. */
export async function loadList(visit: Visit, address: ListAddress): Promise<TaskList> {
  const today = dayOf(visit.now, visit.user.time_zone);
  const [{ tasks, next }, overdue, counts] = await Promise.all([
    read(visit, queryOf(address, today), address),
    address.name === "today" && !address.cursor ? readOverdue(visit) : [],
    visit.counts(),
  ]);
  const until = next === null ? null : (tasks.at(-1)?.due_date ?? null);
  const ahead = address.name === "upcoming" && !address.cursor ? await loadOccurrences(visit, { until }) : [];
  const groups = groupsOf(visit, address, { tasks, overdue, ahead, counts });
  return { address, groups, next, count: countOf(address, counts) };
}

async function readOverdue({ api }: Visit): Promise<Task[]> {
  const { data } = await api.listTasks({ status: "pending", overdue: true, sort: "due_date", limit: overdueAtFirst });
  return data;
}

function countOf({ name }: ListAddress, counts: { inbox: number; today: number; upcoming: number }): number | null {
  return name === "inbox" || name === "today" || name === "upcoming" ? counts[name] : null;
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

/** The list's request to api. `today`: its start and end in the user's zone. */
function queryOf({ name, filters }: ListAddress, today: Day): ListTasks {
  switch (name) {
    case "inbox":
      return { status: "pending", no_date: true, sort: "-created_at" };
    case "today":
      return { status: "pending", due_before: today.end, overdue: false, sort: "due_date" };
    case "upcoming":
      return { status: "pending", due_after: today.end, sort: "due_date" };
    case "done":
      return { status: "completed", sort: "-completed_at" };
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
