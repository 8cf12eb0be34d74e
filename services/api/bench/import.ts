/**
 * Prints how long an import, an export and an undo of many tasks with every field take, and the memory of the
 * process: `bun services/api/bench/import.ts [tasks]` (10 000).
 *
 * Measured on two cores under a load of 20, 10 000 tasks of 6.9 MiB: dry run 3.5 s, import 25 s, the same again 3.1 s, export 4.7 s, undo 18 s, at
 * most 390 MiB with the benchmark itself.
 */
import type { Imported } from "@carillon/contracts/http/transfer";
import { print, startBench } from "./start.ts";

const count = Number(process.argv[2] ?? 10_000);
const bench = await startBench();
const person = await bench.signUp();
const now = Date.now();
const iso = (days: number): string => new Date(now + days * 86_400_000).toISOString();

function taskOf(n: number) {
  const id = Bun.randomUUIDv7();
  const due = iso((n % 900) - 300);
  const isSeries = n % 5 === 0;
  const isDone = n % 3 === 0;
  const reminder = {
    id: Bun.randomUUIDv7(),
    before: "1h",
    remind_at: due,
    state: "pending",
    reason: null,
    sent_at: null,
    is_snooze: false,
  };
  return {
    id,
    user_id: Bun.randomUUIDv7(),
    title: `Task ${n} with a name of usual length`,
    description: n % 4 === 0 ? `A description of task ${n}. `.repeat(8) : "",
    completed_at: isDone ? iso(-1) : null,
    priority: ["low", "medium", "high", "urgent"][n % 4],
    due_date: due,
    time_zone: "UTC",
    all_day: false,
    tags: [{ name: `tag ${n % 60}` }, { name: `list ${n % 7}` }],
    recurring_pattern: isSeries ? "FREQ=WEEKLY" : null,
    recurrence: isSeries ? { rrule: "FREQ=WEEKLY", text: "every week", anchor: "due_date", ends_at: null } : null,
    parent_task_id: null,
    series_id: isSeries ? id : null,
    reminders: n % 2 === 0 ? [reminder] : [],
    created_at: iso(-400),
    updated_at: iso(-2),
    deleted_at: n % 50 === 0 ? iso(-1) : null,
    series: isSeries ? { start: due, occurrence_at: due, excluded_dates: [], ordinal: null, succession: null } : null,
  };
}

const file = {
  format: "carillon",
  version: 1,
  exported_at: iso(0),
  tags: [],
  tasks: Array.from({ length: count }, (_, n) => taskOf(n)),
};
print(`${count} tasks, ${(JSON.stringify(file).length / 1_048_576).toFixed(1)} MiB`);

async function timed<Answer>(what: string, work: () => Promise<Answer>): Promise<Answer> {
  const startedAt = performance.now();
  const answer = await work();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  print(`${what.padEnd(28)} ${seconds.padStart(6)} s   ${(process.memoryUsage.rss() / 1_048_576).toFixed(0)} MiB`);
  return answer;
}

await timed("dry run", () => person.call("POST", "/api/tasks/import?dry_run=true", file));
const { batch_id } = await timed("import", () => person.call<Imported>("POST", "/api/tasks/import", file));
await timed("the same again", () => person.call("POST", "/api/tasks/import", file));
await timed("export", () => person.call("GET", "/api/tasks/export"));
await timed("undo", () => person.call("POST", `/api/batches/${batch_id}/undo`));
await bench.stop();
