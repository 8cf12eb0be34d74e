import { Database } from "bun:sqlite";
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "../account/folders.ts";
import { Failure } from "../exit.ts";
import type { World } from "../world.ts";

/**
 * What this machine keeps between two commands: waiting changes, the last list, what can be taken back. One SQLite file, because it survives
 * a power cut and its locks end with the process that holds them.
 */
export type Store = {
  db: Database;
  /** False where the folder cannot be written: then nothing waits for the next command. */
  isLasting: boolean;
  /** Runs `work` while no other command of this user sends changes. @throws Failure "later" after half a minute. */
  alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
  close: () => void;
};

const schema = `
  create table if not exists writes (
    seq integer primary key autoincrement, account text not null, id text not null unique, state text not null,
    entry text not null, reason text);
  create table if not exists known (account text not null, id text not null, title text not null, seen integer not null,
    number integer, primary key (account, id));
  create table if not exists steps (seq integer primary key autoincrement, account text not null, step text not null);`;

const schemaVersion = 1;
const patienceMs = 30_000;

export function openStore(world: Pick<World, "env" | "home" | "err">): Store {
  const folder = stateFolder(world);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return opened(openPrivate(join(folder, "state.db")), () => openPrivate(join(folder, "sending.db")), true);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    world.err(`Nothing can be kept in ${folder} (${reason}): changes are sent now, or not at all.`);
    return opened(new Database(":memory:"), () => new Database(":memory:"), false);
  }
}

function opened(db: Database, openLock: () => Database, isLasting: boolean): Store {
  db.run(`pragma busy_timeout = ${patienceMs}`);
  const { user_version: found } = db.query<{ user_version: number }, []>("pragma user_version").get() ?? {
    user_version: 0,
  };
  if (found > schemaVersion) throw new Failure("failure", "A newer carillon keeps its changes here; use that one.");
  db.run(schema);
  db.run(`pragma user_version = ${schemaVersion}`);
  return {
    db,
    isLasting,
    async alone(work) {
      const lock = openLock();
      try {
        lock.run(`pragma busy_timeout = ${patienceMs}`);
        takeLock(lock);
        return await work();
      } finally {
        lock.close();
      }
    },
    close: () => db.close(),
  };
}

function takeLock(lock: Database): void {
  try {
    lock.run("begin exclusive");
  } catch {
    throw new Failure("later", "Another carillon has been sending changes for half a minute; try again.");
  }
}

function openPrivate(file: string): Database {
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  return new Database(file);
}
