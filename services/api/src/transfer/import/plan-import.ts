import type { Change } from "../../change/change.ts";
import { changesBetween } from "../../change/event.ts";
import { type ChangedTask, loadTasks, type NewState, type TaskState, toTask, tracked } from "../../tasks/index.ts";
import { type ImportFile, type ImportItem, isOwnSource, maxNamed, type RowError } from "./item.ts";
import { faultsOf, makeState } from "./make-state.ts";
import { type Names, nameTasks } from "./name-tasks.ts";
import { planTags, type TagPlan } from "./plan-tags.ts";

/** What a file would do; `states` has each of its tasks as it would be. */
export type ImportPlan = {
  made: NewState[];
  changed: ChangedTask[];
  tags: TagPlan;
  states: Map<ImportItem, TaskState>;
  errors: RowError[];
};

/** What the file would do, or the rows that cannot be done; nothing is written. */
export async function planImport(change: Change, file: ImportFile): Promise<ImportPlan> {
  const names = await nameTasks(change, file);
  const tags = await planTags(change, file);
  const errors = [...twice(file, names), ...loops(file), ...(await successors(change, file, names))];
  const here = await present(change, file.items.map(names.idOf));
  const plan: ImportPlan = { made: [], changed: [], tags, states: new Map(), errors };
  for (const item of file.items) {
    if (errors.length >= maxNamed) break;
    try {
      place(plan, item, here.get(names.idOf(item)) ?? null);
    } catch (error) {
      const at = file.source === "carillon" ? `/tasks/${item.row - 1}` : "";
      for (const { pointer, detail } of faultsOf(error))
        errors.push({ row: item.row, pointer: `${at}${pointer}`, detail });
    }
  }
  return plan;

  function place({ made, changed, states }: ImportPlan, item: ImportItem, before: TaskState | null): void {
    const isKept = before !== null && !isOwnSource(file.source) && before.row.deleted_at === null;
    if (isKept) return void states.set(item, before);
    const { state, turns } = makeState(item, before, { change, names, tagsOf: tags.tagsOf });
    states.set(item, state);
    if (before === null) made.push({ state, turns });
    else if (isOther(before, state)) changed.push({ before, after: state, type: "task.updated", turns });
  }
}

/** True where saving would change something that shows. */
const isOther = (before: TaskState, after: TaskState): boolean =>
  Object.keys(changesBetween(toTask(before), toTask(after), tracked)).length > 0;

/** Read some at a time: together they may be large. */
async function present({ tx, userId }: Change, ids: readonly string[]): Promise<Map<string, TaskState>> {
  const found = new Map<string, TaskState>();
  for (let at = 0; at < ids.length; at += 500)
    for (const state of await loadTasks(tx, userId, ids.slice(at, at + 500))) found.set(state.row.id, state);
  return found;
}

function twice({ items }: ImportFile, names: Names): RowError[] {
  const rows = new Map<string, number>();
  return items.flatMap((item) => {
    const id = names.idOf(item);
    const first = rows.get(id);
    rows.set(id, first ?? item.row);
    return first === undefined ? [] : [{ row: item.row, pointer: "/id", detail: `is also the id of row ${first}` }];
  });
}

/** Tasks that follow each other in a circle: none of them could have been first. */
function loops({ items }: ImportFile): RowError[] {
  const parents = new Map(items.map(({ sourceId, own }) => [sourceId, own?.parentId ?? null]));
  const settled = new Set<string>();
  return items.flatMap(({ sourceId, row }): RowError[] => {
    const path = new Set<string>();
    for (let at = sourceId; at !== null && at !== undefined && !settled.has(at); at = parents.get(at) ?? null) {
      if (path.has(at)) {
        for (const id of path) settled.add(id);
        return [{ row, pointer: "/parent_task_id", detail: "leads back to the task itself" }];
      }
      path.add(at);
    }
    for (const id of path) settled.add(id);
    return [];
  });
}

/** A completed task has one successor, ever: in the file and here. */
async function successors({ tx, userId }: Change, { items }: ImportFile, names: Names): Promise<RowError[]> {
  const children = items.flatMap((item) => {
    const parentId = item.own?.parentId;
    return parentId ? [{ item, id: names.idOf(item), parent: names.idOfOwn(parentId, item) }] : [];
  });
  const parents = children.map(({ parent }) => parent);
  const rows = await tx<{ id: string; parent_task_id: string }[]>`
    select id, parent_task_id from api.tasks where user_id = ${userId} and parent_task_id = any(${parents}::uuid[])`;
  const known = new Map(rows.map(({ id, parent_task_id }) => [parent_task_id, id]));
  return children.flatMap(({ item, id, parent }): RowError[] => {
    const other = known.get(parent) ?? id;
    known.set(parent, other);
    if (other === id) return [];
    return [{ row: item.row, pointer: "/parent_task_id", detail: "is a task that is followed by another one already" }];
  });
}
