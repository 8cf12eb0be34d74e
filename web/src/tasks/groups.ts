import type { Occurrence } from "@carillon/contracts/http/recurrence";
import type { Task, TaskCounts } from "@carillon/contracts/http/tasks";
import type { Visit } from "../door/visit.ts";
import { dayOf, dueDay, localMoment, longDay } from "../time.ts";
import type { ListAddress } from "./list-address.ts";

/** Tasks under one heading. `total`: how many there are in all, null where only those shown are known. `ahead`: dates nothing is stored for yet. */
export type Group = {
  key: string;
  title: string;
  note?: string;
  tone: "plain" | "alarm";
  tasks: Task[];
  ahead?: Occurrence[];
  total: number | null;
  /** Where all of them stand, when some are not shown here. */
  all?: string;
  /** The group's day, for a list of days. */
  day?: string;
};

type Loaded = { tasks: Task[]; overdue: Task[]; ahead: Occurrence[]; counts: TaskCounts };

/** The groups of that list which have something in them, in the order of the page. */
export function groupsOf(visit: Visit, address: ListAddress, loaded: Loaded): Group[] {
  return allGroups(visit, address, loaded).filter(
    (group) => group.tasks.length > 0 || (group.ahead ?? []).length > 0 || (group.all !== undefined && group.total),
  );
}

function allGroups(visit: Visit, { name }: ListAddress, loaded: Loaded): Group[] {
  switch (name) {
    case "today":
      return groupsOfToday(loaded);
    case "upcoming":
      return groupsOfDays(visit, loaded);
    case "done":
      return groupsOfDone(visit, loaded);
    default:
      return [{ key: "all", title: titles[name], tone: "plain", tasks: loaded.tasks, total: null }];
  }
}

const titles = { inbox: "Tasks without a date", trash: "Deleted tasks", all: "Tasks" };

function groupsOfToday({ tasks, overdue, counts }: Loaded): Group[] {
  const timed = tasks.filter(({ all_day }) => !all_day);
  const whole = tasks.filter(({ all_day }) => all_day);
  return [
    {
      key: "overdue",
      title: "Overdue",
      tone: "alarm",
      tasks: overdue,
      total: counts.overdue,
      ...(counts.overdue > overdue.length ? { all: "/all?overdue=1" } : {}),
    },
    { key: "today", title: "Today", tone: "plain", tasks: timed, total: null },
    { key: "any-time", title: "Any time", tone: "plain", tasks: whole, total: null },
  ];
}

/** Each day with its tasks and, behind them, the dates that repeating ones will have. */
function groupsOfDays({ now, user }: Visit, { tasks, ahead }: Loaded): Group[] {
  const zone = user.time_zone;
  const tomorrow = dayOf(now, zone, 1).date;
  const days = new Map<string, { tasks: Task[]; ahead: Occurrence[] }>();
  const on = (day: string) => {
    const known = days.get(day) ?? { tasks: [], ahead: [] };
    days.set(day, known);
    return known;
  };
  for (const task of tasks) on(dueDay(task, zone) ?? tomorrow).tasks.push(task);
  for (const date of ahead) on(localMoment(date.due_date, date.all_day ? date.time_zone : zone).date).ahead.push(date);
  return [...days]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, of]) => {
      const long = longDay(day, now, user);
      const title = day === tomorrow ? { title: "Tomorrow", note: long } : { title: long };
      return { key: day, day, tone: "plain", ...of, ...title, total: null };
    });
}

/** What was completed, by the day on which it was. */
function groupsOfDone({ now, user }: Visit, { tasks }: Loaded): Group[] {
  const days = new Map<string, Task[]>();
  for (const task of tasks) {
    const day = localMoment(task.completed_at ?? task.updated_at, user.time_zone).date;
    days.set(day, [...(days.get(day) ?? []), task]);
  }
  const near = new Map([
    [dayOf(now, user.time_zone).date, "Today"],
    [dayOf(now, user.time_zone, -1).date, "Yesterday"],
  ]);
  return [...days].map(([day, done]) => {
    const long = longDay(day, now, user);
    const title = near.get(day);
    return {
      key: day,
      tone: "plain",
      tasks: done,
      total: null,
      ...(title ? { title, note: long } : { title: long }),
    };
  });
}
