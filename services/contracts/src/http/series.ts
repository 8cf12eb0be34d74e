import { type Static, Type } from "@sinclair/typebox";
import { Instant, InstantInput, Nullable, Strict, Uuid } from "./shared.ts";

/** Which series pause, and when: from an instant (included) to another (excluded). */
export const PauseSeries = Type.Object(
  {
    series_ids: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: 500 })),
    all: Type.Optional(Type.Literal(true)),
    from: InstantInput,
    until: InstantInput,
  },
  Strict,
);
export type PauseSeries = Static<typeof PauseSeries>;

export const PauseQuery = Type.Object({
  dry_run: Type.Optional(Type.Boolean({ description: "true: only report what would happen" })),
});

/** An open task of a paused series: its date before and after, and the dates that are removed. */
const PausedTask = Type.Object({
  task_id: Uuid,
  series_id: Nullable(Uuid),
  title: Type.String(),
  due_date: Nullable(Instant),
  next_due_date: Nullable(Instant),
  skipped_dates: Type.Array(Instant),
});

/** `kept`: open tasks in the pause that have no later date to move to. `batch_id` undoes all of it; null for a preview. */
export const PausedSeries = Type.Object({
  dry_run: Type.Boolean(),
  batch_id: Nullable(Uuid),
  paused: Type.Array(PausedTask),
  kept: Type.Array(
    Type.Object({ task_id: Uuid, series_id: Nullable(Uuid), title: Type.String(), due_date: Nullable(Instant) }),
  ),
});
export type PausedSeries = Static<typeof PausedSeries>;
