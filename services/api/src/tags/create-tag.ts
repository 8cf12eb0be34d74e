import { NewTag, Tag } from "@carillon/contracts/http/tags";
import { uniqueViolation } from "@carillon/kit/database";
import { answer, describe, readBody } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { insertTag } from "./insert-tag.ts";
import { type TagRow, toTag } from "./tag-row.ts";

export const createTagRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/tags",
    async ({ request }) => {
      const body = await readInput(request, () => readBody(request, NewTag));
      return answerOnce(deps, request, body, async (change) => {
        const tag = await createTag(change, { name: body.name, color: body.color ?? null });
        return answer(201, toTag(tag), { location: `/api/tags/${tag.id}` });
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Create a tag",
        tag: "Tags",
        body: NewTag,
        answers: { 201: Tag },
        errors: [409],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** The new tag. @throws Problem 409 when the user has one of that name, ignoring case. */
export async function createTag(change: Change, input: { name: string; color: string | null }): Promise<TagRow> {
  try {
    return (await change.tx.savepoint((tx) => insertTag({ ...change, tx }, input))) as TagRow;
  } catch (error) {
    throw nameTaken(error);
  }
}

/** The failure for the user: 409 for a taken name, itself otherwise. */
export const nameTaken = (error: unknown): unknown =>
  uniqueViolation(error) === "tags_name_unique"
    ? new Problem("conflict", "You already have a tag of that name.")
    : error;
