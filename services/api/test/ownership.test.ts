import { afterAll, beforeAll, expect, test } from "bun:test";
import { bothWorlds, type Matrix, type Outcome, openMatrix } from "./isolation/ask.ts";
import { type Case, cases } from "./isolation/cases.ts";
import { type Clause, createMutator, sources } from "./isolation/mutate.ts";

const mutator = createMutator();
let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix(mutator.wrap);
});
afterAll(() => matrix.api.close());

type Named = { name: string; one: Case; alone: Outcome };

/** Clauses that nobody could miss, by their file and how the statement begins, each with the reason. */
const equivalent: readonly [file: string, statement: RegExp, reason: string][] = [
  [
    "audit/known-history.ts",
    /^select history_events/,
    "read a second time, only to see whether something happened meanwhile",
  ],
  [
    "auth/change-password.ts",
    /^update api.users set password_hash/,
    "the hash beside it has a salt of its own: no other row has it",
  ],
  [
    "auth/sign-in.ts",
    /^select from api.users where id = \? and password_hash/,
    "the hash beside it has a salt of its own: no other row has it",
  ],
  [
    "auth/tokens/create-token.ts",
    /^select count/,
    "a bound on how many there are; the row itself is written with its owner",
  ],
  ["internal/changes.ts", /^select u.change_seq/, "only tells a client to read everything again"],
  [
    "reminders/end-reminders.ts",
    /in \(select task_id from api.reminders/,
    "the task is asked for by its owner, and comes with its reminder",
  ],
  ["tasks/occurrences/succession.ts", /^select from api.users/, "only asks whether the user is still there"],
  [
    "tasks/task-filter.ts",
    /^select id from api.tags/,
    "ids of another's tags stand on no task of one's own, and tasks are asked for by their owner",
  ],
];

/** What the case comes to beside another with the same ids is what it comes to alone, and leaves the other's rows as they were. */
async function isKept({ one, alone }: Named): Promise<boolean> {
  for (const world of one.worlds ?? bothWorlds) {
    const { before, after, ...beside } = await matrix.ask(one, world).catch(() => ({ ...alone, status: 0 }));
    const same = beside.status === alone.status && beside.answer === alone.answer && beside.own === alone.own;
    if (!same || before !== after) return false;
  }
  return true;
}

/** Files whose statements no request of a user reaches, each with what keeps them. */
const elsewhere: Record<string, string> = {
  "services/api/src/auth/admission/known-address.ts": "asked with the address a sign-in comes from",
  "services/api/src/tasks/purge-trash.ts": "housekeeping, of one user after the other: trash.test.ts",
};

/** Every condition that names an owner in the sources of api, and the text before and with it. */
const clausesOfSource = (): { file: string; before: string }[] =>
  sources().flatMap(([file, code]) =>
    [...code.matchAll(/\buser_id = (?=\$\{)|\buser_id = \w+\.(?:user_id|id)\b/g)].map(({ 0: clause, index }) => ({
      file,
      before: code.slice(Math.max(0, index - 2_000), index + clause.length),
    })),
  );

const isEquivalent = ({ file, statement }: Clause): boolean =>
  equivalent.some(([of, begins]) => file.endsWith(of) && begins.test(statement));

test("G18: the matrix goes red when any one statement forgets whose rows it is about", async () => {
  const reached = new Map<string, { clause: Clause; by: Named[] }>();
  mutator.seen();
  for (const [route, list] of Object.entries(cases)) {
    for (const [at, one] of list.entries()) {
      const named = { name: `${route} (${at + 1})`, one, alone: await matrix.ask(one, "alone") };
      for (const clause of mutator.seen()) {
        const known = reached.get(clause.key) ?? { clause, by: [] };
        known.by.push(named);
        reached.set(clause.key, known);
      }
    }
  }
  const pieces = [...reached.values()].map(({ clause }) => clause.piece);
  const unreached = clausesOfSource().filter(({ file, before }) => {
    return !(file in elsewhere) && !pieces.some((piece) => before.endsWith(piece));
  });
  expect(unreached.map(({ file, before }) => `${file}: …${before.slice(-80)}`)).toEqual([]);
  const survivors: string[] = [];
  let harmless = 0;
  for (const { clause, by } of reached.values()) {
    mutator.drop(clause.key);
    let killer: string | null = null;
    for (const named of by) {
      if (await isKept(named)) continue;
      killer = named.name;
      break;
    }
    mutator.drop(null);
    const name = `${clause.file}: ${clause.text} in ${clause.statement.slice(0, 160)}`;
    if (process.env.SHOW_CLAUSES) process.stdout.write(`${killer ?? "missed by nobody"}: ${name}\n`);
    if (killer === null && isEquivalent(clause)) harmless++;
    else if (killer === null) survivors.push(name);
  }
  const caught = reached.size - harmless - survivors.length;
  process.stdout.write(`${reached.size} clauses that name an owner: ${caught} caught, ${harmless} missed by nobody\n`);
  expect(survivors).toEqual([]);
}, 1_200_000);
