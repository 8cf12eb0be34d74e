import { type Static, Type } from "@sinclair/typebox";
import { Instant, Nullable, Uuid } from "./shared.ts";
import { Reminder, Task } from "./tasks.ts";

/** A repeating task's place in its series: what no answer shows, and what the next date is counted from. */
export const ExportedSeries = Type.Object({
  start: Nullable(Instant),
  occurrence_at: Nullable(Instant),
  excluded_dates: Type.Array(Instant),
  ordinal: Nullable(Type.Integer({ minimum: 0 })),
  succession: Nullable(Type.Union([Type.Literal("open"), Type.Literal("made"), Type.Literal("ended")])),
});
export type ExportedSeries = Static<typeof ExportedSeries>;

const ExportedReminder = Type.Object({
  ...Reminder.properties,
  is_snooze: Type.Boolean({ description: "set by a snooze: for this date only" }),
});

/** A task as every answer shows it, and what else it takes to make the same task again. */
export const ExportedTask = Type.Object({
  ...Task.properties,
  reminders: Type.Array(ExportedReminder),
  series: Nullable(ExportedSeries),
});
export type ExportedTask = Static<typeof ExportedTask>;

export const ExportedTag = Type.Object({ id: Uuid, name: Type.String(), color: Type.String(), created_at: Instant });
export type ExportedTag = Static<typeof ExportedTag>;

/** The file of `GET /api/tasks/export?format=json`: everything, trash and completed tasks included. */
export const TaskExport = Type.Object({
  format: Type.Literal("carillon"),
  version: Type.Literal(1),
  exported_at: Instant,
  tags: Type.Array(ExportedTag),
  tasks: Type.Array(ExportedTask),
});

export const exportFormats = ["json", "csv", "ics"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const ExportQuery = Type.Object({
  format: Type.Optional(
    Type.Unsafe<ExportFormat>(
      Type.Union(
        exportFormats.map((name) => Type.Literal(name)),
        {
          description:
            "json: everything, made to be read back; csv: a table, one task a row; ics: to-dos for calendars, without the trash",
        },
      ),
    ),
  ),
  bom: Type.Optional(
    Type.Boolean({ description: "csv: true begins the file with a byte order mark, by which Excel knows UTF-8" }),
  ),
});
export type ExportQuery = Static<typeof ExportQuery>;

/** The columns of the CSV, in their order. */
export const csvColumns = [
  "id",
  "title",
  "description",
  "status",
  "completed_at",
  "priority",
  "due_date",
  "time_zone",
  "all_day",
  "tags",
  "recurring_pattern",
  "recurrence_anchor",
  "recurrence_ends_at",
  "reminders",
  "series_id",
  "parent_task_id",
  "created_at",
  "updated_at",
  "deleted_at",
] as const;
export type CsvColumn = (typeof csvColumns)[number];
