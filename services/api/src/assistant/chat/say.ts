import type { ShownTask } from "../tools/shown.ts";
import type { Answered } from "./turn.ts";

/** What was done, or would be, in a few lines: the resolved date and zone, what comes next, and what rings. */
export function sayWritten({ summary = "", notes = [], tasks = [], done, proposal }: Answered): string {
  const lines = [summary, ...notes];
  const [task] = tasks;
  if (done && task && tasks.length === 1) {
    if (task.next_dates.length > 0) lines.push(`Then ${task.next_dates.join(", ")}.`);
    const rings = task.reminders.filter(({ state, at_local }) => state === "pending" && at_local !== null);
    if (rings.length > 0) lines.push(`Reminder ${rings.map(({ at_local }) => at_local).join(", ")}.`);
  }
  if (proposal) {
    lines.push(...proposal.changes.slice(0, 20).map(({ text }) => `· ${text}`));
    lines.push("Shall I? Say yes within five minutes.");
  }
  return lines.join("\n");
}

/** One task as a line of a list. */
const lineOf = ({ title, due_local, overdue, repeats, priority }: ShownTask, at: number): string => {
  const marks = [
    due_local ?? "no date",
    ...(overdue ? ["overdue"] : []),
    ...(repeats === null ? [] : [`repeats ${repeats}`]),
    ...(priority === "high" || priority === "urgent" ? [priority] : []),
  ];
  return `${at + 1}. ${title} (${marks.join(", ")})`;
};

const maxLines = 10;

/** A list of tasks under its heading; `none` where there are none. */
export function sayTasks(
  { now, tasks = [], next_cursor }: Answered,
  { heading, none }: { heading: string; none: string },
): string {
  const clock = now ? `Today is ${now.weekday} ${now.date}, times are ${now.time_zone}.` : "";
  if (tasks.length === 0) return `${none} ${clock}`;
  const more = tasks.length - maxLines;
  const rest =
    more > 0 || next_cursor ? [`… and ${more > 0 ? more : ""}${next_cursor ? " more" : ""}`.replace("  ", " ")] : [];
  return [`${heading} ${clock}`, ...tasks.slice(0, maxLines).map(lineOf), ...rest].join("\n");
}

/** What the small grammar understands. */
export const helpText = [
  "I can keep your tasks. Say for example:",
  "· Create a daily task: Team standup at 9 AM",
  "· Remind me to submit report by Friday 5 PM, remind me 1 day before",
  "· What is overdue? · What is due tomorrow? · Find dentist",
  "· Complete the report · Move it to Monday · Snooze it for 15 minutes",
  "· Delete buy milk (I ask first)",
].join("\n");
