import type { Tx } from "@carillon/kit/database";
import type { ApiDeps } from "../deps.ts";
import { searchEdition, searchVector } from "../tasks/index.ts";

const maxTasks = 500;

/**
 * Makes what some tasks of an older release are found by as this one parts texts; answers whether none is left. No change of a task: nothing
 * is said, and the database asks for no event where only this is written. Safe beside other replicas: each takes other rows.
 */
export async function partAgain({ sql }: Pick<ApiDeps, "sql">): Promise<boolean> {
  return sql.begin(async (tx: Tx) => {
    const rows = await tx<{ user_id: string; id: string; title: string; description: string }[]>`
      select user_id, id, title, description from api.tasks
      where search_edition < 2 order by user_id, id limit ${maxTasks} for update skip locked`;
    const parted = rows.map(({ user_id, id, title, description }) => ({
      user_id,
      id,
      search: searchVector(title, description),
    }));
    await tx`
      update api.tasks t set search = parted.search::tsvector, search_edition = ${searchEdition}
      from jsonb_to_recordset(${tx.json(parted)}) parted (user_id uuid, id uuid, search text)
      where t.user_id = parted.user_id and t.id = parted.id`;
    return rows.length < maxTasks;
  });
}
