#!/usr/bin/env bun
import { occurrencesAfter, planSeries, previewSeries, type SeriesPlan } from "@carillon/calendar/recurrence";
import { anyDay, anyPattern, type Random, random } from "@carillon/calendar/testing";
import { currentZones, instantOf, nextClockChange, wallTimeOf, zoneRelease } from "@carillon/calendar/zone";
import type { Completion } from "@carillon/contracts/http/occurrences";
import { nextOccurrence } from "../src/next-occurrence.ts";
import { pythonWithDateutil } from "./python.ts";

/**
 * Compares our dates with python-dateutil's over generated series: `bun compare/compare.ts [rules]
 * [seed]` (default 5 000, 1): those of the engine, the preview and successive completions. Exits
 * with 0 when all dates agree or when Python with python-dateutil is not available (reported), with
 * 1 when one differs. `PYTHON` names another interpreter.
 */

/** Zones with unusual rules. */
const oddZones = [
  "UTC",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "America/Havana",
  "America/Vancouver",
  "America/Winnipeg",
  "Africa/Casablanca",
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

/** Sorted, so that a seed always produces the same questions. */
const allZones = currentZones().names().sort();

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
  | {
      possible: true;
      first: number[];
      later: number[];
      /** The successor of a task completed at `completedAt`, for either anchor. */
      afterCompletion: number[];
      fromCompletion: number[];
      /** The tasks that result from completing each on its own date, counted from there. */
      completions: number[];
    };

const seconds = (at: Date): number => at.getTime() / 1_000;
const date = (value: number): Date => new Date(value * 1_000);

function anyQuestion(from: Random): Question {
  const zone = from.pick(from.chance(0.5) ? oddZones : allZones);
  const startYear = from.chance(0.7) ? from.int(2_005, 2_040) : from.int(1_971, 2_190);
  const day = anyDay(from, startYear, startYear);
  const change = from.chance(0.5) ? shownAtChange(day, zone) : null;
  const allDay = from.chance(0.15);
  const anyTimeMs = from.int(0, 1_439) * 60_000;
  // The clocks skip times after the earlier reading and repeat times after the later one.
  const timeMs = allDay ? 0 : change ? change.timeMs + from.int(-18, 18) * 300_000 : anyTimeMs;
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

/** Local day and time of the zone's next clock change after a day; null when there is none. */
function shownAtChange(day: number, zone: string): { day: number; timeMs: number } | null {
  const change = nextClockChange(new Date(day * 86_400_000), zone);
  if (change === null || change.getUTCFullYear() > 2_198) return null;
  return wallTimeOf(change, zone);
}

function ours(question: Question): Answer {
  const { pattern, zone, allDay, completedAt } = question;
  const [dueAt, endsAt] = [date(question.start), question.endsAt === null ? null : date(question.endsAt)];
  const plan = planSeries({ pattern, dueAt, allDay, timeZone: zone, endsAt, now: dueAt });
  if (!plan.ok) return { possible: false };
  const series = { ...plan.series, skipped: question.skipped.map(date) };
  const dates = (after: Date, limit: number) => occurrencesAfter(series, after, limit).map(({ at }) => seconds(at));
  const first = dates(dueAt, 6);
  const task = (anchor: Anchor) => firstTask(question, plan, anchor);
  const made = successors(task("due_date"), 6);
  if (`${made}` !== `${first}`)
    throw new Error(`the created tasks differ: ${JSON.stringify(question)} ${made} | ${first}`);
  const preview = previewSeries({ pattern, dueAt, allDay, timeZone: zone, endsAt, anchor: "due_date", count: 6 });
  const previewed = preview.ok ? preview.occurrences.map((shown) => seconds(shown.dueAt)) : [];
  if (question.skipped.length === 0 && `${previewed}` !== `${first}`)
    throw new Error(`preview differs: ${JSON.stringify(question)}`);
  return {
    possible: true,
    first,
    later: dates(date(question.after), 3),
    afterCompletion: successors(task("due_date"), 1, date(completedAt)),
    // As many remaining dates as possible: COUNT has its own question below.
    fromCompletion: successors({ ...task("completion"), ordinal: 0 }, 1, date(completedAt)),
    completions: successors(task("completion"), 4),
  };
}

type Anchor = "due_date" | "completion";
type Standing = { task: Completion["task"]; series: Completion["series"]; ordinal: number };

/** The series' first task as the event of its completion carries it. */
function firstTask({ pattern, zone, allDay, endsAt, skipped }: Question, plan: SeriesPlan, anchor: Anchor): Standing {
  const { rrule, text, dueAt, firstOrdinal } = plan;
  const due = dueAt.toISOString();
  const ends_at = endsAt === null ? null : date(endsAt).toISOString();
  return {
    task: {
      id: "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77",
      user_id: "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b00",
      version: 2,
      completed_at: due,
      time_zone: zone,
      all_day: allDay,
      recurring_pattern: pattern,
      recurrence: { rrule, text, anchor, ends_at },
    },
    series: { start: due, occurrence_at: due, excluded_dates: skipped.map((at) => date(at).toISOString()) },
    ordinal: firstOrdinal,
  };
}

/** Due dates of the tasks that result from successive completions, each on its own date or all at one instant. */
function successors({ task, series, ordinal }: Standing, most: number, completedAt?: Date): number[] {
  const found: number[] = [];
  let standing = { ...series, ordinal };
  while (found.length < most) {
    const completed_at = completedAt?.toISOString() ?? standing.occurrence_at;
    const next = nextOccurrence({ task: { ...task, completed_at }, series: standing });
    if (next.kind === "unreadable") throw new Error(next.reason);
    if (next.kind === "ended") break;
    found.push(seconds(next.dueAt));
    standing = { ...standing, occurrence_at: next.dueAt.toISOString(), ordinal: next.ordinal ?? ordinal };
  }
  return found;
}

/** The questions with one date in five removed, as skipping does. */
function withSkips(questions: Question[], from: Random): Question[] {
  return questions.map((question) => {
    const answer = ours(question);
    const second = answer.possible ? answer.first[1] : undefined;
    return second !== undefined && from.chance(0.2) ? { ...question, skipped: [second] } : question;
  });
}

async function askOracle(questions: Question[]): Promise<Answer[] | null> {
  const python = pythonWithDateutil();
  if (python === null) return null;
  const input = new Blob([questions.map((question) => JSON.stringify(question)).join("\n")]);
  const oracle = Bun.spawn([python, `${import.meta.dir}/oracle.py`, zoneRelease()], {
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
  // An UNTIL or end before the start, or an instant outside the supported years, is rejected: not a
  // question about dates.
  const acceptable = (question: Question): boolean => {
    const until = /UNTIL=(\d{4})/.exec(question.pattern);
    const year = date(question.start).getUTCFullYear();
    if (date(question.completedAt).getUTCFullYear() > 2_199) return false;
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
    say("Comparison with python-dateutil did not run: it needs python3 with the packages python-dateutil and tzdata.");
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
    `${asked.length} series in ${new Set(asked.map(({ zone }) => zone)).size} zones of ${zoneRelease()}, ${possible} possible, seed ${seed}: ${differing.length} differ from python-dateutil.`,
  );
  return differing.length === 0 ? 0 : 1;
}

const [rules = "5000", seed = "1"] = process.argv.slice(2);
process.exitCode = await compare(Number(rules), Number(seed));
