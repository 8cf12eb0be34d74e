import type { Task } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { quote } from "../door/flash.ts";
import { field, localPath } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { atItsPlace, settle } from "../repeat/index.ts";
import { inSentence } from "../time.ts";
import { fieldErrors } from "../ui/field-errors.ts";
import { nextOf } from "./next-of-task.ts";
import {
  fieldLabels,
  formOfTask,
  mergeForms,
  movesLater,
  patchOf,
  readOriginal,
  readTaskForm,
  type TaskForm,
} from "./task-form.ts";
import { taskPage } from "./task-page.tsx";

/** api's field → this form's field and its name in messages. */
export const taskPlaces = {
  title: { field: "title", label: "The title" },
  description: { field: "description", label: "The description" },
  due_date: { field: "due_day", label: "The due date" },
  all_day: { field: "due_day", label: "All day" },
  time_zone: { field: "time_zone", label: "The time zone" },
  priority: { field: "priority", label: "The priority" },
  tags: { field: "tags", label: "The list of tags", each: "Each tag" },
  recurring_pattern: { field: "recurring_pattern", label: "The repetition" },
  recurrence_anchor: { field: "recurrence_anchor", label: fieldLabels.recurrence_anchor },
  recurrence_ends_at: { field: "recurrence_ends_day", label: "The last date" },
};

/**
 * `POST /tasks/{id}`: saves the changes since the form was rendered, and only if no other window saved
 * in between; otherwise the form comes back with both.
 */
export async function updateTask(visit: Visit): Promise<Response> {
  const id = visit.params.id ?? "";
  const sent = readTaskForm(visit.form);
  const version = Number(field(visit.form, "version"));
  const original = readOriginal(field(visit.form, "was"));
  if (original === null || !Number.isInteger(version))
    throw new Problem("malformed", "This form is incomplete. Open the task again.");
  const typed = settle(original, sent);
  const result = patchOf(original, typed);
  if ("errors" in result) return comeBack(visit, id, { original, typed, version, errors: result.errors });
  const following = movesLater(typed);
  if (Object.keys(result.patch).length === 0 && !following) {
    return saved(visit, id, "Nothing was changed.");
  }
  try {
    const task = await visit.api.patchTask(id, result.patch, { version, following });
    return saved(visit, id, following ? await movedWords(visit, task) : `Saved ${quote(task.title)}.`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "stale") return comeBack(visit, id, { original, typed, version, errors: {} });
    if (error.code === "invalid" || error.code === "conflict")
      return comeBack(visit, id, {
        original,
        typed,
        version,
        errors: atItsPlace(fieldErrors(error, taskPlaces), typed.repeat),
      });
    throw error;
  }
}

/** `Saved “Standup” and all later dates. Next: tomorrow, 10:00.` */
async function movedWords(visit: Visit, task: Task): Promise<string> {
  const said = `Saved ${quote(task.title)} and all later dates.`;
  const next = await nextOf(visit, task, formOfTask(task));
  const first = next !== null && "dates" in next ? next.dates[0] : undefined;
  return first ? `${said} Next: ${inSentence(first.words)}.` : said;
}

function saved(visit: Visit, id: string, text: string): Response {
  return seeOtherWith(localPath(visit.url.searchParams.get("back"), `/tasks/${id}`), { text }, visit);
}

type Sent = { original: TaskForm; typed: TaskForm; version: number; errors: Record<string, string | undefined> };

/** The form again, on top of the current task: with messages, and with changes saved since it was rendered. */
async function comeBack(visit: Visit, id: string, { original, typed, version, errors }: Sent): Promise<Response> {
  const task = await visit.api.getTask(id);
  const stale = task.version !== version;
  const { merged, theirs } = mergeForms(original, typed, formOfTask(task));
  const wrong = Object.keys(errors).length > 0;
  const returned = { typed: merged, errors, theirs: stale ? theirs : [], status: wrong ? 422 : 412 };
  return taskPage(visit, task, { returned });
}
