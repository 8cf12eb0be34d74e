import { CreatedFeed, maxFeeds, NewFeed } from "@carillon/contracts/http/feeds";
import { answer, describe, readBody } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { personOf } from "../../auth/caller.ts";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { nameKeyOf } from "../../tags/index.ts";
import { makeFeedSecret } from "./feed-secret.ts";

export const createFeedRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/feeds",
    async ({ request }) => {
      personOf(request);
      const body = await readInput(request, () => readBody(request, NewFeed));
      return answerOnce(deps, request, body, async (change) => answer(201, await createFeed(change, body)), {
        shownOnce:
          "This calendar was already created and its address is shown only once. Revoke it and create another one.",
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Create a calendar to subscribe to; its address is shown this once",
        description: "All tasks outside the trash, or those of one tag, as to-dos (VTODO) or as events (VEVENT).",
        tag: "Import and export",
        body: NewFeed,
        answers: { 201: CreatedFeed },
        errors: [409],
        headers: { "Idempotency-Key": "A repeat creates no second calendar and answers 409, for 24 h." },
      }),
    },
  );

/** The new feed with its address. @throws Problem 422 for a tag that is not there, 409 beyond the maximum. */
export async function createFeed(change: Change, { kind = "todo", tag }: NewFeed): Promise<CreatedFeed> {
  const { tx, userId, now } = change;
  const [count] = await tx<{ n: number }[]>`select count(*)::int4 as n from api.feeds where user_id = ${userId}`;
  if (count && count.n >= maxFeeds)
    throw new Problem("conflict", `There may be at most ${maxFeeds} calendars; revoke some first.`);
  const [found] = tag
    ? await tx<{ id: string; name: string }[]>`
        select id, name from api.tags where user_id = ${userId} and name_key = ${nameKeyOf(tag)}`
    : [];
  if (tag && !found) throw invalid({ pointer: "/tag", detail: "is no tag of yours" });
  const { secret, hash } = makeFeedSecret();
  const id = change.newId();
  await tx`
    insert into api.feeds (user_id, id, kind, tag_id, secret_hash, created_at)
    values (${userId}, ${id}, ${kind}, ${found?.id ?? null}, ${Buffer.from(hash)}, ${now})`;
  return { id, kind, tag: found?.name ?? null, created_at: now.toISOString(), path: `/calendar/${secret}.ics` };
}
