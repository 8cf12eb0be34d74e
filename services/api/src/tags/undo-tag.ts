import type { Changes } from "@carillon/contracts/event";
import type { KeptReason } from "@carillon/contracts/http/batches";
import { isUuid } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { attempt } from "../change/attempt.ts";
import type { Change } from "../change/change.ts";
import { nameTaken } from "./create-tag.ts";
import { deleteTag } from "./delete-tag.ts";
import { sayTag } from "./say-tag.ts";
import { nameKeyOf, type TagRow } from "./tag-row.ts";
import { updateTag } from "./update-tag.ts";

/** A change of a tag as the history tells it. */
export type TagEntry = { action: string; version: number; changes: Changes };

export type UndoneTag = {
  title: string | null;
  fields: string[];
  kept: { field: string | null; reason: KeptReason }[];
};

/**
 * What is taken back of one tag together: its entries, newest first; its version before the first of them went back; per field the version
 * down to which older entries have been dealt with along with a newer one; and the tasks that are made in it.
 */
export type TagCourse = {
  entries: readonly TagEntry[];
  version: number | null;
  settled: Map<string, number>;
  made: readonly string[];
};

export const newTagCourse = (entries: readonly TagEntry[], made: readonly string[]): TagCourse => ({
  entries,
  version: null,
  settled: new Map(),
  made,
});

/** Takes one entry of a tag's history back; what was changed since by anything but the rest of its course stays and is named. */
export async function undoTag(change: Change, id: string, entry: TagEntry, course: TagCourse): Promise<UndoneTag> {
  const { tx, userId } = change;
  const [tag] = isUuid(id)
    ? await tx<TagRow[]>`
        select id, name, color, version, created_at, updated_at from api.tags where user_id = ${userId} and id = ${id}`
    : [];
  course.version ??= tag?.version ?? null;
  const isOurs = course.entries.some(({ action }) => action === "tag.created");
  if (!tag && isOurs) return { title: null, fields: [], kept: [] };
  if (entry.action === "tag.deleted") return tag ? { title: tag.name, fields: [], kept: [] } : back(change, id, entry);
  if (!tag) return { title: null, fields: [], kept: kept(null, "gone") };
  if (entry.action === "tag.created") return undoCreation(change, tag, entry, course);
  return undoUpdate(change, tag, folded(course, entry));
}

const kept = (field: string | null, reason: KeptReason): UndoneTag["kept"] => [{ field, reason }];

/** Removes it when nothing was done with it since, and no task has it but those that went with it. */
async function undoCreation(change: Change, tag: TagRow, { version }: TagEntry, course: TagCourse): Promise<UndoneTag> {
  const { tx, userId } = change;
  const [worn] = await tx`
    select from api.tasks where user_id = ${userId} and tag_ids @> array[${tag.id}::uuid]
      and (deleted_at is null or id <> all(${course.made}::uuid[])) limit 1`;
  const own = course.entries.filter((entry) => entry.version > version).length;
  if (worn || (course.version ?? tag.version) !== version + own)
    return { title: tag.name, fields: [], kept: kept(null, "changed") };
  await deleteTag(change, tag.id);
  return { title: tag.name, fields: ["name"], kept: [] };
}

/** The entry with, per field, the value before the unbroken run of older updates; those skip the field from here on. */
function folded({ entries, settled }: TagCourse, entry: TagEntry): TagEntry {
  const older = entries.slice(entries.indexOf(entry) + 1).filter(({ action }) => action === "tag.updated");
  const changes: Changes = {};
  for (const [field, sides] of Object.entries(entry.changes)) {
    if ((settled.get(field) ?? Number.POSITIVE_INFINITY) <= entry.version) continue;
    let [before] = sides;
    settled.set(field, entry.version);
    for (const one of older) {
      const change = one.changes[field];
      if (!change) continue;
      if (change[1] !== before) break;
      [before] = change;
      settled.set(field, one.version);
    }
    changes[field] = [before, sides[1]];
  }
  return { ...entry, changes };
}

async function undoUpdate(change: Change, tag: TagRow, { changes }: TagEntry): Promise<UndoneTag> {
  const fields = (["name", "color"] as const).filter((field) => changes[field]);
  const isBack = (field: "name" | "color") => tag[field] === changes[field]?.[0];
  const isLeft = (field: "name" | "color") => tag[field] === changes[field]?.[1] && !isBack(field);
  const left = fields.filter(isLeft);
  const changed = fields.filter((field) => !isLeft(field) && !isBack(field));
  const stays = changed.flatMap((field) => kept(field, "changed"));
  if (left.length === 0) return { title: tag.name, fields: [], kept: stays };
  const old = (field: "name" | "color") => (left.includes(field) ? String(changes[field]?.[0]) : tag[field]);
  const update = { name: old("name"), color: old("color") };
  const after = await attempt(change, async (one) => updateTag(one, tag.id, update));
  if (after instanceof Problem) return { title: tag.name, fields: [], kept: [...stays, ...kept("name", "taken")] };
  return { title: after.name, fields: left, kept: stays };
}

/** The tag under its own id: the tasks that wore it wear it again. @throws Problem 409 when there are too many tags. */
async function back(change: Change, id: string, { version, changes }: TagEntry): Promise<UndoneTag> {
  const { now } = change;
  const [name, color] = [changes.name?.[0], changes.color?.[0]];
  if (typeof name !== "string" || typeof color !== "string" || !isUuid(id))
    return { title: null, fields: [], kept: kept(null, "gone") };
  const row: TagRow = { id, name, color, version: version + 1, created_at: now, updated_at: now };
  const refused = await attempt(change, async (one) => insertAgain(one, row));
  if (refused instanceof Problem) return { title: name, fields: [], kept: kept("name", "taken") };
  change.count("tags", 1);
  return { title: name, fields: ["name"], kept: [] };
}

/** @throws Problem 409 when another tag has the name. */
async function insertAgain(change: Change, row: TagRow): Promise<void> {
  const { tx, userId, now } = change;
  const { id, name, color, version } = row;
  const seq = sayTag(change, "tag.created", null, row);
  try {
    await tx`
      insert into api.tags (user_id, id, name, name_key, color, version, change_seq, created_at, updated_at)
      values (${userId}, ${id}, ${name}, ${nameKeyOf(name)}, ${color}, ${version}, ${seq}, ${now}, ${now})`;
  } catch (error) {
    throw nameTaken(error);
  }
}
