import { type Static, Type } from "@sinclair/typebox";
import { EventData } from "../event.ts";
import { Instant, Nullable } from "../http/shared.ts";
import { Task } from "../http/tasks.ts";

/**
 * `task.*`, `occurrence.generated` and `series.ended`, version 1: the whole task after the change, so that no consumer has to ask.
 * `series` is there for recurring tasks: where the series began, this occurrence's unmoved date, and the dates skipped.
 */
export const TaskEvent = Type.Object({
  ...EventData.properties,
  task_data: Task,
  series: Type.Optional(
    Type.Object({ start: Nullable(Instant), occurrence_at: Nullable(Instant), excluded_dates: Type.Array(Instant) }),
  ),
});
export type TaskEvent = Static<typeof TaskEvent>;
