#!/usr/bin/env bun
import {
  dateAfterCompletion,
  occurrencesAfter,
  planSeries,
  previewSeries,
  type Series,
} from "@carillon/kit/recurrence/index";
import { anyDay, anyPattern, type Random, random } from "@carillon/kit/testing/rules";
import { instantOf, wallTimeOf } from "@carillon/kit/time/zone";

/**
 * Holds our recurrence engine against python-dateutil over made-up series: `bun compare/compare.ts [rules] [seed]` (default 2 500, 1).
 * Exit 0 when every date agrees, or when Python with python-dateutil is not at hand (said aloud); 1 when one differs. `PYTHON` names
 * another interpreter.
 */

const zones = [
  "UTC",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "America/Havana",
  "America/Nuuk",
  "Africa/Cairo",
  "Asia/Kolkata",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Pacific/Chatham",
  "Pacific/Apia",
  "Antarctica/Troll",
] as const;

type Question = {
  pattern: string;
  zone: string;
  allDay: boolean;
  /** Instants in seconds, as Python counts them. */
  start: number;
  after: number;
  completedAt: number;
  endsAt: number | null;
  skipped: number[];
};

type Answer =
  | { possible: false }
  | { possible: true; first: number[]; later: number[]; afterCompletion: number[]; fromCompletion: number[] };

const seconds = (at: Date): number => at.getTime() / 1_000;
const date = (value: number): Date => new Date(value * 1_000);

function anyQuestion(from: Random): Question {
  const zone = from.pick(zones);
  const startYear = from.chance(0.7) ? from.int(2_005, 2_040) : from.int(1_971, 2_190);
  const day = anyDay(from, startYear, startYear);
  const change = from.chance(0.5) ? nextClockChange(day, zone) : null;
  const allDay = from.chance(0.15);
  const timeMs = allDay
    ? 0
    : (change ?? { timeMs: from.int(0, 1_439) * 60_000 }).timeMs - (change ? from.int(0, 18) * 300_000 : 0);
  const start = seconds(
    instantOf({ day: change ? change.day - from.pick([1, 1, 2, 3, 7, 14, 28]) : day, timeMs }, zone),
  );
  const simple = [
    "daily",
    "weekly",
    "monthly",
    "yearly",
    "FREQ=DAILY;COUNT=40",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=WEEKLY",
  ];
  const pattern = from.chance(change ? 0.6 : 0.1) ? from.pick(simple) : anyPattern(from, startYear + 1);
  const later = () => start + from.int(0, from.chance(0.5) ? 90 : 9_000) * 86_400 + from.int(0, 86_399);
  const completedAt = change ? start + from.pick([1, 2, 3, 7, 14, 28]) * 86_400 + from.int(-7_200, 7_200) : later();
  const endsAt = from.chance(0.1) ? later() : null;
  return { pattern, zone, allDay, start, after: later(), completedAt, endsAt, skipped: [] };
}

/** Day and time at which the zone's clocks show something new, the next time after a day; null where they never will. */
function nextClockChange(day: number, zone: string): { day: number; timeMs: number } | null {
  const at = Temporal.Instant.fromEpochMilliseconds(day * 86_400_000).toZonedDateTimeISO(zone);
  const change = at.getTimeZoneTransition("next");
  if (change === null || change.year > 2_198) return null;
  return wallTimeOf(new Date(change.epochMilliseconds), zone);
}

function ours(question: Question): Answer {
  const { pattern, zone, allDay, completedAt } = question;
  const [dueAt, endsAt] = [date(question.start), question.endsAt === null ? null : date(question.endsAt)];
  const plan = planSeries({ pattern, dueAt, allDay, timeZone: zone, endsAt, now: dueAt });
  if (!plan.ok) return { possible: false };
  const series: Series = { ...plan.series, skipped: question.skipped.map(date) };
  const position = { series, occurrenceAt: dueAt, ordinal: 0 };
  const next = (anchor: "due_date" | "completion"): number[] => {
    const found = dateAfterCompletion({ ...position, anchor }, date(completedAt));
    return found.kind === "date" ? [seconds(found.at)] : [];
  };
  const dates = (after: Date, limit: number) => occurrencesAfter(series, after, limit).map(({ at }) => seconds(at));
  const first = dates(dueAt, 6);
  const preview = previewSeries({ pattern, dueAt, allDay, timeZone: zone, endsAt, anchor: "due_date", count: 6 });
  const previewed = preview.ok ? preview.occurrences.map((shown) => seconds(shown.dueAt)) : [];
  if (question.skipped.length === 0 && `${previewed}` !== `${first}`)
    throw new Error(`preview differs: ${JSON.stringify(question)}`);
  return {
    possible: true,
    first,
    later: dates(date(question.after), 3),
    afterCompletion: next("due_date"),
    fromCompletion: next("completion"),
  };
}

/** The questions with one date in five series taken out again, as skipping does. */
function withSkips(questions: Question[], from: Random): Question[] {
  return questions.map((question) => {
    const answer = ours(question);
    const second = answer.possible ? answer.first[1] : undefined;
    return second !== undefined && from.chance(0.2) ? { ...question, skipped: [second] } : question;
  });
}

async function askOracle(questions: Question[]): Promise<Answer[] | null> {
  const python = Bun.which(process.env.PYTHON ?? "python3");
  if (python === null || Bun.spawnSync([python, "-c", "import dateutil.rrule, zoneinfo"]).exitCode !== 0) return null;
  const input = new Blob([questions.map((question) => JSON.stringify(question)).join("\n")]);
  const oracle = Bun.spawn([python, `${import.meta.dir}/oracle.py`], {
    stdin: input,
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = (await new Response(oracle.stdout).text()).trim().split("\n");
  if ((await oracle.exited) !== 0) throw new Error("The oracle failed.");
  return lines.map((line): Answer => JSON.parse(line));
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function compare(rules: number, seed: number): Promise<number> {
  const from = random(seed);
  // An UNTIL or end before the start, or a start outside the product's years, is refused: no question about dates.
  const acceptable = (question: Question): boolean => {
    const until = /UNTIL=(\d{4})/.exec(question.pattern);
    const year = date(question.start).getUTCFullYear();
    return year >= 1970 && year < 2199 && (until === null || Number(until[1]) > year) && Number(until?.[1] ?? 0) < 2200;
  };
  const questions: Question[] = [];
  while (questions.length < rules) {
    const question = anyQuestion(from);
    if (acceptable(question)) questions.push(question);
  }
  const asked = withSkips(questions, from);
  const answers = await askOracle(asked);
  if (answers === null) {
    say("Comparison with python-dateutil did not run: it needs python3 with the package python-dateutil.");
    return 0;
  }
  const differing = asked.filter((question, index) => {
    const mine = ours(question);
    if (JSON.stringify(mine) === JSON.stringify(answers[index])) return false;
    say(`${JSON.stringify(question)}\n  ours   ${JSON.stringify(mine)}\n  oracle ${JSON.stringify(answers[index])}`);
    return true;
  });
  const possible = answers.filter((answer) => answer.possible).length;
  say(
    `${asked.length} series in ${zones.length} zones, ${possible} possible, seed ${seed}: ${differing.length} differ from python-dateutil.`,
  );
  return differing.length === 0 ? 0 : 1;
}

const [rules = "2500", seed = "1"] = process.argv.slice(2);
process.exitCode = await compare(Number(rules), Number(seed));
