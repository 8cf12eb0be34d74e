/**
 * Prints how long chat answers without a model, on a PostgreSQL that really writes to disk: `bun services/api/bench/chat.ts [tasks]` (1 000
 * of the user's own). One sentence of each kind in turn. The bar is 100 ms at the 95th percentile.
 */
import { seedTasks } from "./seed.ts";
import { print, quantile, startBench } from "./start.ts";

const perUser = Number(process.argv[2] ?? 1_000);
const [rounds, barMs] = [40, 100];
const sentences = [
  "Create a daily task: Team standup at 9 AM",
  "Move it to Monday",
  "Remind me to submit report by Friday 5 PM, remind me 1 day before",
  "Complete it",
  "What is overdue?",
  "What is due tomorrow?",
  "Find standup",
  "Erinnere mich morgen um 8 an die Wäsche",
  "Undo",
  "I like turtles",
];

const bench = await startBench();
const person = await bench.signUp();
await seedTasks(bench.sql, { users: [person.userId], perUser });

const times = new Map<string, number[]>(sentences.map((sentence) => [sentence, []]));
for (let round = -2; round < rounds; round++) {
  let conversation_id: string | undefined;
  for (const message of sentences) {
    const startedAt = performance.now();
    const answer = await person.call<{ conversation_id: string }>("POST", "/api/chat", { message, conversation_id });
    if (round >= 0) times.get(message)?.push(performance.now() - startedAt);
    conversation_id = answer.conversation_id;
  }
}
const show = (all: readonly number[]): string =>
  `p50 ${quantile(all, 0.5).toFixed(1)}, p95 ${quantile(all, 0.95).toFixed(1)}, max ${quantile(all, 1).toFixed(1)} ms`;
for (const [sentence, all] of times) print(`${show(all)}  ${sentence}`);
const all = [...times.values()].flat();
print(`${show(all)}  all ${all.length} answers beside ${perUser} tasks; the bar is ${barMs} ms at p95`);
await bench.stop();
process.exit(quantile(all, 0.95) < barMs ? 0 : 1);
