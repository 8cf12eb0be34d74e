import { type Static, Type } from "@sinclair/typebox";
import { SeriesPosition } from "../events/task.v1.ts";
import { InstantInput, limit, Nullable, Page, Strict, Uuid } from "./shared.ts";
import { Task } from "./tasks.ts";

/**
 * A completed recurring task and its position in the series, as `task.completed` carries it:
 * everything needed to compute the next date.
 */
export const Completion = Type.Object({
  task: Type.Pick(Task, [
    "id",
    "user_id",
    "version",
    "completed_at",
    "time_zone",
    "all_day",
    "recurring_pattern",
    "recurrence",
  ]),
  series: SeriesPosition,
});
export type Completion = Static<typeof Completion>;

/**
 * `PUT /internal/tasks/{id}` (recurring → api): the successor of a completed task. `{id}` is derived
 * from the completed task's id, so the call is idempotent. `parent_version` is the version of the
 * completed task that the date was computed for, `zone_release` the zone rules used: if api has
 * others, its own engine computes the date.
 */
export const PutOccurrence = Type.Object(
  {
    user_id: Uuid,
    parent_task_id: Uuid,
    parent_version: Type.Integer({ minimum: 1 }),
    due_date: InstantInput,
    ordinal: Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
    zone_release: Type.Optional(Type.String({ maxLength: 16 })),
  },
  Strict,
);
export type PutOccurrence = Static<typeof PutOccurrence>;

/** `POST /internal/series/end` (recurring → api): the series has no date after this completed task. */
export const EndSeries = Type.Object({ user_id: Uuid, task_id: Uuid, version: Type.Integer({ minimum: 1 }) }, Strict);
export type EndSeries = Static<typeof EndSeries>;

/**
 * The result. `made` (201) and `ended`: now. `settled`: before, or by another caller. `idle`: no
 * successor is needed any more (reopened, deleted, no longer recurring, gone). `changed`: the
 * completed task has changed; `completion` is its current state.
 */
export const Settlement = Type.Object({
  outcome: Type.Union(["made", "ended", "settled", "idle", "changed"].map((name) => Type.Literal(name))),
  completion: Nullable(Completion),
});
export type Settlement = {
  outcome: "made" | "ended" | "settled" | "idle" | "changed";
  completion: Completion | null;
};

/**
 * `GET /internal/occurrences/missing` (recurring → api): completions without a successor, oldest
 * first, of all users.
 */
export const MissingQuery = Type.Object({
  limit: limit(50),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
});
export type MissingQuery = Static<typeof MissingQuery>;
export const MissingPage = Page(Completion);
export type MissingPage = Static<typeof MissingPage>;
