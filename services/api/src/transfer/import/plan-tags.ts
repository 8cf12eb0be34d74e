import type { TaskTag } from "@carillon/contracts/http/tasks";
import type { Change } from "../../change/change.ts";
import { insertTag, nameKeyOf, tagColor } from "../../tags/index.ts";
import type { FileTag, ImportFile } from "./item.ts";

/** The tags of a file: those that are here, and those to be made. */
export type TagPlan = { tagsOf: (names: readonly string[]) => TaskTag[]; make: () => Promise<void>; made: number };

type Planned = TaskTag & { createdAt: Date | null };

/** The tags that tasks of the file wear or that it lists; the first spelling of a name stays. */
export async function planTags(change: Change, { items, tags }: ImportFile): Promise<TagPlan> {
  const wished = new Map<string, FileTag>();
  const wish = (tag: FileTag): void => {
    const key = nameKeyOf(tag.name);
    if (!wished.has(key)) wished.set(key, tag);
  };
  for (const tag of tags) wish(tag);
  for (const { body } of items)
    for (const name of Array.isArray(body.tags) ? body.tags : [])
      if (typeof name === "string") wish({ name, color: null, createdAt: null });
  const keys = [...wished.keys()];
  const rows = await change.tx<(TaskTag & { name_key: string })[]>`
    select id, name, color, name_key from api.tags where user_id = ${change.userId} and name_key = any(${keys}::text[])`;
  const known = new Map<string, TaskTag>(rows.map(({ name_key, ...tag }) => [name_key, tag]));
  const made: Planned[] = [];
  for (const [key, { name, color, createdAt }] of wished) {
    if (known.has(key)) continue;
    const at = createdAt === null ? null : new Date(createdAt);
    const tag = { id: change.newId(), name: name.trim(), color: (color ?? tagColor(name)).toLowerCase() };
    known.set(key, tag);
    made.push({ ...tag, createdAt: at && at < change.now ? at : null });
  }
  return {
    tagsOf: (names) => [...new Set(names.map(nameKeyOf))].flatMap((key) => known.get(key) ?? []),
    make: async () => {
      for (const { createdAt, ...tag } of made)
        await insertTag(change, { ...tag, ...(createdAt ? { createdAt } : {}) });
    },
    made: made.length,
  };
}
