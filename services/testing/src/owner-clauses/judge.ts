import type { Clause, Mutator } from "./mutate.ts";

/** One piece of work that reaches a user's rows. */
export type Trial<Alone> = {
  name: string;
  /** Its result for a user alone in the tables. */
  alone(): Promise<Alone>;
  /** Whether the result is the same beside another user with the very same ids, whose rows stay as they were. */
  isKept(alone: Alone): Promise<boolean>;
};

export type Exceptions = {
  /**
   * Clauses whose removal changes nothing, by the end of their file and the start of the statement, each
   * with the reason.
   */
  equivalent?: readonly [file: string, statement: RegExp, reason: string][];
  /** Files whose statements no trial reaches, each with the reason. */
  elsewhere?: Record<string, string>;
};

export type Judged = {
  /** Clauses of the sources that no trial reached. */
  unreached: string[];
  /** Clauses without which every trial had the same result. */
  survivors: string[];
  caught: number;
  equivalent: number;
};

/**
 * Runs every trial once, then removes each clause that was seen, one at a time, until a trial that
 * reached it fails.
 */
export async function judgeClauses<Alone>(
  mutator: Mutator,
  trials: readonly Trial<Alone>[],
  { equivalent = [], elsewhere = {} }: Exceptions = {},
): Promise<Judged> {
  const reached = await reach(mutator, trials);
  const pieces = [...reached.values()].map(({ clause }) => clause.piece);
  const unreached = mutator
    .written()
    .filter(({ file, before }) => !(file in elsewhere) && !pieces.some((piece) => before.endsWith(piece)))
    .map(({ file, before }) => `${file}: …${before.slice(-80)}`);
  const isEquivalent = ({ file, statement }: Clause): boolean =>
    equivalent.some(([of, begins]) => file.endsWith(of) && begins.test(statement));
  const survivors: string[] = [];
  let harmless = 0;
  for (const { clause, by } of reached.values()) {
    mutator.drop(clause.key);
    const killer = await firstThatNotices(by);
    mutator.drop(null);
    const name = `${clause.file}: ${clause.text} in ${clause.statement.slice(0, 160)}`;
    if (process.env.SHOW_CLAUSES) process.stdout.write(`${killer ?? "noticed by no trial"}: ${name}\n`);
    if (killer === null && isEquivalent(clause)) harmless++;
    else if (killer === null) survivors.push(name);
  }
  const caught = reached.size - harmless - survivors.length;
  process.stdout.write(`${reached.size} clauses that name an owner: ${caught} caught, ${harmless} equivalent\n`);
  return { unreached, survivors, caught, equivalent: harmless };
}

type Tried<Alone> = { trial: Trial<Alone>; alone: Alone };
type Reached<Alone> = Map<string, { clause: Clause; by: Tried<Alone>[] }>;

async function reach<Alone>(mutator: Mutator, trials: readonly Trial<Alone>[]): Promise<Reached<Alone>> {
  const reached: Reached<Alone> = new Map();
  mutator.seen();
  for (const trial of trials) {
    const tried = { trial, alone: await trial.alone() };
    for (const clause of mutator.seen()) {
      const known = reached.get(clause.key) ?? { clause, by: [] };
      known.by.push(tried);
      reached.set(clause.key, known);
    }
  }
  return reached;
}

async function firstThatNotices<Alone>(tried: readonly Tried<Alone>[]): Promise<string | null> {
  for (const { trial, alone } of tried) if (!(await trial.isKept(alone))) return trial.name;
  return null;
}
