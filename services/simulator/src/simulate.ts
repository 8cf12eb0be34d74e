import { judge } from "./judge.ts";
import { type Person, signUpPeople, Unexpected } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { backgroundSteps, pickStep, type Step } from "./steps.ts";
import { openWorld, type World } from "./world.ts";

export type Outcome = {
  steps: number;
  crashes: number;
  mails: number;
  /** Law → what breaks it; empty when everything held. */
  broken: Record<string, unknown>;
};

const stepsBetweenJudgements = 150;
/** Processes follow the database's clock; an answer that took a second leaves them wrong by half of it. */
const maxClockErrorMs = 500;
const maxDrainRounds = 80;
const maxRepeats = 60;

export type Length = {
  /** Of real time. */
  seconds: number;
  /** Another end, which does not depend on how busy the machine is. */
  steps?: number;
};

/** Lets people and processes act until that long has passed or a law is broken. */
export async function simulate({
  seed,
  seconds,
  steps = Number.POSITIVE_INFINITY,
}: Length & { seed: number }): Promise<Outcome> {
  const random = createRandom(seed);
  const world = await openWorld(random);
  let isQuiet = true;
  const background = backgroundSteps(world, () => isQuiet);
  const outcome: Outcome = { steps: 0, crashes: 0, mails: 0, broken: {} };
  const until = performance.now() + seconds * 1_000;
  try {
    const people = await signUpPeople(world, random, 3);
    while (performance.now() < until && outcome.steps < steps && Object.keys(outcome.broken).length === 0) {
      isQuiet = false;
      world.mailer.isQuiet = false;
      for (let step = 0; step < stepsBetweenJudgements; step++)
        await disturb(world, random, people, background, outcome);
      isQuiet = true;
      world.mailer.isQuiet = true;
      await drain(world, background);
      outcome.broken = await judge(world);
    }
  } catch (error) {
    outcome.broken = { "nothing fails that was not made to": String(error instanceof Error ? error.stack : error) };
  } finally {
    outcome.mails = world.mailer.sent.size;
    await world.close();
  }
  return outcome;
}

/** One or two steps at once, perhaps with a process that ends in them, then some time. */
async function disturb(
  world: World,
  random: Random,
  people: readonly Person[],
  background: readonly Step[],
  outcome: Outcome,
): Promise<void> {
  const count = random.chance(0.3) ? 2 : 1;
  const acts = Array.from({ length: count }, () =>
    random.chance(0.35) ? async () => random.pick(people).act() : async () => pickStep(background, random.below).run(),
  );
  const mayFail = random.chance(0.25);
  if (mayFail) world.faults.arm();
  const ends = await Promise.allSettled(acts.map((act) => act()));
  const hasFailed = world.faults.disarm();
  outcome.steps += count;
  if (hasFailed) outcome.crashes += 1;
  const failure = ends.find((end) => end.status === "rejected");
  if (failure && !hasFailed && isOurFault(failure.reason)) throw failure.reason;
  await moveTime(world, random);
}

/** A broker or a provider that is away makes steps fail; what they say then is expected. */
const isOurFault = (error: unknown): boolean =>
  error instanceof Unexpected || error instanceof TypeError || error instanceof RangeError;

async function moveTime({ time, skews }: World, random: Random): Promise<void> {
  if (random.chance(0.4)) await time.advance(random.between(1, 30_000));
  if (!random.chance(0.02)) return;
  const skew = (): number => random.between(-maxClockErrorMs, maxClockErrorMs);
  skews.api = skew();
  for (const at of skews.notification.keys()) skews.notification[at] = skew();
}

/** Runs everything without faults, and lets leases and pauses pass, until nothing is left to do. */
async function drain(world: World, background: readonly Step[]): Promise<void> {
  world.skews.api = 0;
  for (const at of world.skews.notification.keys()) world.skews.notification[at] = 0;
  for (let round = 0; round < maxDrainRounds; round++) {
    for (const step of background) await exhaust(step);
    if (await isAtRest(world)) return;
    await world.time.advance(round % 10 === 9 ? 61_000 : 700);
  }
}

/** Deliveries and the relay are done again as long as they find something; the rest is done once. */
async function exhaust(step: Step): Promise<void> {
  for (let times = 0; times < maxRepeats; times++) {
    const found = await step.run();
    if (found !== true || !(step.name.startsWith("deliver") || step.name === "relay")) return;
  }
}

async function isAtRest({ sql, time }: World): Promise<boolean> {
  const now = time.now().toISOString();
  const [row] = await sql<{ open: number }[]>`
    select ((select count(*) from api.outbox where published_at is null)
      + (select count(*) from notification.deliveries where report_at is not null)
      + (select count(*) from notification.deliveries where status = 'pending' and remind_at <= ${now}::text::timestamptz)
      + (select count(*) from api.reminders where state = 'pending' and remind_at <= ${now}::text::timestamptz)
      + (select count(*) from api.tasks where succession = 'open' and completed_at is not null and rrule is not null
          and deleted_at is null)
      + (select count(*) from api.outbox o where type <> 'session.revoked' and not exists (
          select from audit.entries e where e.user_id = o.user_id and e.id = o.event_id)))::int as open`;
  return row?.open === 0;
}
