import { type Static, Type } from "@sinclair/typebox";
import { SeriesPosition } from "../events/task.v1.ts";
import { InstantInput, limit, Nullable, Page, Strict, Uuid } from "./shared.ts";
import { Task } from "./tasks.ts";

/** A completed recurring task and where it stands in its series, as `task.completed` tells it: all it takes to find the date after it. */
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
 * `PUT /internal/tasks/{id}` (recurring → api): the task that follows a completed one. `{id}` is derived from the completed task's id, so
 * asking twice is asking once. `parent_version` is the version of the completed task that the date was found for, `zone_release` the zone
 * rules it was found by: where api has others, its own engine finds the date.
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
 * What became of it. `made` (201) and `ended`: now. `settled`: before, or by somebody else. `idle`: nothing asks for a successor any more
 * (reopened, deleted, no longer recurring, gone). `changed`: the completed task is not what it was; `completion` is how it is now.
 */
export const Settlement = Type.Object({
  outcome: Type.Union(["made", "ended", "settled", "idle", "changed"].map((name) => Type.Literal(name))),
  completion: Nullable(Completion),
});
export type Settlement = {
  outcome: "made" | "ended" | "settled" | "idle" | "changed";
  completion: Completion | null;
};

/** `GET /internal/occurrences/missing` (recurring → api): completions that nothing has followed yet, oldest first, of all users. */
export const MissingQuery = Type.Object({
  limit: limit(50),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
});
export type MissingQuery = Static<typeof MissingQuery>;
export const MissingPage = Page(Completion);
export type MissingPage = Static<typeof MissingPage>;
