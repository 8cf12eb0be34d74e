import type { ApiDeps } from "../deps.ts";

/** Longer than the longest window of a budget, and than a mail is tried again. */
const grantHours = 50;
const maxRows = 20_000;

/** Deletes what no budget counts any more; returns how many rows. */
export async function forgetGrants({ sql, clock }: Pick<ApiDeps, "sql" | "clock">): Promise<number> {
  const gone = await sql`
    delete from api.mail_grants where (user_id, id, generation) in (
      select user_id, id, generation from api.mail_grants
      where granted_at <= ${clock.now()}::timestamptz - make_interval(hours => ${grantHours}) limit ${maxRows} for update skip locked)`;
  return gone.count;
}
