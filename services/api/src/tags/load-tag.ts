import type { Db } from "@carillon/kit/database";
import { isUuid } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import type { TagRow } from "./tag-row.ts";

/** The user's tag. @throws Problem 404 when this user has none. */
export async function loadTag(db: Db, userId: string, id: string): Promise<TagRow> {
  if (!isUuid(id)) throw notFound();
  const [row] = await db<TagRow[]>`
    select id, name, color, version, created_at, updated_at from api.tags where user_id = ${userId} and id = ${id}`;
  if (!row) throw notFound();
  return row;
}
