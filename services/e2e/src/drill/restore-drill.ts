import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NewTask, Task } from "@carillon/contracts/http/tasks";
import postgres from "postgres";
import { type Person, signUp } from "../client.ts";
import { brokenPromises, mailsOf, untilQuiet } from "../oracles.ts";
import { startProduct } from "../product.ts";
import { startArchived, startRestored } from "./archived-server.ts";

/** What the drill found. Times in milliseconds. */
export type DrillResult = {
  tasks: number;
  /** From the dropped database to a product that answers on the restored one. */
  restoreMs: number;
  /** Tasks that were confirmed before the instant and are not there. */
  lost: string[];
  /** Tasks made after the instant that are there all the same. */
  surplus: string[];
  broken: Record<string, object[]>;
  /** Mails of the reminder that was due only after the restore. */
  rings: number;
};

const people = 8;
/** More at once are refused to one person. */
const atOncePerPerson = 4;
/** Long enough that the old product is stopped before it. */
const bellInMs = 20_000;

/**
 * Writes `tasks` tasks, copies the database meanwhile, drops it, restores copy and log up to the instant before, starts the product on the
 * result and judges every promise that tables, histories and mails show.
 * @throws Error when any step does not end.
 */
export async function drillRestore(tasks: number, say: (line: string) => void): Promise<DrillResult> {
  const home = mkdtempSync(join(tmpdir(), "carillon-drill-"));
  const [archive, copy, dataDir] = ["archive", "copy", "data"].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  const first = await startArchived(join(home, "first"), archive);
  const open: (() => Promise<unknown>)[] = [() => first.stop()];
  try {
    const product = await startProduct({ env: { DATABASE_URL: first.urlOf("carillon"), DATA_DIR: dataDir } });
    open.unshift(() => product.dispose());
    const persons: Person[] = [];
    // One after the other: passwords are slow to hash on purpose.
    while (persons.length < people) persons.push(await signUp(product.api, `drill${persons.length}`));
    const [ada] = persons;
    if (!ada) throw new Error("No person could sign up.");
    const half = Math.floor(tasks / 2);
    await writeTasks(persons, half, "before the copy", say);
    // While the second half is written.
    const copying = first.copyTo(copy);
    const acknowledged = await writeTasks(persons, tasks - half, "after the copy", say);
    await copying;
    await ada.completeTask((await ada.createTask({ title: "Standup", ...daily() })).id);
    await atRest(first.urlOf("carillon"), tasks);
    const bell = await ada.createTask({ title: "Bell", reminder_at: new Date(Date.now() + bellInMs).toISOString() });
    acknowledged.push(bell.id);
    const until = await instantOf(first.urlOf("carillon"));
    const tooLate = await ada.createTask({ title: "After the instant" });
    await first.untilArchived();
    say("the database is dropped");
    await product.terminate();
    await drop(first.urlOf("postgres"));
    await first.stop();

    const startedAt = performance.now();
    const second = await startRestored(copy, archive, until);
    open.unshift(() => second.stop());
    const restored = await startProduct({ env: { DATABASE_URL: second.urlOf("carillon"), DATA_DIR: dataDir } });
    open.unshift(() => restored.dispose());
    const restoreMs = performance.now() - startedAt;
    say(`restored and answering after ${(restoreMs / 1_000).toFixed(1)} s`);
    const found = await judge({ url: second.urlOf("carillon"), dataDir, bell: bell.id, tasks });
    const ids = await taskIds(second.urlOf("carillon"));
    return {
      tasks,
      restoreMs,
      lost: acknowledged.filter((id) => !ids.has(id)),
      surplus: [tooLate.id].filter((id) => ids.has(id)),
      ...found,
    };
  } finally {
    for (const close of open) await close();
    rmSync(home, { recursive: true, force: true });
  }
}

const daily = () => ({ recurring_pattern: "daily", due_date: new Date(Date.now() + 3_600_000).toISOString() });

/** Ids of the tasks that were confirmed. */
async function writeTasks(
  persons: Person[],
  count: number,
  what: string,
  say: (line: string) => void,
): Promise<string[]> {
  const startedAt = performance.now();
  const ids: string[] = [];
  let asked = 0;
  const write = async (person: Person): Promise<void> => {
    while (asked < count) {
      asked += 1;
      ids.push(await createSurely(person, { title: `Drill ${asked}`, tags: ["drill"] }));
    }
  };
  await Promise.all(persons.flatMap((person) => Array.from({ length: atOncePerPerson }, () => write(person))));
  say(`${count} tasks ${what}, ${Math.round((count * 1_000) / (performance.now() - startedAt))} a second`);
  return ids;
}

const maxTries = 200;

/** The task's id. What is not answered, or with "later", is asked again with the same key: one task. */
async function createSurely(person: Person, task: NewTask): Promise<string> {
  const headers = { "idempotency-key": crypto.randomUUID() };
  for (let tried = 0; tried < maxTries; tried += 1) {
    const answer = await person.call("POST", "/api/tasks", task, headers);
    if (answer.ok) return ((await answer.json()) as Task).id;
    if (answer.status !== 503 && answer.status !== 429) throw new Error(`${answer.status} ${await answer.text()}`);
    await Bun.sleep(1_000 * Number(answer.headers.get("retry-after") ?? 1));
  }
  throw new Error("A task was refused again and again.");
}

type Restored = { url: string; dataDir: string; bell: string; tasks: number };

async function judge({ url, dataDir, bell, tasks }: Restored): Promise<Pick<DrillResult, "broken" | "rings">> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [reminder] = await sql<
      { id: string; at: Date }[]
    >`select id, remind_at as at from api.reminders where task_id = ${bell}`;
    if (!reminder) throw new Error("The bell is not there.");
    await Bun.sleep(Math.max(0, reminder.at.getTime() - Date.now()));
    await untilQuiet(sql, limitMs(tasks));
    const opsEnvironment = () => ({ DATA_DIR: dataDir, DATABASE_URL: url });
    // The copy's statistics are of half the tasks: laws that compare tables would take hours by them.
    await sql`analyze`;
    const broken = await brokenPromises({ sql, product: { dataDir, opsEnvironment } });
    return { broken, rings: mailsOf(dataDir).filter(({ name }) => name.includes(reminder.id)).length };
  } finally {
    await sql.end();
  }
}

/** A minute, and one more for each five thousand tasks. */
const limitMs = (tasks: number): number => 60_000 * (1 + Math.ceil(tasks / 5_000));

async function withSql<Result>(url: string, work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return work(sql).finally(() => sql.end());
}

const atRest = (url: string, tasks: number): Promise<void> => withSql(url, (sql) => untilQuiet(sql, limitMs(tasks)));

/** Now, by the database's clock, between two commits. */
const instantOf = (url: string): Promise<Date> =>
  withSql(url, async (sql) => {
    const [row] = await sql<{ now: Date }[]>`select clock_timestamp() as now`;
    return row?.now ?? new Date();
  });

const drop = (url: string): Promise<unknown> => withSql(url, (sql) => sql`drop database carillon with (force)`);

const taskIds = (url: string): Promise<Set<string>> =>
  withSql(url, async (sql) => new Set((await sql<{ id: string }[]>`select id from api.tasks`).map(({ id }) => id)));
