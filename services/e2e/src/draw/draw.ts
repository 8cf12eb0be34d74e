import type { Random } from "../crawl/random.ts";
import { mailsOf } from "../oracles.ts";
import { callerFaults } from "./caller-faults.ts";
import { clockFaults } from "./clock-faults.ts";
import { daprFaults } from "./dapr-faults.ts";
import { serverFaults, wayFaults } from "./database-faults.ts";
import { processFaults } from "./process-faults.ts";
import { holdingsOf } from "./processes-of.ts";
import { rowFaults } from "./row-faults.ts";
import { statementFaults } from "./statement-faults.ts";
import { type Broken, judge } from "./verdict.ts";
import type { Fault, Need, World } from "./world.ts";

export type DrawOptions = {
  minutes: number;
  /** Between the beginnings of two faults; one that takes longer delays the next. */
  everyMs: number;
  /** Words of the faults' names; empty: all. */
  only: readonly string[];
  say: (line: string) => void;
};

export const allFaults: readonly Fault[] = [
  ...wayFaults,
  ...serverFaults,
  ...statementFaults,
  ...rowFaults,
  ...callerFaults,
  ...processFaults,
  ...clockFaults,
  ...daprFaults,
];

/** In the last part of a draw nothing ends the product's process, so that what it does not give back is seen. */
const unendedShare = 0.25;
/** What a pod of the product may hold is 384 MB (G25). */
const maxMegabytes = 350;
/** Pools and the sockets that clients keep alive. */
const maxMoreDescriptors = 80;

const isRoot = process.getuid?.() === 0;

function has(need: Need, { database }: World): boolean {
  if (need === "own disk") return database.hasOwnDisk;
  return isRoot && Bun.which(need) !== null;
}

/** Draws faults until the time is over; what was seen that must not be, each in a sentence. */
export async function draw(world: World, options: DrawOptions): Promise<string[]> {
  const { say, everyMs } = options;
  const [startedAt, lengthMs] = [Date.now(), options.minutes * 60_000];
  const before = holdingsOf(world.product.pid());
  const watched = watchHoldings(world);
  const outages: Broken[] = [];
  const deck = deckOf(world, options.only);
  while (Date.now() - startedAt < lengthMs) {
    const isLate = Date.now() - startedAt > lengthMs * (1 - unendedShare);
    const fault = deck((one) => !(isLate && one.endsProduct));
    const from = Date.now();
    await fault
      .run(world)
      .catch((error: unknown) => void world.objections.push(`${fault.name} went wrong: ${Bun.inspect(error)}`));
    outages.push({ what: fault.name, harm: fault.harm, from, healed: Date.now() });
    const mails = mailsOf(world.product.dataDir).length;
    const at = `${((from - startedAt) / 1_000).toFixed(0).padStart(5)} s`;
    say(
      `${at}  ${fault.name} (${((Date.now() - from) / 1_000).toFixed(1)} s); ${world.load.confirmed.created.size} tasks, ${mails} mails`,
    );
    await Bun.sleep(Math.max(0, from + everyMs - Date.now()));
  }
  await world.load.stop();
  await untilAllIsDue(world);
  const highest = watched.stop();
  const amiss = await judge(world, outages);
  const after = holdingsOf(world.product.pid());
  say(`the product holds ${told(before)} before, ${told(after)} after, at most ${highest.toFixed(0)} MB`);
  return [...amiss, ...holdingsAmiss(before, after, world.dapr ? 0 : highest)];
}

/** What is still to ring rings before anything is judged. */
async function untilAllIsDue({ withTables }: World): Promise<void> {
  const [row] = await withTables(
    (sql) => sql<{ ms: number | null }[]>`
    select extract(epoch from max(remind_at) - clock_timestamp())::float8 * 1000 as ms from api.reminders where state = 'pending'`,
  );
  await Bun.sleep(Math.max(0, row?.ms ?? 0) + 1_000);
}

/** Every fault once in a random order, then every one again. */
function deckOf(world: World, only: readonly string[]): (fits: (fault: Fault) => boolean) => Fault {
  const { random, dapr } = world;
  const mode = dapr ? "dapr" : "embedded";
  const all = allFaults.filter(
    ({ name, on = mode }) => on === mode && (only.length === 0 || only.some((word) => name.includes(word))),
  );
  const possible = all.filter(({ needs }) => needs === undefined || has(needs, world));
  let left: Fault[] = [];
  return (fits) => {
    if (!left.some(fits)) left = shuffled(possible, random);
    const at = left.findIndex(fits);
    const [fault] = left.splice(at, 1);
    if (at === -1 || !fault) throw new Error("There is no fault of these names.");
    return fault;
  };
}

const shuffled = (faults: readonly Fault[], random: Random): Fault[] =>
  faults
    .map((fault) => ({ fault, order: random.below(2 ** 30) }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ fault }) => fault);

function watchHoldings(world: World): { stop(): number } {
  let highest = 0;
  const timer = setInterval(() => {
    highest = Math.max(highest, holdingsOf(world.product.pid())?.megabytes ?? 0);
  }, 500);
  return {
    stop() {
      clearInterval(timer);
      return highest;
    },
  };
}

type Holdings = ReturnType<typeof holdingsOf>;

const told = (holdings: Holdings): string =>
  holdings ? `${holdings.megabytes.toFixed(0)} MB and ${holdings.descriptors} descriptors` : "nothing";

function holdingsAmiss(before: Holdings, after: Holdings, highest: number): string[] {
  if (!before || !after) return ["the product is not there"];
  return [
    ...(highest > maxMegabytes ? [`G25: the product held ${highest.toFixed(0)} MB`] : []),
    ...(after.descriptors > before.descriptors + maxMoreDescriptors
      ? [`G25: ${after.descriptors} descriptors are open, ${before.descriptors} at the beginning`]
      : []),
  ];
}
