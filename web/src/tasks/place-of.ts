import type { Task } from "@carillon/contracts/http/tasks";
import { dayOf, isOverdue } from "../time.ts";
import type { ListAddress } from "./list-address.ts";

/**
 * The place of a task in that list, as an opaque word: as long as it stays the same a row may be replaced where it is; when it
 * changes, the list has to be read again.
 */
export function placeOf(task: Task, { name, filters }: ListAddress, now: Date): string {
  const due = [task.due_date, task.all_day, task.time_zone];
  const base = [name, task.deleted_at];
  if (name === "today") return word([...base, ...due, task.completed, isOverdue(task, now)]);
  if (name === "done") return word([...base, task.completed_at]);
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

/** False for a task that is surely not in that list; a search alone knows what it finds. */
export function mayStandIn(
  task: Task,
  { name, filters }: ListAddress,
  { now, zone }: { now: Date; zone: string },
): boolean {
  if ((task.deleted_at !== null) !== (name === "trash")) return false;
  const { end } = dayOf(now, zone);
  const dueAt = task.due_date === null ? null : Date.parse(task.due_date);
  switch (name) {
    case "trash":
      return true;
    case "done":
      return task.completed;
    case "inbox":
      return !task.completed && dueAt === null;
    case "today":
      return !task.completed && dueAt !== null && dueAt < Date.parse(end);
    case "upcoming":
      return !task.completed && dueAt !== null && dueAt >= Date.parse(end);
    case "all":
      return (
        (filters.status === "any" || task.completed === (filters.status === "completed")) &&
        (!filters.overdue || isOverdue(task, now)) &&
        (filters.priorities.length === 0 || filters.priorities.includes(task.priority)) &&
        (filters.tags.length === 0 || task.tags.some(({ name: tag }) => filters.tags.includes(tag)))
      );
  }
}
