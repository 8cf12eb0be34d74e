import { type Static, Type } from "@sinclair/typebox";
import { EventData } from "../event.ts";
import { Instant, Nullable } from "../http/shared.ts";
import { Task } from "../http/tasks.ts";

/**
 * The position of a recurring task in its series: the first date, this occurrence's unmoved date, and
 * the skipped dates. `ordinal`, where dates are counted from completions, is how many of COUNT's
 * dates are used, this one included.
 */
export const SeriesPosition = Type.Object({
  start: Nullable(Instant),
  occurrence_at: Nullable(Instant),
  excluded_dates: Type.Array(Instant),
  ordinal: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
});
export type SeriesPosition = Static<typeof SeriesPosition>;

/**
 * `task.*`, `occurrence.generated` and `series.ended`, version 1: the whole task after the change, so
 * that consumers need no lookup. `series` is there for recurring tasks. The last two refer to the
 * task whose completion led to them.
 */
export const TaskEvent = Type.Object({
  ...EventData.properties,
  task_data: Task,
  series: Type.Optional(SeriesPosition),
});
export type TaskEvent = Static<typeof TaskEvent>;
