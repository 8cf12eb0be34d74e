import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { deleteTag, nameKeyOf, type TagRow, updateTag } from "../tags/index.ts";
import { saveTask, selectTasks, stateOf, type TaskState } from "../tasks/index.ts";

/** Changed in one transaction: what a killed process has to do once more. */
const maxTasks = 100;

/**
 * Makes the tags of a user who has names of an older release unique by what makes names the same now; answers whether there was such a user.
 * Of doubles the oldest stays, and the tasks that had another have that one.
 */
export async function foldTagsOfNext(deps: ApiDeps): Promise<boolean> {
  // As the index of such names says it.
  const [tag] = await deps.sql<{ user_id: string }[]>`
    select user_id from api.tags where api.is_unfolded(name_key) order by user_id, id limit 1`;
  if (!tag) return false;
  const author = { userId: tag.user_id, actor: "system" } as const;
  while (!(await change(deps, author, foldSome)));
  return true;
}

/** One batch; answers whether all is done. */
async function foldSome(current: Change): Promise<boolean> {
  const { tx, userId } = current;
  const tags = await tx<TagRow[]>`
    select id, name, color, version, created_at, updated_at from api.tags where user_id = ${userId} order by created_at, id`;
  const groups = [...Map.groupBy(tags, ({ name }) => nameKeyOf(name)).values()];
  const kept = new Map(groups.flatMap((same) => same.slice(1).map(({ id }) => [id, same[0]?.id ?? id] as const)));
  if (!(await exchange(current, tags, kept))) return false;
  for (const id of kept.keys()) await deleteTag(current, id);
  for (const [first] of groups) if (first) await updateTag(current, first.id, { ...first, name: folded(first.name) });
  return true;
}

const folded = (name: string): string => name.trim().replace(/\s+/g, " ");

/** Gives some tasks the kept tags in place of their doubles; answers whether none is left with one. */
async function exchange(current: Change, tags: readonly TagRow[], kept: ReadonlyMap<string, string>): Promise<boolean> {
  const { tx, userId } = current;
  const doubles = [...kept.keys()];
  if (doubles.length === 0) return true;
  const rows = await tx`
    ${selectTasks(tx)} from api.tasks t
    where t.user_id = ${userId} and t.tag_ids && ${doubles}::uuid[] order by t.id limit ${maxTasks}`;
  for (const before of rows.map(stateOf)) {
    const tag_ids = [...new Set(before.row.tag_ids.map((id) => kept.get(id) ?? id))];
    const worn = tag_ids.flatMap((id) => tags.find((tag) => tag.id === id) ?? []);
    const after: TaskState = {
      ...before,
      row: { ...before.row, tag_ids },
      tags: worn.map(({ id, name, color }) => ({ id, name, color })),
    };
    await saveTask(current, before, after, "task.updated");
  }
  return rows.length < maxTasks;
}
