import type { Harness } from "./harness.ts";

/** Does one after the other and makes everything they said one batch, as a conversation's turns are. Gives its id. */
export async function asOneBatch(
  sql: Harness["sql"],
  userId: string,
  acts: readonly (() => Promise<unknown>)[],
): Promise<string> {
  const [last] = await sql<{ seq: string }[]>`
    select coalesce(max(change_seq), 0)::text as seq from api.outbox where user_id = ${userId}`;
  for (const act of acts) await act();
  const batchId = crypto.randomUUID();
  await sql`
    update api.outbox set batch_id = ${batchId}
    where user_id = ${userId} and change_seq > ${last?.seq ?? "0"}::bigint and batch_id is null`;
  return batchId;
}
