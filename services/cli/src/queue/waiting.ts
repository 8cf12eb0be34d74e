import { Failure } from "../exit.ts";
import type { Store } from "../kept/store.ts";
import type { Write } from "./write.ts";

const maxWaiting = 500;
export const maxRefused = 100;

/** `refused`: the product will not do it as it is; a person decides. */
export type State = "waiting" | "refused";
export type Kept = { seq: number; state: State; write: Write; reason: string | null };

type Row = { seq: number; state: State; entry: string; reason: string | null };

/** Puts changes behind those that wait. @throws Failure "later" when as many wait as may. */
export function keepWrites({ db }: Store, account: string, writes: readonly Write[]): void {
  db.transaction(() => {
    if (countOf(db, account, "waiting") + writes.length > maxWaiting)
      throw new Failure("later", `${maxWaiting} changes wait for the product already; this one was not kept.`);
    for (const write of writes)
      db.run("insert into writes (account, id, state, entry) values (?, ?, 'waiting', ?)", [
        account,
        write.id,
        JSON.stringify(write),
      ]);
  }).immediate();
}

export const countOf = (db: Store["db"], account: string, state: State): number =>
  db
    .query<{ count: number }, [string, string]>("select count(*) as count from writes where account = ? and state = ?")
    .get(account, state)?.count ?? 0;

export const listKept = ({ db }: Store, account: string): Kept[] =>
  db
    .query<Row, [string]>("select seq, state, entry, reason from writes where account = ? order by state desc, seq")
    .all(account)
    .map(({ entry, ...row }) => ({ ...row, write: JSON.parse(entry) }));

export const nextWaiting = (store: Store, account: string): Kept | null => {
  const row = store.db
    .query<Row, [string]>(
      "select seq, state, entry, reason from writes where account = ? and state = 'waiting' order by seq limit 1",
    )
    .get(account);
  return row && { ...row, write: JSON.parse(row.entry) };
};

export function saveWrite({ db }: Store, seq: number, write: Write): void {
  db.run("update writes set entry = ? where seq = ?", [JSON.stringify(write), seq]);
}

export function refuseWrite({ db }: Store, seq: number, reason: string): void {
  db.run("update writes set state = 'refused', reason = ? where seq = ?", [reason, seq]);
}

export function forgetWrite({ db }: Store, seq: number): void {
  db.run("delete from writes where seq = ?", [seq]);
}

/** Behind all others again, under a new key: the product has an answer to the old one. */
export function retryWrite(store: Store, account: string, { seq, write }: Kept, id: string): void {
  store.db.transaction(() => {
    forgetWrite(store, seq);
    keepWrites(store, account, [{ ...write, id, sentAt: null, before: null }]);
  })();
}
