import { type DayNumber, dayFromText, dayIn, dayText, startOfDay, ymdOf } from "@carillon/calendar/zone";
import type { Occurrence } from "@carillon/contracts/http/recurrence";
import type { Task } from "@carillon/contracts/http/tasks";
import type { Visit } from "../door/visit.ts";
import { dueDay, localMoment, weekOf } from "../time.ts";

/** A day of the grid: its open tasks, and dates that repeating ones will have. */
export type MonthDay = { day: DayNumber; date: string; isInside: boolean; tasks: Task[]; ahead: Occurrence[] };

/** `isWhole`: no task of it was left out. */
export type MonthOfTasks = { first: DayNumber; days: MonthDay[]; isWhole: boolean };

const pageSize = 100;
/** Tasks of one month's page. */
const maxTasks = 500;
const maxDates = 500;

/** The first day of the month that an address names (`2026-12`), or of the present one. */
export function firstOfMonth(text: string | null, { now, user }: Pick<Visit, "now" | "user">): DayNumber {
  const today = dayIn(now, user.time_zone);
  const named = /^\d{4}-\d\d$/.test(text ?? "") ? dayFromText(`${text}-01`) : null;
  return named ?? today - ymdOf(today).dayOfMonth + 1;
}

/** The weeks of that month, each from the user's first day, with what is due on each day in the visitor's zone. */
export async function loadMonth(visit: Visit, first: DayNumber): Promise<MonthOfTasks> {
  const zone = visit.user.time_zone;
  const { month, year } = ymdOf(first);
  const next =
    dayFromText(`${month === 12 ? year + 1 : year}-${String((month % 12) + 1).padStart(2, "0")}-01`) ?? first + 31;
  const start = weekOf(first, visit.user);
  const end = weekOf(next + 6, visit.user);
  const days: MonthDay[] = Array.from({ length: end - start }, (_, index) => {
    const day = start + index;
    return { day, date: dayText(day), isInside: ymdOf(day).month === month, tasks: [], ahead: [] };
  });
  const on = new Map(days.map((day) => [day.date, day]));
  const from = startOfDay(start, zone).toISOString();
  const to = startOfDay(end, zone).toISOString();
  const [{ tasks, isWhole }, ahead] = await Promise.all([loadTasks(visit, from, to), loadAhead(visit, from, to)]);
  for (const task of tasks) on.get(dueDay(task, zone) ?? "")?.tasks.push(task);
  for (const date of ahead)
    on.get(localMoment(date.due_date, date.all_day ? date.time_zone : zone).date)?.ahead.push(date);
  return { first, days, isWhole };
}

async function loadTasks({ api }: Visit, from: string, to: string): Promise<{ tasks: Task[]; isWhole: boolean }> {
  const tasks: Task[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.listTasks({
      status: "pending",
      due_after: from,
      due_before: to,
      sort: "due_date",
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    tasks.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null && tasks.length < maxTasks);
  return { tasks, isWhole: cursor === null };
}

async function loadAhead({ api, now }: Visit, from: string, to: string): Promise<Occurrence[]> {
  const soonest = Date.parse(from) > now.getTime() ? from : now.toISOString();
  if (Date.parse(soonest) >= Date.parse(to)) return [];
  const { data } = await api.listOccurrences({ from: soonest, to, limit: maxDates });
  return data;
}
