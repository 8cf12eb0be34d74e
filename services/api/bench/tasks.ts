/**
 * Prints requests per second and latency of creating, getting, listing and completing tasks by 100
 * users in parallel, each with 200 tasks, through the door of `api` on a PostgreSQL that really
 * writes: `bun services/api/bench/tasks.ts [people] [rounds]`.
 */
import { seedTasks } from "./seed.ts";
import { type Person, print, quantile, startBench } from "./start.ts";

const people = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 20);
const tasksBefore = 200;

const bench = await startBench();
const persons: Person[] = [];
// In sequence: more than a few at once would be rejected.
while (persons.length < people) persons.push(await bench.signUp());
await seedTasks(bench.sql, { users: persons.map((person) => person.userId), perUser: tasksBefore });

/** All users in parallel, `rounds` times in a row each. */
async function measure(name: string, act: (person: Person, round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    persons.map(async (person) => {
      for (let round = 0; round < rounds; round++) {
        const askedAt = performance.now();
        await act(person, round);
        times.push(performance.now() - askedAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(0).padStart(5));
  print(
    `${name.padEnd(24)} ${(times.length / seconds).toFixed(0).padStart(6)} req/s   p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms`,
  );
}

const made = new Map<Person, string[]>(persons.map((person) => [person, []]));
const idOf = (person: Person, round: number): string => made.get(person)?.[round] ?? "";
const body = {
  title: "Submit the quarterly report",
  description: "All numbers, twice checked.",
  priority: "high",
  due_date: "2199-01-01T09:00:00Z",
  tags: ["tag1", "tag2"],
  reminders: [{ before: "1d" }],
};

for (const person of persons) await person.call("GET", "/api/tasks?limit=1");
print(`${people} people at once, ${tasksBefore} tasks each, ${rounds} requests each; the bar is p95 < 500 ms`);
await measure("create", async (person) => {
  const { id } = await person.call<{ id: string }>("POST", "/api/tasks", body);
  made.get(person)?.push(id);
});
await measure("get", (person, round) => person.call("GET", `/api/tasks/${idOf(person, round)}`));
await measure("list (pending, 50)", (person) => person.call("GET", "/api/tasks?completed=false"));
await measure("search (50)", (person) => person.call("GET", "/api/tasks?search=report"));
await measure("update", (person, round) =>
  person.call("PATCH", `/api/tasks/${idOf(person, round)}`, { title: "Sent" }),
);
await measure("complete", (person, round) => person.call("PATCH", `/api/tasks/${idOf(person, round)}/complete`));
await bench.stop();
process.exit(0);
