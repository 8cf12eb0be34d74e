import { tokenEnd } from "../../../auth/index.ts";
import type { ApiDeps } from "../../../deps.ts";
import type { Changed } from "./subscriber.ts";

type Credential = { userId: string; credentialId: string };
export type Latest = { user_id: string; credential_id: string; latest: number; is_valid: boolean };

/** The newest change number of these users, and whether the credentials are still valid: the session or access token is there and not over. */
export async function latestChanges(
  { sql, clock }: Pick<ApiDeps, "sql" | "clock">,
  credentials: readonly Credential[],
): Promise<readonly Latest[]> {
  if (credentials.length === 0) return [];
  const now = clock.now();
  return sql<Latest[]>`
    select w.user_id, w.credential_id, coalesce(u.change_seq, 0)::float8 as latest,
      exists (select from api.sessions s where s.user_id = w.user_id and s.id = w.credential_id and s.expires_at > ${now})
      or exists (select from api.tokens where user_id = w.user_id and id = w.credential_id and ${tokenEnd(sql)} > ${now})
        as is_valid
    from (select distinct * from unnest(
      ${credentials.map(({ userId }) => userId)}::uuid[],
      ${credentials.map(({ credentialId }) => credentialId)}::uuid[]
    ) as given (user_id, credential_id)) w
    left join api.users u on u.id = w.user_id`;
}

/** A user, and the last change that is known. */
export type Change = { user_id: string; after: number };

/** With more changes than this at once, everything counts as changed. */
const maxChanges = 100;

/** What changed for each of these users since then; null: more than `maxChanges`. */
export async function changesSince(
  { sql }: Pick<ApiDeps, "sql">,
  users: readonly Change[],
): Promise<ReadonlyMap<string, readonly Changed[] | null>> {
  const found = new Map<string, Changed[]>();
  if (users.length === 0) return found;
  const rows = await sql<(Changed & { user_id: string })[]>`
    select w.user_id, o.type, o.task_id
    from unnest(${users.map(({ user_id }) => user_id)}::uuid[], ${users.map(({ after }) => after)}::bigint[])
      as w (user_id, after)
    cross join lateral (
      select type, task_id from api.outbox where user_id = w.user_id and change_seq > w.after
      order by change_seq limit ${maxChanges + 1}
    ) o`;
  for (const { user_id, type, task_id } of rows) {
    const before = found.get(user_id);
    if (before) before.push({ type, task_id });
    else found.set(user_id, [{ type, task_id }]);
  }
  return new Map([...found].map(([userId, changes]) => [userId, changes.length > maxChanges ? null : changes]));
}
