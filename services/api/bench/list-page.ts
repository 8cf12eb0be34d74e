/**
 * Prints the processor time that a page of 50 tasks costs the server and the database, beside the plain
 * select of the same rows' columns on the same connections, in turn: `bun services/api/bench/list-page.ts
 * [tasks per user]` (1 000; Linux, reads /proc). Compare the ratios: the microseconds are the machine's.
 */
import { readdirSync, readFileSync } from "node:fs";
import { seedTasks } from "./seed.ts";
import { type Person, print, startBench } from "./start.ts";

const perUser = Number(process.argv[2] ?? 1_000);
const [users, rounds, pagesAtOnce, pagesPerRound] = [10, 4, 4, 400];

const bench = await startBench();
const people: Person[] = [];
for (let n = 0; n < users; n++) people.push(await bench.signUp());
await seedTasks(bench.sql, { users: people.map(({ userId }) => userId), perUser });

const [backend] = await bench.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
const postmaster = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${backend?.pid}/status`, "utf8"))?.[1]);

/** Microseconds that all processes of the database have used so far. */
function databaseTime(): number {
  const ticks = readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(fields[1]) === postmaster ? Number(fields[11]) + Number(fields[12]) : 0;
    } catch {
      return [];
    }
  });
  return ticks.reduce((sum, one) => sum + one, 0) * 10_000;
}

const queries = ["priority=high", "tag=tag1", "priority=low&tag=tag2", "status=pending"];
const page = async (person: Person, n: number): Promise<unknown> =>
  person.call("GET", `/api/tasks?limit=50&${queries[n % queries.length]}`);
const plain = async ({ userId }: Person): Promise<unknown> => bench.sql`
  select id, title, description, priority, due_at, time_zone, all_day, tag_ids, completed_at, version, created_at, updated_at
  from api.tasks t where user_id = ${userId} and deleted_at is null
  order by coalesce(due_at, 'infinity'::timestamptz), id limit 51`;

type Cost = { server: number; database: number };

/** Mean cost of one page in microseconds. */
async function costOf(ask: (person: Person, n: number) => Promise<unknown>): Promise<Cost> {
  let asked = 0;
  const [before, database] = [process.cpuUsage(), databaseTime()];
  const reader = async (): Promise<void> => {
    for (let n = asked++; n < pagesPerRound; n = asked++) await ask(people[n % users] as Person, n);
  };
  await Promise.all(Array.from({ length: pagesAtOnce }, reader));
  const { user, system } = process.cpuUsage(before);
  return { server: (user + system) / pagesPerRound, database: (databaseTime() - database) / pagesPerRound };
}

const show = ({ server, database }: Cost): string =>
  `server ${server.toFixed(0)} µs, database ${database.toFixed(0)} µs`;
await costOf(page);
await costOf(plain);
for (let round = 1; round <= rounds; round++) {
  const [mine, bare] = [await costOf(page), await costOf(plain)];
  const ratio = (mine.server + mine.database) / (bare.server + bare.database);
  print(`${round}. page: ${show(mine)}; plain select: ${show(bare)}; ratio ${ratio.toFixed(2)}`);
}
await bench.stop();
