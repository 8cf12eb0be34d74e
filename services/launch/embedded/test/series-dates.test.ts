import { afterAll, beforeAll, expect, test } from "bun:test";
import { anyDay, anyPattern, type Random, random } from "@carillon/calendar/testing";
import { instantOf, nextClockChange, wallTimeOf } from "@carillon/calendar/zone";
import type { RecurrencePreview } from "@carillon/contracts/http/recurrence";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Person, type Rig, startRig } from "./series-rig.ts";

/**
 * A preview and successive completions give one series: generated rules in many zones, half of them
 * next to a clock change, each completed date by date on the real services. SERIES_RULES sets their
 * number (60), SERIES_SEED selects others.
 */
const rules = Number(Bun.env.SERIES_RULES ?? 60);
const seed = Number(Bun.env.SERIES_SEED ?? 1);
const datesEach = 5;

const zones = [
  "UTC",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Africa/Cairo",
  "Asia/Kolkata",
  "Asia/Beirut",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Pacific/Chatham",
  "Antarctica/Troll",
] as const;

const common = [
  "daily",
  "weekly",
  "monthly",
  "yearly",
  "FREQ=DAILY;COUNT=3",
  "FREQ=WEEKLY;COUNT=4",
  "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2",
];

let rig: Rig;
let ada: Person;

beforeAll(async () => {
  rig = await startRig();
  rig.setNow("2019-01-01T00:00:00Z");
  ada = await rig.signUp();
});
afterAll(() => rig.close());

type Question = { recurring_pattern: string; due_date: string; time_zone: string; anchor: "due_date" | "completion" };

function anyQuestion(from: Random): Question {
  const time_zone = from.pick(zones);
  const anyWhere = { day: anyDay(from, 2020, 2030), timeMs: from.int(0, 1_439) * 60_000 };
  const start = from.chance(0.5) ? beforeClockChange(from, anyWhere.day, time_zone) : anyWhere;
  return {
    recurring_pattern: from.chance(0.5) ? from.pick(common) : anyPattern(from, 2034),
    due_date: instantOf(start ?? anyWhere, time_zone).toISOString(),
    time_zone,
    anchor: from.chance(0.3) ? "completion" : "due_date",
  };
}

/** Some days before the zone's next clock change, at about its time of day; null without one. */
function beforeClockChange(from: Random, day: number, zone: string): { day: number; timeMs: number } | null {
  const change = nextClockChange(new Date(day * 86_400_000), zone);
  if (change === null || change.getUTCFullYear() > 2040) return null;
  const shown = wallTimeOf(change, zone);
  // The clocks skip times after the earlier reading and repeat times after the later one.
  const timeMs = Math.min(Math.max(0, shown.timeMs + from.int(-12, 12) * 300_000), 86_340_000);
  return { day: shown.day - from.pick([1, 2, 7, 14]), timeMs };
}

/** The dates of the tasks that result from successive completions, each on its own date. */
async function datesMade({ anchor, ...body }: Question): Promise<string[]> {
  let task: Task = await ada.make({ ...body, recurrence_anchor: anchor });
  const dates: string[] = [];
  while (dates.length < datesEach) {
    rig.setNow(task.due_date ?? "");
    await ada.complete(task.id);
    await rig.settle();
    const [next, ...more] = await rig.sql<{ id: string }[]>`select id from api.tasks where parent_task_id = ${task.id}`;
    expect(more).toEqual([]);
    if (!next) break;
    task = await ada.json<Task>("GET", `/api/tasks/${next.id}`);
    dates.push(task.due_date ?? "");
  }
  return dates;
}

test(`a preview's dates are the dates of successive completions, to the series' end (${rules} rules)`, async () => {
  const from = random(seed);
  const compared = new Set<string>();
  let ended = 0;
  for (let asked = 0; compared.size < rules && asked < rules * 4; asked++) {
    const question = anyQuestion(from);
    const answer = await ada.call("POST", "/api/recurrence/preview", { ...question, count: datesEach });
    // Generated rules may be impossible; both reject those, as a test of api's shows.
    if (answer.status === 422) continue;
    const { occurrences }: RecurrencePreview = JSON.parse(await answer.text());
    const previewed = occurrences.map(({ due_date }) => due_date);
    const made = await datesMade(question);
    expect({ question, dates: made }).toEqual({ question, dates: previewed });
    compared.add(JSON.stringify(question));
    if (made.length < datesEach) ended++;
  }
  expect(compared.size).toBe(rules);
  expect(ended).toBeGreaterThan(0);
}, 600_000);
