import type { Sql } from "@carillon/kit/database";

/**
 * Words of a realistic to-do list; each task draws a few, so that some are in every hundredth task and
 * some in every tenth.
 */
const words =
  "report invoice call mother dentist budget review draft plan meeting team garden bicycle passport tax rent gift birthday doctor school homework recipe flight hotel server backup release customer contract insurance kitchen window paint letter bank appointment prescription library concert ticket camera holiday".split(
    " ",
  );

/**
 * Puts `perUser` tasks into the account of each user, directly into the tables: a third completed, a
 * tenth without a date, one in fifty in the trash, five tags per user. Triggers are off meanwhile,
 * because there are no consumers. Needs a superuser's connection.
 */
export async function seedTasks(
  sql: Sql,
  { users, perUser }: { users: readonly string[]; perUser: number },
): Promise<void> {
  const session = await sql.reserve();
  try {
    await session`set statement_timeout = 0`;
    await session`set session_replication_role = replica`;
    await session`
      insert into api.users (id, email, email_key, password_hash, created_at, live_tasks, tag_count, change_seq)
      select id, id || '@example.com', id || '@example.com', 'none', now(), ${perUser}, 5, ${perUser + 5}
      from unnest(${[...users]}::uuid[]) id on conflict (id) do nothing`;
    await session`
      insert into api.tags (user_id, id, name, name_key, color, version, change_seq, created_at, updated_at)
      select id, gen_random_uuid(), 'tag' || n, 'tag' || n, '#2563eb', 1, n, now(), now()
      from unnest(${[...users]}::uuid[]) id, generate_series(1, 5) n`;
    for (const user of users) await seedUser(session, user, perUser);
  } finally {
    await session`reset session_replication_role`;
    // The seeded rows are counted and on disk before anything is measured.
    await session`vacuum analyze api.tasks`;
    await session`analyze api.tags`;
    await session`checkpoint`;
    await session`reset statement_timeout`;
    session.release();
  }
}

const seedUser = (session: Sql, user: string, count: number) => session`
  with tag as (select array_agg(id) as ids from api.tags where user_id = ${user}),
  drawn as (
    select n, (select string_agg((${words}::text[])[1 + floor(random() * random() * ${words.length})::int], ' ') from generate_series(1, 4) where n > 0) as title,
      (select string_agg((${words}::text[])[1 + floor(random() * ${words.length})::int], ' ') from generate_series(1, 20) where n > 0) as description
    from generate_series(1, ${count}) n
  )
  insert into api.tasks (user_id, id, title, description, priority, due_at, overdue_at, time_zone, tag_ids, completed_at, deleted_at,
    version, change_seq, created_at, updated_at, search_edition, search)
  select ${user}, gen_random_uuid(), title || ' ' || n, description, floor(random() * 4), due, due, 'Europe/Berlin',
    case when n % 3 = 0 then (select ids[1 + n % 5 : 1 + n % 5] from tag) else '{}' end,
    case when n % 100 <> 1 and due < now() then due end, case when n % 50 = 0 then now() end,
    1, n + 5, made, made, 1,
    setweight(to_tsvector('simple', title || ' ' || n), 'A') || setweight(to_tsvector('simple', description), 'B')
  from (select *, case when n % 10 <> 0 then now() + (random() - 0.5) * interval '400 days' end as due,
    now() - random() * interval '300 days' as made from drawn) made`;
