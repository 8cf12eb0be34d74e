import { type Static, Type } from "@sinclair/typebox";
import { Cursor, Instant, InstantInput, limit, Nullable, Page, Strict, TimeZone, Uuid } from "./shared.ts";
import { Text } from "./text.ts";

export const priorities = ["low", "medium", "high", "urgent"] as const;
export const Priority = Type.Union(priorities.map((value) => Type.Literal(value)));
export type Priority = (typeof priorities)[number];

export const Anchor = Type.Union([Type.Literal("due_date"), Type.Literal("completion")]);

export const reminderStates = ["pending", "sent", "failed", "missed", "cancelled"] as const;
export const reminderReasons = [
  "completed",
  "deleted",
  "moved",
  "snoozed",
  "same_time",
  "mail_off",
  "unverified",
  "mail_limit",
  "too_late",
  "provider",
] as const;

/** Either an offset before the due date (`15m`, `1h`, `1d`, `1w`; `0m`–`365d`) or an instant. */
export const ReminderInput = Type.Union([
  Type.Object({ before: Type.String({ minLength: 2, maxLength: 8, examples: ["1d"] }) }, Strict),
  Type.Object({ at: InstantInput }, Strict),
]);
export type ReminderInput = Static<typeof ReminderInput>;

export const Reminder = Type.Object({
  id: Uuid,
  before: Nullable(Type.String()),
  remind_at: Nullable(Instant),
  state: Type.Union(reminderStates.map((value) => Type.Literal(value))),
  reason: Nullable(Type.Union(reminderReasons.map((value) => Type.Literal(value)))),
  sent_at: Nullable(Instant),
});
export type Reminder = Static<typeof Reminder>;

export const TaskTag = Type.Object({ id: Uuid, name: Type.String(), color: Type.String() });
export type TaskTag = Static<typeof TaskTag>;

export const Recurrence = Type.Object({
  rrule: Type.String({ examples: ["FREQ=MONTHLY;BYDAY=-1FR"] }),
  text: Type.String({ examples: ["every month on the last Friday"] }),
  anchor: Anchor,
  ends_at: Nullable(Instant),
});

/** A task as every answer, event and export shows it. */
export const Task = Type.Object({
  id: Uuid,
  user_id: Uuid,
  title: Type.String(),
  description: Type.String(),
  status: Type.Union([Type.Literal("pending"), Type.Literal("completed")]),
  completed: Type.Boolean(),
  completed_at: Nullable(Instant),
  priority: Priority,
  due_date: Nullable(Instant),
  time_zone: TimeZone,
  all_day: Type.Boolean(),
  tags: Type.Array(TaskTag),
  is_recurring: Type.Boolean(),
  recurring_pattern: Nullable(Type.String()),
  recurrence: Nullable(Recurrence),
  parent_task_id: Nullable(Uuid),
  series_id: Nullable(Uuid),
  reminder_at: Nullable(Instant),
  reminder_sent: Type.Boolean(),
  reminders: Type.Array(Reminder),
  version: Type.Integer({ minimum: 1 }),
  created_at: Instant,
  updated_at: Instant,
  deleted_at: Nullable(Instant),
});
export type Task = Static<typeof Task>;

const writable = {
  title: Text({ min: 1, max: 500, examples: ["Submit the report"] }),
  description: Text({ min: 0, max: 20_000, multiline: true }),
  priority: Priority,
  due_date: InstantInput,
  time_zone: TimeZone,
  all_day: Type.Boolean(),
  tags: Type.Array(Text({ min: 1, max: 100 }), { maxItems: 50, examples: [["work"]] }),
  recurring_pattern: Text({ min: 1, max: 255, examples: ["FREQ=WEEKLY;BYDAY=MO"] }),
  recurrence_anchor: Anchor,
  recurrence_ends_at: InstantInput,
  reminder_at: InstantInput,
  reminders: Type.Array(ReminderInput, { maxItems: 20, examples: [[{ before: "1d" }]] }),
};

const optionalFields = {
  description: Type.Optional(Nullable(writable.description)),
  priority: Type.Optional(Nullable(writable.priority)),
  due_date: Type.Optional(Nullable(writable.due_date)),
  time_zone: Type.Optional(Nullable(writable.time_zone)),
  all_day: Type.Optional(Nullable(writable.all_day)),
  tags: Type.Optional(Nullable(writable.tags)),
  recurring_pattern: Type.Optional(Nullable(writable.recurring_pattern)),
  recurrence_anchor: Type.Optional(Nullable(writable.recurrence_anchor)),
  recurrence_ends_at: Type.Optional(Nullable(writable.recurrence_ends_at)),
  reminder_at: Type.Optional(Nullable(writable.reminder_at)),
  reminders: Type.Optional(Nullable(writable.reminders)),
};

/** Body of POST and PUT: only the title is required; an absent or null field takes its default. */
export const NewTask = Type.Object({ title: writable.title, ...optionalFields }, Strict);
export type NewTask = Static<typeof NewTask>;

/** Body of PATCH: absent keeps, null means POST's default; a title cannot be null. */
export const TaskPatch = Type.Object({ title: Type.Optional(writable.title), ...optionalFields }, Strict);
export type TaskPatch = Static<typeof TaskPatch>;

/** Of a repeating task: only this date (the default), or this and all that follow. */
export const PatchScope = Type.Object({
  scope: Type.Optional(Type.Union([Type.Literal("this"), Type.Literal("following")])),
});

/** With `scope=following`, `note` says what the rule makes of the new date. */
export const PatchedTask = Type.Composite([Task, Type.Object({ note: Type.Optional(Type.String()) })]);

const sortKeys = ["due_date", "priority", "created_at", "updated_at", "completed_at", "title", "relevance"] as const;
export type SortKey = (typeof sortKeys)[number];
export const Sort = Type.Union(sortKeys.flatMap((key) => [Type.Literal(key), Type.Literal(`-${key}`)]));
export type Sort = SortKey | `-${SortKey}`;

export const ListTasks = Type.Object({
  status: Type.Optional(Type.Union([Type.Literal("pending"), Type.Literal("completed")])),
  completed: Type.Optional(Type.Boolean()),
  priority: Type.Optional(Type.String({ maxLength: 64, description: "comma list: any of low, medium, high, urgent" })),
  tag: Type.Optional(Text({ min: 0, max: 8_000, description: "comma list of tag names: any of them" })),
  due_before: Type.Optional(InstantInput),
  due_after: Type.Optional(InstantInput),
  no_date: Type.Optional(
    Type.Boolean({ description: "true: only tasks without a due date, false: only those with one" }),
  ),
  completed_after: Type.Optional(InstantInput),
  completed_before: Type.Optional(InstantInput),
  overdue: Type.Optional(Type.Boolean()),
  recurring: Type.Optional(Type.Boolean()),
  deleted: Type.Optional(Type.Boolean({ description: "true: only the trash" })),
  search: Type.Optional(Text({ min: 0, max: 200 })),
  sort: Type.Optional(Sort),
  limit: limit(50),
  cursor: Type.Optional(Cursor),
});
export type ListTasks = Static<typeof ListTasks>;

export const TaskPage = Page(Task);
export type TaskPage = Static<typeof TaskPage>;

const Count = Type.Integer({ minimum: 0 });

/**
 * How many tasks stand where, of those not in the trash. `inbox`: open without a date. `today`: open, due on the user's day and not overdue.
 * `done_today`: completed on it. `tags`: open tasks of each tag in use, most first. `change`: the number of the user's last change.
 */
export const TaskCounts = Type.Object({
  open: Count,
  inbox: Count,
  overdue: Count,
  today: Count,
  upcoming: Count,
  done_today: Count,
  tags: Type.Array(Type.Object({ id: Uuid, name: Type.String(), color: Type.String(), open: Count })),
  change: Type.Integer({ minimum: 0 }),
});
export type TaskCounts = Static<typeof TaskCounts>;
