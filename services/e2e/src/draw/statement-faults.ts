import type { Sql } from "postgres";
import type { Fault, World } from "./world.ts";

const few = (world: World): number => 2_000 + world.random.below(4_000);

/** What statements do to the product's statements: locks, cancellations, refusals. */
const byStatements = (name: string, work: (sql: Sql, world: World) => Promise<unknown>): Fault => ({
  name,
  harm: "503",
  run: (world) => world.withTables(async (sql) => void (await work(sql, world))),
});

/** Repeats until `ms` have passed; a failure of one time is what is asked for. */
async function again(ms: number, pauseMs: number, work: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    await work().catch(() => {});
    await Bun.sleep(pauseMs);
  }
}

const holding = (sql: Sql, ms: number, lock: (tx: Sql) => PromiseLike<unknown>) =>
  sql.begin(async (tx) => {
    // Sound: a transaction takes the same statements.
    await lock(tx as unknown as Sql);
    await Bun.sleep(ms);
  });

const tables = ["api.tasks", "api.users", "api.outbox", "api.reminders", "audit.entries", "notification.deliveries"];

/** Each statement that writes to these tables fails with that SQLSTATE. */
async function failingWith(sql: Sql, code: string, message: string, ms: number): Promise<void> {
  await sql.unsafe(`create or replace function public.fail_now() returns trigger language plpgsql as
    $$ begin raise exception '${message}' using errcode = '${code}'; end $$`);
  const names = ["api.users", "audit.entries", "notification.deliveries"];
  try {
    for (const name of names)
      await sql.unsafe(
        `create trigger fail_now before insert or update on ${name} for each statement execute function public.fail_now()`,
      );
    await Bun.sleep(ms);
  } finally {
    for (const name of names) await sql.unsafe(`drop trigger if exists fail_now on ${name}`);
  }
}

const codes: [string, string][] = [
  ["53100", "could not extend file: No space left on device"],
  ["53200", "out of memory"],
  ["40P01", "deadlock detected"],
  ["40001", "could not serialize access due to concurrent update"],
  ["57014", "canceling statement due to user request"],
  ["58030", "could not read block: Input/output error"],
  ["42501", "could not open file: Read-only file system"],
];

/** Takes a task before its owner, while the product takes an owner before their task. */
async function deadlock(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    const [task] = await tx<{ id: string; user_id: string }[]>`
      select id, user_id from api.tasks where completed_at is null and deleted_at is null order by created_at desc limit 1 for update`;
    await Bun.sleep(100);
    if (task) await tx`select 1 from api.users where id = ${task.user_id} for update`;
    await Bun.sleep(50);
  });
}

export const statementFaults: Fault[] = [
  byStatements(
    "every backend of the product ended",
    (sql) =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'carillon' and pid <> pg_backend_pid()`,
  ),
  byStatements("statements cancelled again and again", (sql, world) =>
    again(few(world), 50, () =>
      sql`select pg_cancel_backend(pid) from pg_stat_activity where datname = 'carillon' and state = 'active' and pid <> pg_backend_pid()`.execute(),
    ),
  ),
  byStatements("the database read-only", async (sql, world) => {
    await sql`alter database carillon set default_transaction_read_only = on`;
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'carillon' and pid <> pg_backend_pid()`;
    await Bun.sleep(few(world));
    await sql.unsafe("set default_transaction_read_only = off");
    await sql`alter database carillon reset default_transaction_read_only`;
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'carillon' and pid <> pg_backend_pid()`;
  }),
  byStatements("no connection left", async (sql, world) => {
    await sql`alter database carillon connection limit 1`;
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'carillon' and pid <> pg_backend_pid()`;
    await Bun.sleep(few(world));
    await sql`alter database carillon connection limit -1`;
  }),
  byStatements("a table locked", (sql, world) =>
    holding(sql, few(world), (tx) => tx.unsafe(`lock table ${world.random.pick(tables)} in access exclusive mode`)),
  ),
  byStatements("every account locked", (sql, world) =>
    holding(sql, few(world), (tx) => tx`select 1 from api.users for update`),
  ),
  byStatements("every plan of a reminder locked", (sql, world) =>
    holding(sql, few(world), (tx) => tx`select 1 from notification.deliveries where status = 'pending' for update`),
  ),
  byStatements("deadlocks", (sql, world) => again(few(world), 20, () => deadlock(sql))),
  byStatements("a failure by its code", (sql, world) => {
    const [code, message] = world.random.pick(codes);
    return failingWith(sql, code, message, few(world));
  }),
  byStatements("tables rewritten", async (sql) => {
    // One that loses against the product's own statements has disturbed them, too.
    for (const work of ["vacuum full api.outbox", "vacuum full notification.deliveries", "reindex table api.tasks"])
      await sql.unsafe(work).catch(() => {});
  }),
];
