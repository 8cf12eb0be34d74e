import { maxBatchTasks } from "@carillon/contracts/http/batches";
import { priorities, type Task } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../api.ts";
import type { Flash } from "../door/flash.ts";
import { field, localPath } from "../door/form.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { priorityLabels } from "../ui/badges.tsx";
import { FieldError } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { answerMany } from "./answer-act.tsx";
import { type Change, changeMany, overdueTasks, tasksWords } from "./change-many.ts";
import { DateChoices } from "./date-choices.tsx";
import { datePatch, wishOf, wishWords, wrongDate } from "./wish.ts";

const backOf = (visit: Visit): string => localPath(visit.url.searchParams.get("back"), "/today");

/** `POST /tasks/many`: `verb` (complete, incomplete, delete, restore, date, priority) for all `ids`; one message, one way back. */
export async function actOnMany(visit: Visit): Promise<Response> {
  const ids = [...new Set(visit.form.getAll("ids"))].slice(0, maxBatchTasks);
  if (ids.length === 0) return answerMany(visit, { back: backOf(visit), flash: { text: "No task was selected." } });
  const verb = field(visit.form, "verb");
  switch (verb) {
    case "complete":
    case "incomplete":
    case "delete":
    case "restore":
      return finish(
        visit,
        ids.map((id) => ({ id, action: verb })),
        done[verb],
      );
    case "priority":
      return setPriorities(visit, ids);
    case "date":
      return moveAll(visit, await tasksOf(visit, ids));
    default:
      throw new Problem("invalid", "That cannot be done to many tasks.");
  }
}

const done = { complete: "completed", incomplete: "reopened", delete: "deleted", restore: "restored" };

async function setPriorities(visit: Visit, ids: readonly string[]): Promise<Response> {
  const priority = priorities.find((level) => level === field(visit.form, "priority"));
  if (!priority) throw new Problem("invalid", "That is no priority.");
  const changes = ids.map((id) => ({ id, action: "patch" as const, patch: { priority } }));
  return finish(visit, changes, `${priorityLabels[priority].toLowerCase()} priority`);
}

async function tasksOf({ api }: Visit, ids: readonly string[]): Promise<Task[]> {
  const found = await Promise.all(ids.map((id) => api.getTask(id).catch(nullWhenGone)));
  return found.filter((task) => task !== null);
}

async function moveAll(visit: Visit, tasks: readonly Task[]): Promise<Response> {
  const wish = await wishOf(visit);
  if (wish === null) {
    if (visit.part === "act") throw new Problem("invalid", wrongDate);
    return overduePage(visit, wrongDate);
  }
  const zone = visit.user.time_zone;
  const changes = tasks.map((task) => ({ id: task.id, action: "patch" as const, patch: datePatch(task, wish, zone) }));
  return finish(visit, changes, wishWords(wish, visit));
}

async function finish(visit: Visit, changes: readonly Change[], words: string): Promise<Response> {
  const back = backOf(visit);
  const { done: count, failed, undo } = await changeMany(visit, changes, back);
  const rest = failed === 0 ? "" : ` ${tasksWords(failed)} could not be changed.`;
  const flash: Flash = {
    text: `${tasksWords(count)}: ${words}.${rest}`,
    ...(undo === null ? {} : { undo: { action: undo, label: "Undo" } }),
  };
  return answerMany(visit, { back, flash });
}

/** `POST /tasks/undo?batch=…`: takes back what changed together, as far as nothing of it was changed since; the rest is named. */
export async function undoMany(visit: Visit): Promise<Response> {
  const batches = visit.url.searchParams.getAll("batch").slice(0, maxBatchTasks);
  let undone = 0;
  const kept = new Set<string>();
  for (const batch of batches.toReversed()) {
    const answer = await visit.api.undoBatch(batch);
    // A tag that came with the tasks goes with them and is not counted.
    undone += answer.undone.filter(({ task_id }) => task_id !== null).length;
    for (const { title } of answer.kept) kept.add(title ?? "a task that is gone");
  }
  const [first] = kept;
  const rest =
    kept.size === 0
      ? ""
      : ` ${tasksWords(kept.size)} changed since and stay as they are: “${first}”${kept.size > 1 ? " and others" : ""}.`;
  return answerMany(visit, { back: backOf(visit), flash: { text: `Took back ${tasksWords(undone)}.${rest}` } });
}

/** `GET /overdue/date`: another day for all overdue tasks, as a page. */
export const showOverdueDate = async (visit: Visit): Promise<Response> => overduePage(visit);

/** `POST /overdue/date`. */
export const setOverdueDate = async (visit: Visit): Promise<Response> => moveAll(visit, await overdueTasks(visit));

async function overduePage(visit: Visit, error?: string): Promise<Response> {
  const back = backOf(visit);
  const { overdue } = await visit.counts();
  return show(visit, {
    title: "Reschedule overdue tasks",
    place: "today",
    main: (
      <div class="column">
        <header class="page-head">
          <a class="page-back" href={back}>
            <Icon name="back" />
            Back to the list
          </a>
          <h1 safe>{`Reschedule ${tasksWords(overdue)}`}</h1>
          <p class="page-lead">Each keeps its time of day.</p>
        </header>
        <form class="panel date-form" method="post" action={`/overdue/date?${new URLSearchParams({ back })}`}>
          <FieldError id="date-words" error={error} />
          <DateChoices visit={visit} />
        </form>
      </div>
    ),
    status: error ? 422 : 200,
  });
}
