import { priorities, type Reminder, type Task, type TaskTag } from "@carillon/contracts/http/tasks";
import { columnsOf, type Db, type Row } from "@carillon/kit/database";
import { type reminders, tasks } from "../schema/tasks.ts";

/** Columns that follow from others: verbs never carry them around. */
const derived = ["change_seq", "overdue_at", "search", "search_edition"] as const;

/** A row of `api.tasks` as verbs use it. */
export type TaskRow = Omit<Row<typeof tasks>, (typeof derived)[number]>;

/** A row of `api.reminders`; `remind_at` is null only where a relative reminder lost its date. */
export type ReminderRow = Omit<Row<typeof reminders>, "user_id" | "task_id" | "change_seq">;

/** A task with its tags and reminders. */
export type TaskState = { row: TaskRow; tags: TaskTag[]; reminders: ReminderRow[] };

const isCarried = (column: keyof Row<typeof tasks>): column is keyof TaskRow =>
  !derived.some((name) => name === column);

/** Columns that only the recurrence engine and the verbs need: no answer shows them. */
const unshown = [
  "series_start",
  "occurrence_at",
  "excluded_dates",
  "series_ordinal",
  "succession",
  "successor_version",
  "seatings",
] as const;

/** What an answer shows of a task. */
export type ShownTask = { row: Omit<TaskRow, (typeof unshown)[number]>; tags: TaskTag[]; reminders: ReminderRow[] };

/** Columns a verb writes; `change_seq` goes with them, `search` is generated. */
export const taskColumns = columnsOf(tasks).filter(isCarried);

/** Columns of `ShownTask`'s row. */
export const shownColumns = taskColumns.filter((column) => !unshown.some((name) => name === column));

/** A reminder as JSON, made by the database. */
export type JoinedReminder = Omit<ReminderRow, "remind_at" | "sent_at"> & {
  remind_at: string | null;
  sent_at: string | null;
};

type JoinedRow = TaskRow & { tags: TaskTag[]; reminders: JoinedReminder[] };

/**
 * The select list and source of every read of tasks, as alias `t`: the row, its live tags in order,
 * its reminders in order.
 */
export const selectTasks = (db: Db) => db`
  select ${db(taskColumns.map((column) => `t.${column}`))},
    (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'color', g.color)
        order by array_position(t.tag_ids, g.id)), '[]')
      from api.tags g where t.tag_ids <> '{}' and g.user_id = t.user_id and g.id = any(t.tag_ids)) as tags,
    (select coalesce(jsonb_agg(to_jsonb(r) - 'user_id' - 'task_id' - 'change_seq' order by r.position), '[]')
      from api.reminders r where r.user_id = t.user_id and r.task_id = t.id) as reminders`;

/** A row of `selectTasks`, as a state. */
export function stateOf(read: unknown): TaskState {
  // Sound: only called with rows of `selectTasks`.
  const { tags, reminders, ...row } = read as JoinedRow;
  return { row, tags, reminders: reminders.map(reminderOf) };
}

export const reminderOf = (read: JoinedReminder): ReminderRow => ({
  id: read.id,
  position: read.position,
  before: read.before,
  remind_at: date(read.remind_at),
  state: read.state,
  reason: read.reason,
  sent_at: date(read.sent_at),
  generation: read.generation,
  is_snooze: read.is_snooze,
});

const date = (value: string | null): Date | null => (value === null ? null : new Date(value));

/** The task as answers show it. */
export function toTask({ row, tags, reminders }: ShownTask): Task {
  return {
    id: row.id,
    user_id: row.user_id,
    title: row.title,
    description: row.description,
    status: row.completed_at ? "completed" : "pending",
    completed: row.completed_at !== null,
    completed_at: iso(row.completed_at),
    priority: priorities[row.priority] ?? "medium",
    due_date: iso(row.due_at),
    time_zone: row.time_zone,
    all_day: row.all_day,
    tags,
    is_recurring: row.rrule !== null,
    recurring_pattern: row.recurring_pattern,
    recurrence:
      row.rrule === null
        ? null
        : {
            rrule: row.rrule,
            text: row.rrule_text ?? "",
            anchor: row.recurrence_anchor,
            ends_at: iso(row.recurrence_ends_at),
          },
    parent_task_id: row.parent_task_id,
    series_id: row.series_id,
    reminder_at: iso(reminderAt(reminders)),
    reminder_sent: reminderSent(reminders),
    reminders: reminders.map(toReminder),
    version: row.version,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    deleted_at: iso(row.deleted_at),
  };
}

export const toReminder = ({ id, before, remind_at, state, reason, sent_at }: ReminderRow): Reminder => ({
  id,
  before,
  remind_at: iso(remind_at),
  state,
  reason,
  sent_at: iso(sent_at),
});

const iso = (value: Date | null): string | null => value?.toISOString() ?? null;

const instants = (reminders: readonly ReminderRow[]): Date[] =>
  reminders.flatMap((reminder) => reminder.remind_at ?? []).sort((a, b) => a.getTime() - b.getTime());

/** The earliest pending reminder, else the last one, else none. */
function reminderAt(reminders: readonly ReminderRow[]): Date | null {
  const pending = instants(reminders.filter((reminder) => reminder.state === "pending"));
  return pending[0] ?? instants(reminders).at(-1) ?? null;
}

/**
 * True when the latest reminder of this occurrence was sent: nothing is pending and the last one that
 * rang was sent.
 */
function reminderSent(reminders: readonly ReminderRow[]): boolean {
  const rung = reminders.filter((reminder) => reminder.state !== "cancelled" && reminder.remind_at !== null);
  const latest = rung.sort((a, b) => (a.remind_at?.getTime() ?? 0) - (b.remind_at?.getTime() ?? 0)).at(-1);
  return latest?.state === "sent";
}

type NewTask = { userId: string; id: string; now: Date; timeZone: string };

/** A task with every column's default. */
export const emptyRow = ({ userId, id, now, timeZone }: NewTask): TaskRow => ({
  user_id: userId,
  id,
  title: "",
  description: "",
  priority: 1,
  due_at: null,
  time_zone: timeZone,
  all_day: false,
  tag_ids: [],
  recurring_pattern: null,
  rrule: null,
  rrule_text: null,
  recurrence_anchor: "due_date",
  recurrence_ends_at: null,
  series_id: null,
  series_start: null,
  occurrence_at: null,
  excluded_dates: [],
  series_ordinal: null,
  parent_task_id: null,
  succession: null,
  successor_version: null,
  seatings: 0,
  completed_at: null,
  version: 0,
  created_at: now,
  updated_at: now,
  deleted_at: null,
});
