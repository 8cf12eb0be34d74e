import type { TaskTag } from "@carillon/contracts/http/tasks";
import type { Change } from "../change/change.ts";
import { insertTag } from "./insert-tag.ts";
import { nameKeyOf, toTag } from "./tag-row.ts";

/** The user's tags of these names, in this order, created if missing; the first spelling of a name stays. */
export async function ensureTags(change: Change, names: readonly string[]): Promise<TaskTag[]> {
  if (names.length === 0) return [];
  const spellings = new Map(names.map((name) => [nameKeyOf(name), name] as const).reverse());
  const keys = [...new Set(names.map(nameKeyOf))];
  const rows = await change.tx<(TaskTag & { name_key: string })[]>`
    select id, name, color, name_key from api.tags where user_id = ${change.userId} and name_key = any(${keys}::text[])`;
  const known = new Map(rows.map(({ name_key, ...tag }) => [name_key, tag]));
  const tags: TaskTag[] = [];
  for (const key of keys) {
    const { id, name, color } =
      known.get(key) ?? toTag(await insertTag(change, { name: spellings.get(key) ?? key, color: null }));
    tags.push({ id, name, color });
  }
  return tags;
}
