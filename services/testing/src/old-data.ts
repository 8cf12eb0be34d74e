import { migrate, migrationFolder, schemas } from "@carillon/kit/database";
import type { Sql } from "postgres";
import { testDatabase } from "./database.ts";

/** What an account of an older release holds. Every id is new. */
export type OldAccount = { userId: string; email: string; levelAt: number };

type Row = Record<string, unknown>;

/** The number of the migration since which a release writes so. */
const since = { succession: 3, snoozeMark: 5, zoneSeats: 11, search: 15 } as const;

const zone = "America/Vancouver";
const madeAt = "2026-03-01T08:00:00.000Z";

export const oldPassword = "correct horse battery";

/**
 * Puts an account with tasks of every kind into `api`'s tables as the release wrote it whose newest migration had the number
 * `level`. `found`: how today's release finds a text, for levels that have its columns. No event is written: an event is kept for a week.
 */
export async function insertOldAccount(
  sql: Sql,
  { level, passwordHash, found }: { level: number; passwordHash: string; found?: (title: string, text: string) => Row },
): Promise<OldAccount> {
  const email = `level-${level}@example.com`;
  const userId = Bun.randomUUIDv7();
  const tags = tagsOf(level);
  const tasks = tasksOf(level, tags);
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    const put = (table: string, row: Row) => insert(tx as unknown as Sql, table, row);
    await put("users", {
      ...{ id: userId, email, email_key: email, name: "Ada", password_hash: passwordHash, time_zone: zone },
      ...{ notify_by_email: true, change_seq: 20, tag_count: tags.length, created_at: madeAt, history_events: 0 },
      ...{
        live_tasks: tasks.filter(({ deleted_at }) => deleted_at === null).length,
        days_zone: zone,
        zone_release: "2026f",
      },
    });
    for (const tag of tags) await put("tags", { user_id: userId, ...tag });
    for (const { reminder, ...task } of tasks) {
      const { title, description } = task as { title: string; description: string };
      const [old] = await tx`
        select (setweight(to_tsvector('simple', ${title}), 'A') || setweight(to_tsvector('simple', ${description}), 'B'))::text search`;
      const words = { search: old?.search, ...(level >= since.search ? found?.(title, description) : {}) };
      await put("tasks", { user_id: userId, ...task, ...words });
      if (reminder) await put("reminders", { user_id: userId, task_id: task.id, ...(reminder as Row) });
    }
  });
  return { userId, email, levelAt: level };
}

/** The columns that the table has at this level, others are of another time. */
async function insert(sql: Sql, table: string, row: Row): Promise<void> {
  const there = await sql<{ name: string }[]>`
    select column_name as name from information_schema.columns where table_schema = 'api' and table_name = ${table}`;
  const columns = there.map(({ name }) => name).filter((name) => name in row);
  await sql`
    insert into ${sql(`api.${table}`)} (${sql(columns)})
    select ${sql(columns)} from jsonb_populate_record(null::${sql(`api.${table}`)}, ${sql.json(row as never)})`;
}

type OldTag = { id: string; name: string; name_key: string } & Row;

/** Once a name with a blank at its end was another name. */
function tagsOf(level: number): OldTag[] {
  const names = level < since.search ? ["Home", "Home ", "Two  words"] : ["Home", "Two words"];
  return names.map((name, at) => ({
    ...{ id: Bun.randomUUIDv7(), name, name_key: name.toLowerCase(), color: "#336699", version: 1, change_seq: 1 + at },
    ...{ created_at: madeAt, updated_at: madeAt },
  }));
}

function tasksOf(level: number, tags: readonly OldTag[]): Row[] {
  const isByOldRules = level < since.zoneSeats;
  let seq = 4;
  const task = (title: string, more: Row = {}): Row => ({
    ...{ id: Bun.randomUUIDv7(), title, description: "", priority: 1, due_at: null, time_zone: zone, all_day: false },
    ...{ tag_ids: [], recurrence_anchor: "due_date", excluded_dates: [], version: 1, change_seq: seq++ },
    ...{ created_at: madeAt, updated_at: madeAt, completed_at: null, deleted_at: null, overdue_at: null, seatings: 0 },
    ...more,
  });
  // Until 2026a Vancouver had a winter time, and a whole day the zone it was made in.
  const nine = isByOldRules ? "2026-12-02T17:00:00.000Z" : "2026-12-02T16:00:00.000Z";
  const eight = isByOldRules ? "2026-12-02T16:00:00.000Z" : "2026-12-02T15:00:00.000Z";
  const second = isByOldRules ? "2026-12-02T08:00:00.000Z" : "2026-12-02T07:00:00.000Z";
  const third = isByOldRules ? "2026-12-03T08:00:00.000Z" : "2026-12-03T07:00:00.000Z";
  const away = isByOldRules
    ? { due_at: "2026-12-23T23:00:00.000Z", overdue_at: "2026-12-24T23:00:00.000Z", time_zone: "Europe/Berlin" }
    : { due_at: "2026-12-24T07:00:00.000Z", overdue_at: "2026-12-25T07:00:00.000Z" };
  const series = Bun.randomUUIDv7();
  return [
    task("Café: call mother/father", { description: "Weiße Straße 5", tag_ids: tags.map(({ id }) => id) }),
    task("Whole day", {
      all_day: true,
      due_at: second,
      overdue_at: third,
      tag_ids: tags.filter(({ name_key }) => name_key === "home").map(({ id }) => id),
    }),
    task("Day elsewhere", { all_day: true, ...away }),
    task("Every day at nine", {
      ...{ id: series, due_at: nine, overdue_at: nine, recurring_pattern: "daily", rrule: "FREQ=DAILY" },
      ...{ rrule_text: "every day", series_id: series, series_start: nine, occurrence_at: nine },
      reminder: {
        ...{ id: Bun.randomUUIDv7(), position: 0, before: "1h", remind_at: eight, state: "pending", reason: null },
        ...{ generation: 1, change_seq: 8, is_snooze: false },
      },
    }),
    task("Done long ago", { completed_at: madeAt, version: 2 }),
    task("In the trash", { deleted_at: madeAt, version: 2 }),
  ];
}

/** A database as the first release made it, with an account in it. */
export async function oldestDatabase() {
  const database = await testDatabase({ migrations: [] });
  const owner = database.connectAs("owner");
  for (const schema of schemas) await migrate(owner, { schema, folder: migrationFolder(schema) }, 1);
  await owner.end();
  const passwordHash = await Bun.password.hash(oldPassword, { algorithm: "argon2id", memoryCost: 64, timeCost: 1 });
  return { database, account: await insertOldAccount(database.sql, { level: 0, passwordHash }) };
}

/** What a running product shows of that account: its open tasks by title, once the dates have their new instants. */
export async function shownOf(api: string, { email }: OldAccount): Promise<[title: string, due: string | null][]> {
  const body = JSON.stringify({ email, password: oldPassword });
  const signIn = { method: "POST", headers: { "content-type": "application/json" }, body };
  const { access_token } = (await (await fetch(`${api}/api/signin`, signIn)).json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  const list = await fetch(`${api}/api/tasks?status=pending&sort=title`, { headers });
  const { data } = (await list.json()) as { data: { title: string; due_date: string | null }[] };
  return data.map(({ title, due_date }) => [title, due_date]);
}

/** What today's release should show of it. */
export const shouldShow: [title: string, due: string | null][] = [
  ["Café: call mother/father", null],
  ["Day elsewhere", "2026-12-24T07:00:00.000Z"],
  ["Every day at nine", "2026-12-02T16:00:00.000Z"],
  ["Whole day", "2026-12-02T07:00:00.000Z"],
];
