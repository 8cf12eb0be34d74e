import { answer, describe, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { actorOf, callerOf } from "../auth/caller.ts";
import { type Change, change } from "../change/change.ts";
import { nothing, readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { loadTag } from "./load-tag.ts";
import { sayTag } from "./say-tag.ts";

export const deleteTagRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/tags/:id",
    async ({ request, params }) => {
      const caller = callerOf(request);
      await readInput(request, nothing, () => loadTag(deps.sql, caller.userId, params.id));
      await change(deps, { userId: caller.userId, actor: actorOf(caller) }, (current) => deleteTag(current, params.id));
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Delete a tag; its tasks stay",
        tag: "Tags",
        params: { id: "The tag's id" },
        answers: { 204: "Deleted" },
      }),
    },
  );

/** Deletes the tag. Its tasks are not touched: readers join, and a dangling id joins nothing. */
export async function deleteTag(change: Change, id: string): Promise<void> {
  const { tx, userId } = change;
  const before = await loadTag(tx, userId, id);
  const seq = sayTag(change, "tag.deleted", { ...before, version: before.version + 1 }, null);
  await tx`delete from api.tags where user_id = ${userId} and id = ${id}`;
  await tx`insert into api.tombstones (user_id, change_seq, type, id) values (${userId}, ${seq}, 'tag', ${id})`;
  change.count("tags", -1);
}
