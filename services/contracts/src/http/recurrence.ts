import { type Static, Type } from "@sinclair/typebox";
import { Instant, InstantInput, Strict, TimeZone } from "./shared.ts";
import { Anchor } from "./tasks.ts";
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

/** The dates strictly after the first, fewer at the series' end; `note` says why one is not where one would expect it. */
export const RecurrencePreview = Type.Object({
  rrule: Type.String({ examples: ["FREQ=MONTHLY;BYDAY=-1FR"] }),
  text: Type.String({ examples: ["every month on the last Friday"] }),
  occurrences: Type.Array(Type.Object({ due_date: Instant, note: Type.Optional(Type.String()) })),
});
export type RecurrencePreview = Static<typeof RecurrencePreview>;
