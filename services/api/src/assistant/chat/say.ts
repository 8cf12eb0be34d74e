import { dateText, spokenDate } from "@carillon/calendar/formats";
import { dayFromText } from "@carillon/calendar/zone";
import type { Speaking } from "../tools/local-time.ts";
import type { ShownTask } from "../tools/shown.ts";
import { repliesIn } from "./replies.ts";
import type { Answered } from "./turn.ts";

/** What was done, or would be, in a few lines: the resolved date and zone, what comes next, and what rings. */
export function sayWritten(
  { summary = "", notes = [], tasks = [], done, proposal }: Answered,
  reader: Speaking,
): string {
  const say = repliesIn(reader.language);
  const spoken = (dates: readonly string[]): string =>
    dates.map((date) => spokenDate(date, reader, reader.language)).join(say.betweenDates);
  const lines = [summary, ...notes];
  const [task] = tasks;
  if (done && task && tasks.length === 1) {
    if (task.next_dates.length > 0) lines.push(say.thenDates(spoken(task.next_dates)));
    const rings = task.reminders.flatMap(({ state, at_local }) => (state === "pending" && at_local ? [at_local] : []));
    if (rings.length > 0) lines.push(say.reminder(spoken(rings)));
  }
  if (proposal) {
    lines.push(...proposal.changes.slice(0, 20).map(({ text }) => `· ${text}`));
    lines.push(say.shallI);
  }
  return lines.join("\n");
}

/** One task as a line of a list. */
const lineOf = ({ title, due_local, overdue, repeats, priority }: ShownTask, at: number, reader: Speaking): string => {
  const say = repliesIn(reader.language);
  const marks = [
    due_local === null ? say.noDate : spokenDate(due_local, reader, reader.language),
    ...(overdue ? [say.overdue] : []),
    ...(repeats === null ? [] : [say.repeats(repeats)]),
    ...(priority === "high" || priority === "urgent" ? [say.priority[priority]] : []),
  ];
  return `${at + 1}. ${title} (${marks.join(", ")})`;
};

const maxLines = 10;

/** A list of tasks under its heading; `none` where there are none. */
export function sayTasks(
  { now, tasks = [], next_cursor }: Answered,
  { heading, none }: { heading: string; none: string },
  reader: Speaking,
): string {
  const say = repliesIn(reader.language);
  const clock = now ? say.today(dayWords(now.date, reader), now.time_zone) : "";
  if (tasks.length === 0) return `${none} ${clock}`;
  const more = tasks.length - maxLines;
  const rest = more > 0 || next_cursor ? [say.more(next_cursor ? 0 : more)] : [];
  const lines = tasks.slice(0, maxLines).map((task, at) => lineOf(task, at, reader));
  return [`${heading} ${clock}`, ...lines, ...rest].join("\n");
}

/** A day, given as a date, with all its parts. */
export const dayWords = (date: string, reader: Speaking): string =>
  dateText(dayFromText(date) ?? 0, reader, { names: "long", weekday: true, year: true, language: reader.language });
