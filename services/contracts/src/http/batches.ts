import { type Static, Type } from "@sinclair/typebox";
import { Nullable, ProblemSchema, Strict, Uuid } from "./shared.ts";
import { TaskPatch } from "./tasks.ts";

export const maxBatchTasks = 500;

export const batchActions = ["complete", "incomplete", "delete", "restore", "patch"] as const;
export type BatchAction = (typeof batchActions)[number];

/** One thing to do to many tasks. `patch` goes with the action of that name, and with no other. An id that is no task's is 404 for itself. */
export const TaskBatch = Type.Object(
  {
    ids: Type.Array(Type.String({ minLength: 1, maxLength: 64, pattern: "^[!-~]+$" }), {
      minItems: 1,
      maxItems: maxBatchTasks,
    }),
    action: Type.Unsafe<BatchAction>(Type.Union(batchActions.map((name) => Type.Literal(name)))),
    patch: Type.Optional(TaskPatch),
  },
  Strict,
);
export type TaskBatch = Static<typeof TaskBatch>;

/** What became of each task, in the order of the ids: the status it would have had alone, and why where that is no success. */
export const BatchDone = Type.Object({
  batch_id: Uuid,
  results: Type.Array(
    Type.Object({ id: Type.String(), status: Type.Integer(), problem: Type.Optional(Type.Omit(ProblemSchema, [])) }),
  ),
});
export type BatchDone = Static<typeof BatchDone>;

/**
 * Why something is not taken back. `changed`: it was changed since. `trashed`: the task is in the trash. `gone`: the task, or a tag it wore,
 * is gone for good. `completed`: the task was completed since, and what followed counts from its date. `taken`: another tag has the name.
 * `consequence`: it came of another change, and goes with that. `full`: there is no room for it.
 */
export const keptReasons = ["changed", "trashed", "gone", "completed", "taken", "consequence", "full"] as const;
export type KeptReason = (typeof keptReasons)[number];

const subject = {
  task_id: Nullable(Uuid),
  tag_id: Nullable(Uuid),
  title: Nullable(Type.String({ description: "the task's title or the tag's name, as it is now" })),
};

/** What was taken back, per task or tag, and what was not. An undoing is a batch itself: undo its `batch_id` to redo. */
export const Undone = Type.Object({
  batch_id: Uuid,
  undone: Type.Array(Type.Object({ ...subject, fields: Type.Array(Type.String()) })),
  kept: Type.Array(
    Type.Object({
      ...subject,
      field: Nullable(Type.String()),
      reason: Type.Unsafe<KeptReason>(Type.Union(keptReasons.map((name) => Type.Literal(name)))),
    }),
  ),
});
export type Undone = Static<typeof Undone>;
