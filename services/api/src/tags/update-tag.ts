import { Tag, TagUpdate } from "@carillon/contracts/http/tags";
import { answer, describe, readBody, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { actorOf, callerOf } from "../auth/caller.ts";
import { type Change, change } from "../change/change.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { nameTaken } from "./create-tag.ts";
import { loadTag } from "./load-tag.ts";
import { sayTag } from "./say-tag.ts";
import { nameKeyOf, type TagRow, toTag } from "./tag-row.ts";

export const updateTagRoute = (deps: ApiDeps) =>
  new Elysia().put(
    "/api/tags/:id",
    async ({ request, params }) => {
      const caller = callerOf(request);
      const body = await readInput(
        request,
        () => readBody(request, TagUpdate),
        () => loadTag(deps.sql, caller.userId, params.id),
      );
      const author = { userId: caller.userId, actor: actorOf(caller) };
      const tag = await change(deps, author, (current) => updateTag(current, params.id, body));
      return toResponse(answer(200, toTag(tag)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Rename or recolour a tag",
        tag: "Tags",
        params: { id: "The tag's id" },
        body: TagUpdate,
        answers: { 200: Tag },
        errors: [409],
      }),
    },
  );

/** The tag with its new name and colour; one event, and no task's version changes. */
export async function updateTag(
  change: Change,
  id: string,
  input: { name: string; color?: string | null },
): Promise<TagRow> {
  const { tx, userId, now } = change;
  const before = await loadTag(tx, userId, id);
  const name = input.name.trim();
  const color = (input.color ?? before.color).toLowerCase();
  if (before.name === name && before.color === color) return before;
  const after: TagRow = { ...before, name, color, version: before.version + 1, updated_at: now };
  const seq = sayTag(change, "tag.updated", before, after);
  try {
    await tx`
      update api.tags set name = ${after.name}, name_key = ${nameKeyOf(after.name)}, color = ${color},
        version = ${after.version}, change_seq = ${seq}, updated_at = ${now}
      where user_id = ${userId} and id = ${id}`;
  } catch (error) {
    throw nameTaken(error);
  }
  return after;
}
