/**
 * `STACK_DIR=… bun services/e2e/bench/reminders.dapr.bench.ts`: 500 reminders, due over one minute, as
 * jobs of the real scheduler: none early, none twice, and how late. Then the same again, with the
 * scheduler's data lost half-way. Exit 1 when a limit is missed.
 */
import { rmSync } from "node:fs";
import type { Task } from "@carillon/contracts/http/tasks";
import postgres from "postgres";
import { type Person, signUp } from "../src/client.ts";
import { startOwn } from "../src/dapr-product.ts";
import { createFigures, percentile } from "../src/figures.ts";
import { mailName, mailsOf, untilQuiet } from "../src/oracles.ts";

const reminders = Number(process.env.REMINDERS ?? 500);
const spreadMs = 60_000;
/** Time to write them all before the first is due. */
const leadMs = Number(process.env.LEAD_MS ?? 40_000);
const people = 10;

const figures = createFigures();
const product = await startOwn({});
const sql = postgres(product.databaseUrl(), { max: 2, onnotice: () => {} });
try {
  const owners: Person[] = [];
  while (owners.length < people) owners.push(await signUp(product.api, `bell-${owners.length}`));
  const calm = await ring(owners, async () => {});
  figures.say(`${reminders} reminders over ${spreadMs / 1_000} s: late, p50`, ms(percentile(calm, 0.5)));
  const p99 = percentile(calm, 0.99);
  figures.hold(`${reminders} reminders over ${spreadMs / 1_000} s: late, p99`, ms(p99), "< 500 ms", p99 < 500);

  const wiped = await ring(owners, loseEverything);
  const latest = Math.max(...wiped);
  figures.say("the same, the scheduler wiped half-way: late, p50", ms(percentile(wiped, 0.5)));
  figures.hold("the same, the scheduler wiped half-way: latest", ms(latest), "≤ 30 000 ms", latest <= 30_000);
} finally {
  await sql.end({ timeout: 2 });
  await product.dispose();
}
figures.finish();

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

/** Rings them all, and returns how late each was; `halfway` runs in the middle of the minute. */
async function ring(owners: readonly Person[], halfway: () => Promise<void>): Promise<number[]> {
  const firstAt = Date.now() + leadMs;
  const due = new Map<string, number>();
  const setAll = owners.map(async (owner, at) => {
    for (let number = at; number < reminders; number += people) {
      const reminder_at = new Date(firstAt + Math.floor((number * spreadMs) / reminders)).toISOString();
      const task: Task = await owner.createTask({ title: `Bell ${number}`, reminder_at });
      const [reminder] = task.reminders;
      if (reminder) due.set(mailName({ id: reminder.id, generation: 1 }), Date.parse(reminder_at));
    }
  });
  await Promise.all(setAll);
  const leftMs = firstAt - Date.now();
  figures.hold(`${reminders} reminders are set before the first is due`, `${ms(leftMs)} left`, "> 0 ms", leftMs > 0);
  await Bun.sleep(Math.max(0, firstAt + spreadMs / 2 - Date.now()));
  await halfway();
  await Bun.sleep(Math.max(0, firstAt + spreadMs - Date.now()));
  await untilQuiet(sql, 60_000);
  const mails = new Map(mailsOf(product.dataDir).map(({ name, atMs }) => [name, atMs]));
  const late = [...due].flatMap(([name, at]) => (mails.has(name) ? [(mails.get(name) ?? 0) - at] : []));
  const early = late.filter((one) => one < 0).length;
  figures.hold("  rung", `${late.length}`, `${reminders}`, late.length === reminders);
  figures.hold("  early", `${early}`, "0", early === 0);
  const [row] = await sql<{ again: number }[]>`
    select count(*)::int as again from (
      select 1 from notification.notification_log where status = 'sent' group by reminder_id, generation having count(*) > 1) twice`;
  figures.hold("  sent more than once", `${row?.again}`, "0", row?.again === 0);
  return late;
}

/** Like a lost volume: the scheduler comes back without any job. */
async function loseEverything(): Promise<void> {
  const { pid = 0, data = "" } = product.processes().scheduler ?? {};
  if (data === "") throw new Error("The scheduler's data folder is not known.");
  await product.killOne("scheduler");
  rmSync(data, { recursive: true });
  await product.untilBack("scheduler", pid);
}
