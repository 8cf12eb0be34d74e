import { occurrencesAfter, occurrencesBetween } from "@carillon/calendar/recurrence";
import { Instant, Nullable, TimeZone, Uuid } from "@carillon/contracts/http/shared";
import { Priority, priorities, reminderStates } from "@carillon/contracts/http/tasks";
import { type Static, Type } from "@sinclair/typebox";
import { overdueFrom, positionOf, type TaskState } from "../../tasks/index.ts";
import { localText } from "./local-time.ts";

/** A task as a tool shows it: dates as its zone's clocks show them, the rule in words, and what comes after. */
export const ShownTask = Type.Object({
  id: Uuid,
  title: Type.String(),
  description: Type.String({ description: "its beginning; get_task has the whole" }),
  status: Type.Union([Type.Literal("pending"), Type.Literal("completed")]),
  priority: Priority,
  due_date: Nullable(Instant),
  due_local: Nullable(Type.String({ examples: ["Friday 2026-12-04 17:00"] })),
  time_zone: TimeZone,
  all_day: Type.Boolean(),
  overdue: Type.Boolean(),
  tags: Type.Array(Type.String()),
  repeats: Nullable(Type.String({ description: "the rule in words" })),
  recurring_pattern: Nullable(Type.String()),
  next_dates: Type.Array(Type.String(), { description: "up to three dates after this one, local" }),
  reminders: Type.Array(
    Type.Object({
      at_local: Nullable(Type.String()),
      before: Nullable(Type.String()),
      state: Type.Union(reminderStates.map((value) => Type.Literal(value))),
    }),
  ),
  in_trash: Type.Boolean(),
  version: Type.Integer(),
});
export type ShownTask = Static<typeof ShownTask>;

const maxExcerpt = 200;

/** The task as a tool shows it at the moment; `whole` keeps the description uncut. */
export function shownTask({ row, tags, reminders }: TaskState, now: Date, { whole = false } = {}): ShownTask {
  const place = { timeZone: row.time_zone, allDay: row.all_day };
  const overdueAt = overdueFrom(row);
  return {
    id: row.id,
    title: row.title,
    description: whole ? row.description : excerpt(row.description),
    status: row.completed_at ? "completed" : "pending",
    priority: priorities[row.priority] ?? "medium",
    due_date: row.due_at?.toISOString() ?? null,
    due_local: row.due_at && localText(row.due_at, place),
    time_zone: row.time_zone,
    all_day: row.all_day,
    overdue: row.completed_at === null && overdueAt !== null && overdueAt <= now,
    tags: tags.map(({ name }) => name),
    repeats: row.rrule === null ? null : (row.rrule_text ?? ""),
    recurring_pattern: row.recurring_pattern,
    next_dates: nextDates(row, now).map((at) => localText(at, place)),
    reminders: reminders.map(({ remind_at, before, state }) => ({
      at_local: remind_at && localText(remind_at, { timeZone: row.time_zone, allDay: false }),
      before,
      state,
    })),
    in_trash: row.deleted_at !== null,
    version: row.version,
  };
}

function excerpt(text: string): string {
  const points = Array.from(text.slice(0, 2 * maxExcerpt + 2));
  return points.length <= maxExcerpt ? text : `${points.slice(0, maxExcerpt).join("")}…`;
}

const manyDays = 400 * 86_400_000;

/** Up to three dates of the series after the task's own that are not over. */
export function nextDates(row: TaskState["row"], now: Date): Date[] {
  const position = positionOf(row);
  if (position === null || row.due_at === null) return [];
  if (position.anchor === "completion") {
    const from = row.due_at > now ? row.due_at : now;
    const to = new Date(from.getTime() + manyDays);
    return occurrencesBetween(position, { from, to, now })
      .slice(0, 3)
      .map(({ at }) => at);
  }
  const after = row.due_at > now ? row.due_at : now;
  return occurrencesAfter(position.series, after, 3).map(({ at }) => at);
}
