import { type SyncPage, SyncPage as SyncPageSchema, SyncQuery } from "@carillon/contracts/http/sync";
import type { Tx } from "@carillon/kit/database";
import { answer, describe, readQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { type TagRow, toTag } from "../tags/index.ts";
import { maxPageBytes, selectTasks, stateOf, toTask } from "../tasks/index.ts";

export const syncRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/sync",
    async ({ request }) => {
      const { cursor } = readQuery(request, SyncQuery);
      return toResponse(answer(200, await syncChanges(deps, callerOf(request).userId, cursor)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Changes since the cursor; without one, everything",
        description:
          "Apply `tasks` and `tags`, remove `deleted`, keep `next_cursor`. A task in the trash counts as deleted until it is restored.",
        tag: "Sync",
        query: SyncQuery,
        answers: { 200: SyncPageSchema },
      }),
    },
  );

const changesAtOnce = 500;

/** Reads at most a page of each kind. */
const firstOnes = (tx: Tx) => tx`order by change_seq limit ${changesAtOnce + 1}`;

type Changed = { kind: "task" | "tag" | "gone_task" | "gone_tag"; id: string; seq: number; bytes: number };

/**
 * The user's changes after the cursor, oldest first, at most 500 and half a megabyte. The numbers were
 * handed out under the user's lock, so a visible number has no invisible one below it: nothing is
 * ever skipped.
 */
export async function syncChanges(
  { sql, seals }: ApiDeps,
  userId: string,
  cursor: string | undefined,
): Promise<SyncPage> {
  const scope = `sync ${userId}`;
  const after = cursor === undefined ? 0 : seals.openCursor<number>(scope, cursor);
  return sql.begin("isolation level repeatable read read only", async (tx) => {
    const changed = await tx<Changed[]>`
      select kind, id, seq::float8 as seq, bytes from (
        (select case when deleted_at is null then 'task' else 'gone_task' end as kind, id, change_seq as seq,
          case when deleted_at is null then 3000 + octet_length(title) + octet_length(description) else 100 end as bytes
          from api.tasks where user_id = ${userId} and change_seq > ${after} ${firstOnes(tx)})
        union all
        (select 'tag', id, change_seq, 700 from api.tags where user_id = ${userId} and change_seq > ${after} ${firstOnes(tx)})
        union all
        (select 'gone_' || type, id, change_seq, 100 from api.tombstones gone where user_id = ${userId} and change_seq > ${after}
          and not exists (select from api.tasks t where t.user_id = gone.user_id and t.id = gone.id)
          and not exists (select from api.tags g where g.user_id = gone.user_id and g.id = gone.id) ${firstOnes(tx)})
      ) changes
      order by seq, id limit ${changesAtOnce + 1}`;
    const page = pageOf(changed);
    const ids = (kind: Changed["kind"]) => page.filter((one) => one.kind === kind).map((one) => one.id);
    const taskIds = ids("task");
    const tagIds = ids("tag");
    const tasks =
      taskIds.length === 0
        ? []
        : await tx`${selectTasks(tx)} from api.tasks t where t.user_id = ${userId} and t.id = any(${taskIds}::uuid[]) order by t.change_seq`;
    const tags =
      tagIds.length === 0
        ? []
        : await tx<TagRow[]>`
      select id, name, color, version, created_at, updated_at from api.tags where user_id = ${userId} and id = any(${tagIds}::uuid[]) order by change_seq`;
    const gone = (type: "task" | "tag") => (after === 0 ? [] : ids(`gone_${type}`).map((id) => ({ type, id })));
    return {
      tasks: tasks.map((row) => toTask(stateOf(row))),
      tags: tags.map(toTag),
      deleted: [...gone("task"), ...gone("tag")],
      next_cursor: seals.sealCursor(scope, page.at(-1)?.seq ?? after),
      has_more: page.length < changed.length,
    };
  });
}

/**
 * The prefix of the changes that makes a page. Those of one number (none today, many tomorrow) are not
 * split: the page ends before the number it cannot finish, and a first number is finished whatever
 * its size.
 */
export function pageOf<One extends Pick<Changed, "seq" | "bytes">>(changed: readonly One[]): One[] {
  let bytes = 0;
  const past = changed.findIndex((one, at) => {
    const isPast = at >= changesAtOnce || bytes >= maxPageBytes;
    bytes += one.bytes;
    return isPast;
  });
  const over = changed[past];
  if (!over) return [...changed];
  const whole = changed.slice(0, past).filter((one) => one.seq < over.seq);
  return whole.length > 0 ? whole : changed.filter((one) => one.seq === over.seq);
}
