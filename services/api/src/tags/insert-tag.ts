import type { Change } from "../change/change.ts";
import { sayTag } from "./say-tag.ts";
import { colorFor, nameKeyOf, type TagRow } from "./tag-row.ts";

type NewTagRow = { id?: string; name: string; color: string | null; createdAt?: Date };

/** The new tag of that name; a taken name violates `tags_name_unique`. */
export async function insertTag(
  change: Change,
  { id = change.newId(), name: sent, color, createdAt }: NewTagRow,
): Promise<TagRow> {
  const { tx, userId, now } = change;
  const name = sent.trim();
  const row: TagRow = {
    id,
    name,
    color: (color ?? colorFor(name)).toLowerCase(),
    version: 1,
    created_at: createdAt ?? now,
    updated_at: now,
  };
  const seq = sayTag(change, "tag.created", null, row);
  await tx`
    insert into api.tags (user_id, id, name, name_key, color, version, change_seq, created_at, updated_at)
    values (${userId}, ${row.id}, ${name}, ${nameKeyOf(name)}, ${row.color}, 1, ${seq}, ${row.created_at}, ${now})`;
  change.count("tags", 1);
  return row;
}
