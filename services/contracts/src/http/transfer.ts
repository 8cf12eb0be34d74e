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

export const exportFormats = ["json", "csv", "ics", "zip"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const ExportQuery = Type.Object({
  format: Type.Optional(
    Type.Unsafe<ExportFormat>(
      Type.Union(
        exportFormats.map((name) => Type.Literal(name)),
        {
          description:
            "json: everything, made to be read back; csv: a table, one task a row; ics: to-dos for calendars, without the trash; zip: all three, the history, conversations and the account",
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

/** Maximum of a file to import, and of its tasks: as many fit into one transaction on a slow machine. */
export const maxImportBytes = 10 * 1024 * 1024;
export const maxImportTasks = 10_000;

export const ImportQuery = Type.Object({
  dry_run: Type.Optional(Type.Boolean({ description: "true: only say what would happen" })),
});

export const importSources = [
  "carillon",
  "carillon_csv",
  "todoist",
  "ticktick",
  "microsoft_todo",
  "vikunja",
  "super_productivity",
  "icalendar",
] as const;
export type ImportSource = (typeof importSources)[number];

const Lost = Type.Object({
  field: Type.String({ description: "as the file calls it" }),
  detail: Type.String(),
  rows: Type.Integer({ minimum: 1, description: "how many rows have it" }),
  first_row: Type.Integer({ minimum: 0 }),
});
export type Lost = Static<typeof Lost>;

const Translated = Type.Object({
  row: Type.Integer({ minimum: 0 }),
  title: Type.String(),
  source: Type.String({ description: "the words or the rule of the file" }),
  rrule: Type.String(),
  text: Type.String({ examples: ["every month on the last Friday"] }),
  due_date: Nullable(Instant),
});
export type Translated = Static<typeof Translated>;

/**
 * What an import did, or with `dry_run` would do. `batch_id` takes all of it back (`POST /api/batches/{id}/undo`). `lost` names each field of
 * the file that has no place here; `recurrences` shows the first rules as they were understood, `repeating` counts them all.
 */
export const Imported = Type.Object({
  created: Type.Integer({ minimum: 0 }),
  updated: Type.Integer({ minimum: 0 }),
  skipped: Type.Integer({ minimum: 0 }),
  source: Type.Unsafe<ImportSource>(Type.Union(importSources.map((name) => Type.Literal(name)))),
  dry_run: Type.Boolean(),
  batch_id: Nullable(Uuid),
  lost: Type.Array(Lost),
  repeating: Type.Integer({ minimum: 0 }),
  recurrences: Type.Array(Translated),
});
export type Imported = Static<typeof Imported>;
