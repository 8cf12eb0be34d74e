import { dayIn, isTimeZone, startOfDay } from "@carillon/calendar/zone";
import type { Task, TaskPage } from "@carillon/contracts/http/tasks";
import { UsageError } from "../exit.ts";
import { noteList, shortIds } from "../kept/known-tasks.ts";
import { listLines } from "../terminal/say-task.ts";
import { isGiven, me, optionOf, type Run } from "./command.ts";

const usualLimit = 50;
const maxLimit = 1_000;
const pageLimit = 100;

type Query = Record<string, string | number | boolean | undefined>;

export async function list(run: Run): Promise<void> {
  const limit = readLimit(optionOf(run, "limit"));
  const { time_zone: zone } = await me(run);
  const query = queryOf(run, zone);
  const { tasks, isMore } = await readTasks(run, query, limit);
  noteList(run.store, run.client.account.key, tasks);
  if (run.screen.json) return run.screen.data({ data: tasks, more: isMore });
  const around = { screen: run.screen, zone, now: run.world.now() };
  for (const line of listLines(tasks, shortIds(tasks.map(({ id }) => id)), around)) await run.screen.line(line);
  if (tasks.length === 0) run.screen.note("No task.");
  if (isMore) run.screen.note(`There are more; --limit shows up to ${maxLimit}.`);
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return usualLimit;
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= maxLimit) return Number(text);
  throw new UsageError(`--limit takes a number from 1 to ${maxLimit}.`);
}

function queryOf(run: Run, zone: string): Query {
  const days = ["today", "upcoming", "overdue", "no-date"].filter((name) => isGiven(run, name));
  if (days.length > 1) throw new UsageError(`Either --${days[0]} or --${days[1]}.`);
  const states = ["completed", "all", "trash"].filter((name) => isGiven(run, name));
  if (states.length > 1) throw new UsageError(`Either --${states[0]} or --${states[1]}.`);
  const [day] = days;
  const [state] = states;
  const words = run.given.words.join(" ");
  const tags = run.given.values.tag ?? [];
  const comma = tags.find((name) => name.includes(","));
  if (comma !== undefined) throw new UsageError(`"${comma}" is not one tag; give --tag for each.`);
  return {
    ...(state === "all" || state === "trash" ? {} : { status: state === "completed" ? "completed" : "pending" }),
    ...(state === "completed" && words === "" ? { sort: "-completed_at" } : {}),
    ...(state === "trash" ? { deleted: true } : {}),
    ...(day === "overdue" ? { overdue: true } : {}),
    ...(day === "no-date" ? { no_date: true } : {}),
    ...(day === "today" ? { due_before: tomorrow(zone, run.world.now()) } : {}),
    ...(day === "upcoming" ? { due_after: tomorrow(zone, run.world.now()) } : {}),
    ...(isGiven(run, "repeating") ? { recurring: true } : {}),
    ...(words === "" ? {} : { search: words }),
    ...(tags.length > 0 ? { tag: tags.map((name) => name.replace(/^#/, "")).join(",") } : {}),
    ...(run.given.values.priority?.length ? { priority: run.given.values.priority.join(",") } : {}),
  };
}

/** The user's next midnight. */
function tomorrow(zone: string, now: Date): string {
  const known = isTimeZone(zone) ? zone : "UTC";
  return startOfDay(dayIn(now, known) + 1, known).toISOString();
}

async function readTasks({ client }: Run, query: Query, limit: number): Promise<{ tasks: Task[]; isMore: boolean }> {
  const tasks: Task[] = [];
  let cursor: string | undefined;
  do {
    const page: TaskPage = await client.json<TaskPage>("/api/tasks", {
      query: { ...query, limit: Math.min(pageLimit, limit - tasks.length), cursor },
    });
    tasks.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && tasks.length < limit);
  return { tasks, isMore: cursor !== undefined };
}
