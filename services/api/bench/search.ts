/**
 * Prints how long the lists and searches of one user with 100 000 tasks take among other users' tasks,
 * first page and following ones, and which indexes PostgreSQL chose: `bun
 * services/api/bench/search.ts [tasks in total]` (1 000 000; takes some minutes).
 *
 * Measured on two busy cores with the embedded server's 32 MB of buffers, 1 000 000 tasks, p50:
 * sorts and filters 5–20 ms, a tag on every fifteenth task 134 ms; a rare word 4 ms, a word that 60
 * % of the tasks contain 434 ms by relevance and 175 ms by due date.
 */
import postgres from "postgres";
import { seedTasks } from "./seed.ts";
import { print, quantile, startBench } from "./start.ts";

const total = Number(process.argv[2] ?? 1_000_000);
const perUser = Math.min(100_000, total);
const times = 7;

/** Plans as PostgreSQL logs them while it works (auto_explain). */
const plans: string[] = [];
const explaining = {
  session_preload_libraries: "auto_explain",
  "auto_explain.log_min_duration": "0",
  client_min_messages: "log",
  timezone: "UTC",
};
const bench = await startBench((url) =>
  postgres(url, { max: 1, connection: explaining, onnotice: ({ message }) => plans.push(message ?? "") }),
);
const person = await bench.signUp();
const others = Array.from({ length: Math.ceil(total / perUser) - 1 }, () => crypto.randomUUID());
const seededAt = performance.now();
await seedTasks(bench.sql, { users: [person.userId, ...others], perUser });
print(
  `${total} tasks, ${perUser} of them this person's; seeded in ${((performance.now() - seededAt) / 1_000).toFixed(0)} s`,
);
print(`${"".padEnd(66)} first page p50/p95   next p50/p95   indexes`);

type Page = { data: unknown[]; next_cursor: string | null };

async function timed(path: string): Promise<{ page: Page; ms: number }> {
  const askedAt = performance.now();
  return { page: await person.call<Page>("GET", path), ms: performance.now() - askedAt };
}

/** The indexes of the list's own plan, the last logged one that sorts or limits tasks. */
function indexesUsed(): string {
  const plan = plans.findLast((one) => one.includes("sort_value")) ?? "";
  const names = [...plan.matchAll(/(?:using|Index Scan on) (tasks_\w+)/g)].flatMap(([, name]) => name ?? []);
  return [...new Set(names)].join(", ") || (plan.includes("Seq Scan on tasks") ? "none" : "-");
}

const both = (values: readonly number[]): string =>
  values.length === 0 ? "-" : `${quantile(values, 0.5).toFixed(0)}/${quantile(values, 0.95).toFixed(0)} ms`;

async function measure(query: string): Promise<void> {
  const first: number[] = [];
  const next: number[] = [];
  for (let n = 0; n < times; n++) {
    const { page, ms } = await timed(`/api/tasks?${query}`);
    first.push(ms);
    if (page.next_cursor !== null) next.push((await timed(`/api/tasks?${query}&cursor=${page.next_cursor}`)).ms);
  }
  print(
    `${decodeURIComponent(query).padEnd(66)} ${both(first).padStart(20)} ${both(next).padStart(14)}   ${indexesUsed()}`,
  );
}

for (const key of ["due_date", "priority", "created_at", "updated_at", "title"]) {
  for (const sort of [key, `-${key}`]) await measure(`sort=${sort}`);
}
for (const query of [
  "completed=false",
  "completed=false&sort=-priority",
  "overdue=true",
  "recurring=true",
  "deleted=true",
  "tag=tag1",
  "tag=unused",
  "due_after=2026-11-01T00:00:00Z&due_before=2026-12-01T00:00:00Z&sort=due_date",
  "priority=urgent,high&sort=-due_date",
  "search=report",
  "search=r",
  "search=99999",
  "search=concert%20holiday",
  "search=%22report%20invoice%22",
  "search=report%20-invoice%20or%20camera",
  "search=report&sort=due_date",
  "search=99999&sort=due_date",
  "search=nothing-like-it&sort=-created_at",
])
  await measure(query);

/** Reads everything, page by page or at once; prints how long that took. */
async function whole(name: string, read: () => Promise<unknown>): Promise<void> {
  const askedAt = performance.now();
  await read();
  print(`${name}: ${((performance.now() - askedAt) / 1_000).toFixed(1)} s`);
}
type SyncPage = { next_cursor: string; has_more: boolean };
await whole(`sync of ${perUser} tasks, 500 at once`, async () => {
  for (let page: SyncPage = { next_cursor: "", has_more: true }; page.has_more; ) {
    page = await person.call<SyncPage>("GET", `/api/sync${page.next_cursor && `?cursor=${page.next_cursor}`}`);
  }
});
await whole(`export of ${perUser} tasks`, () => person.call("GET", "/api/tasks/export"));
await bench.stop();
process.exit(0);
