import type { Store } from "./store.ts";

/** What this machine did last, and undo takes back: one version of a task, or a batch. */
export type Step = OfTask | OfBatch;
/** A version of null: the one that went into the trash. */
export type OfTask = { say: string; task: string; version: number | null };
type OfBatch = { say: string; batch: string };

const maxSteps = 50;

export function noteStep({ db }: Store, account: string, step: Step): void {
  db.run("insert into steps (account, step) values (?, ?)", [account, JSON.stringify(step)]);
  db.run(
    "delete from steps where account = ? and seq not in (select seq from steps where account = ? order by seq desc limit ?)",
    [account, account, maxSteps],
  );
}

export function lastStep({ db }: Store, account: string): { seq: number; step: Step } | null {
  const row = db
    .query<{ seq: number; step: string }, [string]>(
      "select seq, step from steps where account = ? order by seq desc limit 1",
    )
    .get(account);
  return row && { seq: row.seq, step: JSON.parse(row.step) };
}

export function forgetStep({ db }: Store, seq: number): void {
  db.run("delete from steps where seq = ?", [seq]);
}
