import { type Static, Type } from "@sinclair/typebox";
import { Cursor, Instant, InstantInput, Nullable, Page, Strict, TimeZone, Uuid } from "./shared.ts";
import { Anchor, Priority } from "./tasks.ts";
import { Text } from "./text.ts";

/** What to preview: a pattern as a task takes it, and the series' first date. */
export const PreviewRecurrence = Type.Object(
  {
    recurring_pattern: Text({ min: 1, max: 255, examples: ["FREQ=MONTHLY;BYDAY=-1FR"] }),
    due_date: InstantInput,
    time_zone: TimeZone,
    anchor: Type.Optional(Anchor),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 5 })),
  },
  Strict,
);
export type PreviewRecurrence = Static<typeof PreviewRecurrence>;

/**
 * The dates strictly after the first, fewer at the series' end; `note` explains a date that differs
 * from the expected one.
 */
export const RecurrencePreview = Type.Object({
  rrule: Type.String({ examples: ["FREQ=MONTHLY;BYDAY=-1FR"] }),
  text: Type.String({ examples: ["every month on the last Friday"] }),
  occurrences: Type.Array(Type.Object({ due_date: Instant, note: Type.Optional(Type.String()) })),
});
export type RecurrencePreview = Static<typeof RecurrencePreview>;

export const ListOccurrences = Type.Object({
  from: InstantInput,
  to: InstantInput,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 500 })),
  cursor: Type.Optional(Cursor),
});
export type ListOccurrences = Static<typeof ListOccurrences>;

/** A future date of a repeating task; not yet a task of its own. */
export const Occurrence = Type.Object({
  task_id: Uuid,
  series_id: Nullable(Uuid),
  title: Type.String(),
  priority: Priority,
  due_date: Instant,
  time_zone: Type.String(),
  all_day: Type.Boolean(),
});
export type Occurrence = Static<typeof Occurrence>;

export const OccurrencePage = Page(Occurrence);
export type OccurrencePage = Static<typeof OccurrencePage>;
