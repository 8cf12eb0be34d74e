import type { Task } from "@carillon/contracts/http/tasks";
import { aligned } from "./columns.ts";
import { printable } from "./printable.ts";
import { sayDate, sayFullDate } from "./say-date.ts";
import type { Screen, Style } from "./screen.ts";

type Around = { screen: Screen; zone: string; now: Date };

const priorityMarks: Record<Task["priority"], string> = { urgent: "!!!", high: "!!", medium: "", low: "·" };
const priorityStyles: Record<Task["priority"], Style> = { urgent: "red", high: "yellow", medium: "dim", low: "dim" };

export const isOverdue = ({ due_date, completed, all_day }: Task, now: Date): boolean =>
  // A whole day is over at its end; its exact end is the product's to say, a day is near enough for a colour.
  due_date !== null && !completed && new Date(due_date).getTime() + (all_day ? 86_400_000 : 0) < now.getTime();

/** Tasks as a numbered table; `ids` are as short as they can be. */
export function listLines(tasks: readonly Task[], ids: ReadonlyMap<string, string>, around: Around): string[] {
  const { screen, zone, now } = around;
  const rows = tasks.map((task, at) => [
    String(at + 1),
    task.completed ? "✓" : priorityMarks[task.priority],
    dateOf(task, zone, now),
    printable(task.title),
    [...(task.is_recurring ? ["↻"] : []), ...task.tags.map(({ name }) => `#${printable(name)}`)].join(" "),
    ids.get(task.id) ?? "",
  ]);
  const shape = [{ align: "right" as const }, {}, {}, { isElastic: true as const }, {}, {}];
  const widths = aligned(shape, rows, screen.columns);
  return widths.map((cells, at) => {
    const task = tasks[at];
    if (!task) return "";
    const styles: (Style | null)[] = [
      "dim",
      task.completed ? "green" : priorityStyles[task.priority],
      isOverdue(task, now) ? "red" : "blue",
      task.completed ? "dim" : null,
      "magenta",
      "dim",
    ];
    const painted = cells.map((cell, column) => {
      const style = styles[column];
      return style ? screen.paint(style, cell) : cell;
    });
    // A column without anything in it takes no room.
    return painted.filter((_, column) => cells[column] !== "").join("  ");
  });
}

const dateOf = ({ due_date, all_day, completed, completed_at }: Task, zone: string, now: Date): string => {
  if (completed && completed_at) return sayDate(completed_at, { zone, allDay: false, now });
  return due_date === null ? "" : sayDate(due_date, { zone, allDay: all_day, now });
};

/** Everything in a task, a field a line. */
export function taskLines(task: Task, { screen }: Around): string[] {
  const at = (instant: string, allDay = false) => sayFullDate(instant, { zone: task.time_zone, allDay });
  const reminders = task.reminders.map(({ before, remind_at, state, reason }) => {
    const when = remind_at === null ? "" : at(remind_at);
    return `${before ? `${before} before` : when}${before && when ? `, ${when}` : ""}: ${state}${reason ? ` (${reason})` : ""}`;
  });
  const fields: [string, string | null][] = [
    ["status", task.deleted_at ? "in the trash" : task.status],
    ["due", task.due_date && at(task.due_date, task.all_day)],
    ["repeats", task.recurrence && repetitionOf(task)],
    ["priority", task.priority],
    ["tags", task.tags.map(({ name }) => `#${name}`).join(" ")],
    ["completed", task.completed_at && at(task.completed_at)],
    ...reminders.map((line, index): [string, string] => [index === 0 ? "reminders" : "", line]),
    ["id", task.id],
  ];
  const shown = fields.filter(([, value]) => value).map(([name, value]) => [name, printable(value ?? "")]);
  return [
    screen.paint("bold", printable(task.title)),
    ...aligned([{}, {}], shown, null).map(([name = "", value = ""]) => `  ${screen.paint("dim", name)}  ${value}`),
    ...(task.description ? ["", ...task.description.split(/\r?\n/).map((line) => `  ${printable(line)}`)] : []),
  ];
}

export const repetitionOf = ({ recurrence }: Pick<Task, "recurrence">): string =>
  `${recurrence?.text ?? ""}${recurrence?.anchor === "completion" ? ", counted from its completion" : ""}`;
