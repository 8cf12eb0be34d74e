/**
 * Prints the processor time that `GET /api/tasks/occurrences` costs the server for 90 days of 500 open series, from the request to its
 * last byte: `bun services/api/bench/occurrences.ts [requests]` (100). The limit is 50 ms. All series are daily, which gives the most dates.
 */
import { print, startBench } from "./start.ts";

const requests = Number(process.argv[2] ?? 100);
const [series, days] = [500, 90];

const bench = await startBench();
for (const anchor of ["due_date", "completion"]) {
  const person = await bench.signUp();
  for (let n = 0; n < series; n++) {
    const due_date = new Date(Date.UTC(2026, n % 12, 1 + (n % 28), n % 24, n % 60)).toISOString();
    const task = { title: `Series ${n}`, due_date, recurring_pattern: "daily", recurrence_anchor: anchor };
    await person.call("POST", "/api/tasks", task);
  }
  const from = new Date();
  const to = new Date(from.getTime() + days * 86_400_000);
  const path = `/api/tasks/occurrences?from=${from.toISOString()}&to=${to.toISOString()}&limit=500`;
  const times: number[] = [];
  for (let n = 0; n < requests; n++) {
    const start = process.cpuUsage();
    await person.call("GET", path);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1_000);
  }
  const [first = 0] = times;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => `${sorted[Math.ceil(share * sorted.length) - 1]?.toFixed(1)} ms`;
  print(`${series} series counted from the ${anchor}: first ${first.toFixed(1)} ms, p50 ${at(0.5)}, p95 ${at(0.95)}`);
}
await bench.stop();
