import type { Task, TaskPage } from "@carillon/contracts/http/tasks";
import { Failure, UsageError } from "../exit.ts";
import type { Client } from "../http/client.ts";
import type { Store } from "./store.ts";

type Known = { id: string; title: string };

/** Tasks that this machine has seen are known by a part of their id. */
const maxKnown = 2_000;
/** Pages of open tasks that are searched for an id that was not seen here. */
const maxPages = 20;

/** Notes the tasks of a list, which are then known by their number too. */
export function noteList({ db }: Store, account: string, tasks: readonly Task[]): void {
  db.transaction(() => {
    db.run("update known set number = null where account = ?", [account]);
    noteAll(db, account, tasks, 1);
  })();
}

/** Notes a task outside of any list. */
export function noteTask({ db }: Store, account: string, task: Task): void {
  db.transaction(() => noteAll(db, account, [task], null))();
}

function noteAll(db: Store["db"], account: string, tasks: readonly Task[], firstNumber: number | null): void {
  const { last } = db
    .query<{ last: number | null }, [string]>("select max(seen) as last from known where account = ?")
    .get(account) ?? { last: null };
  const insert = db.query(
    `insert into known (account, id, title, seen, number) values (?, ?, ?, ?, ?)
     on conflict (account, id) do update set title = excluded.title, seen = excluded.seen, number = coalesce(excluded.number, number)`,
  );
  for (const [at, { id, title }] of tasks.entries())
    insert.run(account, id, title, (last ?? 0) + 1 + at, firstNumber === null ? null : firstNumber + at);
  db.run("delete from known where account = ? and seen <= (select max(seen) from known where account = ?) - ?", [
    account,
    account,
    maxKnown,
  ]);
}

/** The title under which the task was last seen here. */
export const titleOf = ({ db }: Store, account: string, id: string): string | null =>
  db.query<Known, [string, string]>("select id, title from known where account = ? and id = ?").get(account, id)
    ?.title ?? null;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const plain = (id: string): string => id.replaceAll("-", "");

/**
 * The id that a word of the command line stands for: a number of the last list, a whole id, or its beginning or end. A task that was never
 * seen here is searched among the open ones.
 * @throws Failure "notFound", UsageError when it is no reference or fits several tasks.
 */
export async function findTask(client: Client, store: Store, word: string): Promise<string> {
  const { key: account } = client.account;
  if (/^\d{1,3}$/.test(word) || /^1000$/.test(word)) {
    const row = store.db
      .query<Known, [string, number]>("select id, title from known where account = ? and number = ?")
      .get(account, Number(word));
    if (row) return row.id;
    if (word.length < 4) throw new Failure("notFound", `The last list has no number ${word}; carillon list shows it.`);
  }
  const part = word.toLowerCase();
  if (uuid.test(part)) return part;
  if (!/^[0-9a-f-]{4,36}$/.test(part) || plain(part).length < 4)
    throw new UsageError(`"${word}" is no task: give a number of the last list, or 4 characters or more of its id.`);
  const known = store.db.query<Known, [string]>("select id, title from known where account = ?").all(account);
  const id = only(part, known) ?? only(part, await openTasks(client));
  if (id) return id;
  throw new Failure("notFound", `No task is known whose id begins or ends with "${word}"; carillon list shows them.`);
}

function only(part: string, tasks: readonly Known[]): string | null {
  const wanted = plain(part);
  const fits = tasks.filter(({ id }) => plain(id).startsWith(wanted) || plain(id).endsWith(wanted));
  if (fits.length > 1) throw new UsageError(`"${part}" fits ${fits.length} tasks; give more of the id.`);
  return fits[0]?.id ?? null;
}

async function openTasks(client: Client): Promise<Known[]> {
  const found: Known[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const query = { status: "pending", sort: "-updated_at", limit: 100, cursor };
    const { data, next_cursor }: TaskPage = await client.json<TaskPage>("/api/tasks", { query });
    found.push(...data.map(({ id, title }) => ({ id, title })));
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  return found;
}

/** As much of the end of an id as tells it from the others: its beginning is the time, which tasks made together share. */
export function shortIds(ids: readonly string[]): Map<string, string> {
  for (let length = 6; length < 32; length++) {
    const short = new Map(ids.map((id) => [id, plain(id).slice(-length)]));
    if (new Set(short.values()).size === new Set(ids).size) return short;
  }
  return new Map(ids.map((id) => [id, id]));
}
