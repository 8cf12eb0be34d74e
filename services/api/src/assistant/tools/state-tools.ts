import { dateAfterCompletion } from "@carillon/calendar/recurrence";
import { Strict } from "@carillon/contracts/http/shared";
import { type Static, Type } from "@sinclair/typebox";
import type { Change } from "../../change/change.ts";
import { completeTask, deleteTask, positionOf, reopenTask, restoreTask, type TaskState } from "../../tasks/index.ts";
import { type Speaking, spokenText } from "./local-time.ts";
import { consent, dryRun, ids } from "./make-tools.ts";
import { type Asking, defineTool, WriteAnswer } from "./tool.ts";
import { named, type Verb, wordsIn } from "./words.ts";
import { onEach, stateNow, unconditional, type Write, write } from "./write.ts";

const Several = Type.Object({ ids, dry_run: dryRun, consent }, Strict);
type Several = Static<typeof Several>;

type Act = (change: Change, id: string) => Promise<TaskState>;

type More = Omit<Write, "work"> & {
  notesOf?: (states: readonly TaskState[], now: Date, reader: Speaking) => string[];
};

const each = (asking: Asking, input: Several, verb: Verb, act: Act, { notesOf, ...more }: More) =>
  write(asking, input, {
    ...more,
    work: async (change) => {
      const { reader } = asking;
      const states = await onEach(input.ids, (id) => act(change, id));
      const notes = notesOf?.(states, change.now, reader) ?? [];
      return { verb, what: named(states, reader.language), notes, states };
    },
  });

export const completeTaskTool = defineTool({
  name: "complete_task",
  title: "Complete tasks",
  kind: "write",
  description:
    "Marks tasks as done. A repeating one is followed by its next date within seconds, as a task of its own.",
  input: Several,
  output: WriteAnswer,
  run: async (asking, input) =>
    each(asking, input, "complete", (change, id) => completeTask(change, id, unconditional), {
      tool: "complete_task",
      notesOf: whatFollows,
    }),
});

/** What will follow each completion of a repeating task. */
const whatFollows = (states: readonly TaskState[], now: Date, reader: Speaking): string[] =>
  states.flatMap(({ row }) => {
    const words = wordsIn(reader.language);
    const position = positionOf(row);
    if (position === null) return [];
    const next = dateAfterCompletion(position, row.completed_at ?? now);
    if (next.kind === "ended") return [words.last(row.title)];
    const at = spokenText(next.at, { timeZone: row.time_zone, allDay: row.all_day }, reader);
    return [words.next(row.title, `${at} (${row.time_zone})`)];
  });

export const reopenTaskTool = defineTool({
  name: "reopen_task",
  title: "Reopen tasks",
  kind: "write",
  description: "Takes completions back. What had followed a repeating task goes again, if it was not changed since.",
  input: Several,
  output: WriteAnswer,
  run: async (asking, input) =>
    each(asking, input, "reopen", (change, id) => reopenTask(change, id, unconditional), {
      tool: "reopen_task",
    }),
});

export const restoreTaskTool = defineTool({
  name: "restore_task",
  title: "Take tasks out of the trash",
  kind: "write",
  description: "Brings deleted tasks back, for 30 days after they were deleted.",
  input: Several,
  output: WriteAnswer,
  run: async (asking, input) =>
    each(asking, input, "restore", (change, id) => restoreTask(change, id, unconditional), {
      tool: "restore_task",
    }),
});

export const deleteTaskTool = defineTool({
  name: "delete_task",
  title: "Move tasks to the trash",
  kind: "removal",
  description:
    "Moves tasks to the trash, for 30 days. Always asks for consent first. To finish a task take complete_task.",
  input: Several,
  output: WriteAnswer,
  run: async (asking, input) => each(asking, input, "delete", deleteAndShow, { tool: "delete_task", isRemoval: true }),
});

async function deleteAndShow(change: Change, id: string): Promise<TaskState> {
  await deleteTask(change, id, unconditional);
  return stateNow(change, id);
}
