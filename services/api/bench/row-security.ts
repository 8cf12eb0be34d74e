/**
 * The cost of row-level security on `user_id`: the product's own reads and writes, without it as today
 * and behind a policy that each transaction opens with `set_config`, alternating on one PostgreSQL
 * that really writes: `bun services/api/bench/row-security.ts [rounds]`. Prints both and the
 * difference; ADR 19 holds the figures.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@carillon/host/postgres";
import { connect, migrate, migrationFolder, provision, roleOf, type Sql, type Tx } from "@carillon/kit/database";
import { change } from "../src/change/change.ts";
import { listTasks } from "../src/tasks/list-tasks.ts";
import { loadTask } from "../src/tasks/load-task.ts";
import { saveTask } from "../src/tasks/save-task.ts";
import { depsForTests } from "../src/testing/deps.ts";
import { seedTasks } from "./seed.ts";
import { print, quantile } from "./start.ts";

const rounds = Number(process.argv[2] ?? 6);
const [people, perUser, atOnce, perRound] = [40, 500, 16, 400];
const password = "bench";

const folder = mkdtempSync(join(tmpdir(), "carillon-bench-"));
const server = await startEmbeddedPostgres({ folder: join(folder, "cluster"), password, durable: true });
const admin = connect(server.urlOf("postgres"), { max: 2, name: "bench" });
await provision(admin, { owner: password, api: password });
const urlOf = (role: string): string => {
  const url = new URL(server.urlOf("postgres"));
  return Object.assign(url, { username: role, password }).href;
};
const owner = connect(urlOf(roleOf("owner")), { max: 1, name: "bench" });
await migrate(owner, { schema: "api", folder: migrationFolder("api") });
const users = Array.from({ length: people }, () => Bun.randomUUIDv7());
await seedTasks(admin, { users, perUser });

// The same tables for both: one role is bound by the policies, the other bypasses them.
for (const table of ["tasks", "tags", "reminders", "outbox", "tombstones"]) {
  await owner.unsafe(`
    alter table api.${table} enable row level security;
    create policy of_the_user on api.${table}
      using (user_id = (select nullif(current_setting('carillon.user_id', true), '')::uuid))`);
}
await admin.unsafe(`create role plain login bypassrls password '${password}' in role ${roleOf("api")}`);

const pools = {
  without: connect(urlOf("plain"), { max: 8, name: "api" }),
  with: connect(urlOf(roleOf("api")), { max: 8, name: "api" }),
};
type Way = keyof typeof pools;

const deps = await depsForTests({ sql: pools.without, settings: { appToken: "bench" } });

/** Runs `work` in a transaction that has declared whose rows it may see. */
const fenced = async <Result>(user: string, work: (tx: Tx) => Promise<Result>): Promise<Result> =>
  (await pools.with.begin(async (tx) => {
    await tx`select set_config('carillon.user_id', ${user}, true)`;
    return work(tx);
  })) as Result;

/** A read is one statement without the fence, and a transaction of its own with it. */
const reading = (read: (sql: Sql, user: string) => Promise<unknown>) => (way: Way, user: string) =>
  // Sound: a transaction answers statements as a pool does.
  way === "without" ? read(pools.without, user) : fenced(user, async (tx) => read(tx as unknown as Sql, user));

/** A change is a transaction anyway; the fence is one more statement in it. */
function writing(way: Way, user: string): Promise<unknown> {
  const begin = async (work: (tx: Tx) => Promise<unknown>) => fenced(user, work);
  // Sound: a change needs nothing of its pool but a transaction.
  const sql = way === "without" ? pools.without : (Object.assign(() => {}, { begin }) as unknown as Sql);
  return change({ ...deps, sql }, { userId: user, actor: "user" }, async (current) => {
    const state = await loadTask(current.tx, user, taskOf(user));
    await saveTask(current, state, { ...state, row: { ...state.row, title: crypto.randomUUID() } }, "task.updated");
  });
}

const ids = new Map<string, string[]>();
for (const user of users) {
  const rows = await admin<
    { id: string }[]
  >`select id from api.tasks where user_id = ${user} and deleted_at is null limit 50`;
  ids.set(
    user,
    rows.map(({ id }) => id),
  );
}
const pick = <Item>(from: readonly Item[]): Item => from[Math.floor(Math.random() * from.length)] as Item;
const taskOf = (user: string): string => pick(ids.get(user) ?? []);

const works: Record<string, (way: Way, user: string) => Promise<unknown>> = {
  "get a task": reading(async (sql, user) => loadTask(sql, user, taskOf(user))),
  "list 50 pending": reading(async (sql, user) => listTasks({ ...deps, sql }, { userId: user }, { completed: false })),
  search: reading(async (sql, user) => listTasks({ ...deps, sql }, { userId: user }, { search: "report" })),
  "change a task": writing,
};

/** Times of `perRound` requests, `atOnce` in parallel, in milliseconds; and requests per second. */
async function run(work: (way: Way, user: string) => Promise<unknown>, way: Way, times: number[]): Promise<number> {
  const startedAt = performance.now();
  let left = perRound;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        const askedAt = performance.now();
        await work(way, pick(users));
        times.push(performance.now() - askedAt);
      }
    }),
  );
  return (perRound * 1_000) / (performance.now() - startedAt);
}

print(
  `${people} people with ${perUser} tasks each, ${atOnce} requests at once, ${rounds} rounds of ${perRound} in turns`,
);
for (const [name, work] of Object.entries(works)) {
  const rates: Record<Way, number[]> = { without: [], with: [] };
  const times: Record<Way, number[]> = { without: [], with: [] };
  for (const way of ["without", "with"] as const) await run(work, way, []);
  for (let round = 0; round < rounds; round++) {
    const order: Way[] = round % 2 === 0 ? ["without", "with"] : ["with", "without"];
    for (const way of order) rates[way].push(await run(work, way, times[way]));
  }
  const rate = (way: Way): number => quantile(rates[way], 0.5);
  const shown = (way: Way): string =>
    `${way} ${rate(way).toFixed(0).padStart(5)}/s, p50 ${quantile(times[way], 0.5).toFixed(1)} ms, p95 ${quantile(times[way], 0.95).toFixed(1)} ms`;
  const cost = 100 * (1 - rate("with") / rate("without"));
  print(`${name.padEnd(16)} ${shown("without")}   ${shown("with")}   the fence costs ${cost.toFixed(0)} %`);
}

await Promise.all([admin, owner, pools.without, pools.with].map((sql) => sql.end({ timeout: 1 })));
await server.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
